# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterator

import pytest

from plein.channels.models import MailServer, SunkLetter
from plein.core.isolation import no_workspace
from plein.core.operations import operation
from plein.moments import actions as moments
from plein.moments.models import Moment
from plein.notifications import actions, tasks
from plein.notifications.tests.at_work import seat_id_of, unread, waiting, work
from plein.relations.models import Relation
from plein.testing.factories import make_person
from plein.testing.mail_server import Box, mail_server
from plein.trust.actions import change_seat
from plein.trust.models import Seat, User
from plein.trust.seats import entered

DIGEST = "notifications.digest"


@pytest.fixture
def henk(alice: User) -> Relation:
    with entered(alice):
        return make_person()


def note(alice: User, henk: Relation, text: str) -> Moment:
    with entered(alice) as actor:
        part = moments.Part(henk.id, "about")
        return moments.record_moment(actor=actor, kind="note", participants=[part], text=text)


def letters(user: User) -> list[SunkLetter]:
    with entered(user):
        return list(SunkLetter.objects.order_by("at", "id"))


def test_one_mail_gathers_what_was_not_read(alice: User, bob: User, henk: Relation) -> None:
    note(alice, henk, "Vraag @Bob naar <de prijs> & meer")
    with entered(alice) as actor:
        moments.create_todo(actor=actor, title="Offerte maken", assignee_id=seat_id_of(bob))
    work()
    assert len(waiting(DIGEST)) == 1
    work(DIGEST, twice=True)

    [mail] = letters(bob)
    assert mail.receivers == "Bob <bob@plein.example>"
    assert mail.subject == "2 things you have not read"
    assert "Alice names you in what was written about Henk van Dijk" in mail.text
    assert "Vraag @Bob naar <de prijs> & meer" in mail.text
    assert "Alice put something on your list" in mail.text and "Offerte maken" in mail.text
    assert "http://localhost:8000/moments/" in mail.text and "/settings/notifications/" in mail.text
    assert "Vraag @Bob naar &lt;de prijs&gt; &amp; meer" in mail.source.replace("=\n", "").replace("=3D", "=")
    assert "Auto-Submitted: auto-generated" in mail.source
    assert unread(bob) == 2


def test_one_thing_says_what_it_is_in_the_subject(alice: User, bob: User, henk: Relation) -> None:
    note(alice, henk, "Geheim van de smid, @Bob")
    work()
    work(DIGEST)

    [mail] = letters(bob)
    assert mail.subject == "Alice names you in what was written about Henk van Dijk"


def test_what_was_read_or_mailed_before_is_not_mailed(alice: User, bob: User, henk: Relation) -> None:
    note(alice, henk, "Eerste @Bob")
    work()
    work(DIGEST)
    note(alice, henk, "Tweede @Bob")
    work()
    with entered(bob) as actor:
        actions.mark_read(actor=actor)
    work(DIGEST)
    note(alice, henk, "Derde @Bob")
    work()
    work(DIGEST)

    first, second = letters(bob)
    assert "Eerste" in first.text and "Derde" in second.text
    assert "Eerste" not in second.text and "Tweede" not in second.text


def test_what_may_no_longer_be_seen_when_it_is_sent_is_left_out(alice: User, bob: User, henk: Relation) -> None:
    hidden = note(alice, henk, "Straks verborgen @Bob")
    note(alice, henk, "Open @Bob")
    work()
    with entered(alice) as actor:
        moments.change_moment_circle(actor=actor, moment=hidden, circle="me")
    work(DIGEST)

    [mail] = letters(bob)
    assert "Open @Bob" in mail.text
    assert "verborgen" not in mail.text + mail.subject + mail.source
    assert mail.subject.startswith("Alice names you")


@pytest.mark.parametrize("why", ["paused", "unwanted", "suspended", "removed"])
def test_no_mail_comes_when_there_is_nobody_or_nothing_to_tell(
    alice: User, bob: User, henk: Relation, why: str
) -> None:
    moment = note(alice, henk, "@Bob")
    work()
    with entered(bob) as actor:
        if why == "paused":
            actions.choose(actor=actor, is_paused=True)
        if why == "unwanted":
            actions.choose(actor=actor, grid={"mention": {"product": True}})
    with entered(alice) as actor:
        if why == "suspended":
            seat = Seat.objects.get(user=bob)
            change_seat(actor=actor, seat=seat, role=seat.role, is_active=False)
        if why == "removed":
            moments.delete_moment(actor=actor, moment=moment)
    work(DIGEST)

    assert letters(alice) == []


def test_the_mail_is_in_the_language_of_its_reader(alice: User, bob: User, henk: Relation) -> None:
    with no_workspace("test"):
        User.objects.filter(id=bob.id).update(language="nl")
    note(alice, henk, "@Bob")
    work()
    work(DIGEST)

    [mail] = letters(bob)
    assert 'lang="nl"' in mail.source.replace("=3D", "=")


@pytest.fixture
def server(alice: User) -> Iterator[Box]:
    """A mail server of the company's own."""
    with mail_server() as box:
        with entered(alice), operation("set_mail_server"):
            MailServer.objects.create(
                host="localhost", port=box.port, security="none", is_inside=True, sender="plein@noorderlicht.example"
            )
        yield box


def test_a_server_that_refuses_for_now_gets_the_mail_later(alice: User, bob: User, henk: Relation, server: Box) -> None:
    note(alice, henk, "@Bob")
    work()
    server.refusals["RCPT"] = "451 4.7.1 later"
    with pytest.raises(tasks.NotTaken):
        work(DIGEST)
    assert server.kept == []

    server.refusals.clear()
    work(DIGEST)
    assert [kept.receivers for kept in server.kept] == [["bob@plein.example"]]
    work(DIGEST)
    assert len(server.kept) == 1


@pytest.mark.parametrize("step", ["before_keeping", "after_keeping"])
def test_a_mail_of_which_nobody_knows_whether_it_was_taken_is_not_sent_twice(
    alice: User, bob: User, henk: Relation, server: Box, step: str
) -> None:
    note(alice, henk, "@Bob")
    work()
    server.dies_at = step
    work(DIGEST, twice=True)

    assert len(server.kept) == (step == "after_keeping")
