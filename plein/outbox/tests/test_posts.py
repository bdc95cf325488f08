# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is said on networks: an answer where it was heard, or a post; said once, and on the timeline once."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from plein.channels.actions import HearingWishes, add_connection, look_into, set_connection
from plein.channels.connectors.mastodon.tests.fake import FakeMastodon, json_answer
from plein.channels.models import Connection
from plein.moments.actions import begin_hearing
from plein.moments.hearing.tests.test_visiting import visit
from plein.moments.models import Gives, Moment, MomentSource, Participant
from plein.outbox import actions
from plein.outbox.actions import Said
from plein.outbox.models import Mail
from plein.outbox.queries import post_answer_to
from plein.outbox.refusals import CannotSend
from plein.outbox.tests.conftest import send, ten_seconds_later, work
from plein.relations.actions import add_contact_point, forbid_contact
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.testing.peers import Answer, Peer, Request, running
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True)
type SignIn = Callable[[User], Client]
PRIVATE, PUBLIC = "https://far.example/500", "https://far.example/3"


class Server(FakeMastodon):
    """One private message, two public posts; `loses` answers get lost on their way back."""

    def __init__(self) -> None:
        super().__init__()
        self.home, self.notifications, self.followers = self.home[3:5], self.notifications[:1], []
        self.loses = 0

    def __call__(self, request: Request) -> Answer:
        if request.path == "/api/v1/accounts/0/statuses":
            return json_answer([])
        answer = super().__call__(request)
        if request.method == "POST" and self.loses:
            self.loses -= 1
            return json_answer({}, 500)
        return answer


@pytest.fixture
def toot() -> Server:
    return Server()


@pytest.fixture
def peer(toot: Server) -> Iterator[Peer]:
    with running(toot) as found:
        yield found


@pytest.fixture
def account(alice: User, peer: Peer) -> Connection:
    """The account of Alice, after its first visit; who sees it sees all of it."""
    settings = {"server": peer.url, "token": "token", "home": True}
    with entered(alice) as actor:
        made = add_connection(actor=actor, connector="mastodon", name="Toot", settings=settings, is_inside=True)
        look_into(actor=actor, connection=made)
        wishes = HearingWishes(policy="everyone", circle="everyone")
        begin_hearing(actor=actor, connection=made, wishes=wishes, gives=Gives.EVERYTHING)
    return visit(alice, made)


def moment_of(user: User, external_id: str) -> Moment:
    with entered(user):
        return Moment.objects.get(sources__external_id=external_id)


def written(user: User, account: Connection, answers: Moment | None = None, text: str = "Thank you") -> Mail:
    """What somebody wrote to say, not said yet."""
    with entered(user) as actor:
        said: dict[str, Any] = {"circle": "everyone"}
        if answers is not None:
            found = post_answer_to(answers.id, actor.seat_id)
            assert found is not None
            said |= {"to": found.to, "is_public": found.is_public, "answers_id": answers.id}
            said["answered"] = {one.id: known for one, known in found.accounts}[account.id]
        return actions.keep_post(actor=actor, said=Said(account, text, **said))


def test_an_answer_is_written_on_the_page_said_once_and_heard_back_as_the_same(
    alice: User, account: Connection, toot: Server, signed_in: SignIn
) -> None:
    moment = moment_of(alice, PUBLIC)
    client = signed_in(alice)
    assert f"/moments/{moment.id}/reply/" in client.get(f"/moments/{moment.id}/").text
    page = client.get(f"/moments/{moment.id}/reply/").text
    assert 'data-most="500"' in page and "Everybody can read this there" in page
    found = re.search(r'name="mail" value="([^"]+)"', page)
    assert found is not None
    form = {"mail": found[1], "account": str(account.id), "text": "Thank you", "circle": "everyone"}

    for _click in range(2):
        assert client.post(f"/moments/{moment.id}/reply/", form).status_code == 302
    with entered(alice):
        [mail] = Mail.objects.all()
    toot.loses = 1
    assert work(alice, mail).state == "waiting", "the first answer of the server was lost"
    said = work(alice, mail)

    assert (said.state, len(toot.said)) == ("sent", 1)
    [post] = toot.said.values()
    assert (post["form"]["in_reply_to_id"], post["form"]["visibility"]) == ("1003", "public")
    toot.home.append({**post, "content": "<p>@name4 Thank you</p>"})
    assert visit(alice, account).counts["duplicates"] == 1
    with entered(alice):
        answer = Moment.objects.get(sources__external_id=post["uri"], sources__mailbox="Plein")
        assert (answer.kind, answer.direction, answer.thread_id) == ("post", "outbound", moment.thread_id)
        assert MomentSource.objects.filter(external_id=post["uri"]).count() == 2
        assert Participant.objects.filter(moment=answer, role="to", contact_point__network="mastodon").count() == 1


def test_what_is_heard_before_we_know_that_it_was_said_is_on_the_timeline_once(
    alice: User, account: Connection, toot: Server
) -> None:
    mail = written(alice, account)
    send(alice, mail)
    ten_seconds_later(alice, mail)
    with entered(alice) as actor:
        underway = actions.begin_delivery(actor=actor, mail_id=mail.id)
        assert underway is not None and actions.mark_sending(actor=actor, underway=underway)
    posted = underway.hand_over(None)
    toot.home += toot.said.values()
    assert visit(alice, account).counts.get("duplicates", 0) == 0
    with entered(alice) as actor:
        actions.end_delivery(actor=actor, underway=underway, posted=posted)

    with entered(alice):
        assert Moment.objects.filter(direction="outbound").count() == 1
    assert visit(alice, account).counts["imported"] == 4, "three at first, and this one in between"


def test_a_worker_that_died_says_nothing_twice(alice: User, account: Connection, toot: Server) -> None:
    mail = written(alice, account, moment_of(alice, PRIVATE))
    send(alice, mail)
    ten_seconds_later(alice, mail)
    with entered(alice) as actor:
        underway = actions.begin_delivery(actor=actor, mail_id=mail.id)
        assert underway is not None and actions.mark_sending(actor=actor, underway=underway)
    underway.hand_over(None)

    assert work(alice, mail).state == "sent"
    [post] = toot.said.values()
    assert post["form"]["visibility"] == "direct", "a private message is answered privately"
    with entered(alice):
        assert Moment.objects.filter(direction="outbound", kind="chat").count() == 1


def test_colleagues_speak_only_where_the_owner_lets_them(cast: Cast, account: Connection, signed_in: SignIn) -> None:
    moment = moment_of(cast.bob, PUBLIC)
    client = signed_in(cast.bob)
    assert f"/moments/{moment.id}/reply/" not in client.get(f"/moments/{moment.id}/").text
    assert client.get(f"/connections/{account.id}/post/").status_code == 404
    refused = written(cast.bob, account)
    with entered(cast.bob) as actor, pytest.raises(CannotSend, match="may not speak"):
        actions.send_mail(actor=actor, mail=refused)

    with entered(cast.alice) as actor:
        set_connection(actor=actor, connection=account, settings={"colleagues": True}, name="")
    assert f"/moments/{moment.id}/reply/" in client.get(f"/moments/{moment.id}/").text
    send(cast.bob, refused)
    assert work(cast.bob, refused).state == "sent"


def test_too_long_and_whom_we_may_not_contact_is_refused_before_it_leaves(alice: User, account: Connection) -> None:
    with entered(alice) as actor, pytest.raises(CannotSend, match="501 characters long.*500"):
        actions.send_mail(actor=actor, mail=written(alice, account, text="x" * 501))
    answer = written(alice, account, moment_of(alice, PUBLIC))
    [[_name, handle]] = answer.to
    with entered(alice) as actor:
        person: Relation = make_person(given_name="Ann")
        add_contact_point(actor=actor, relation=person, text=handle, kind="handle", network="mastodon")
        forbid_contact(actor=actor, relation=person, reason="asked us")
        with pytest.raises(CannotSend, match="asked us"):
            actions.send_mail(actor=actor, mail=answer)
