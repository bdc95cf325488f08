# SPDX-License-Identifier: AGPL-3.0-or-later
"""What colleagues get of an account that is listened to: chosen again later, for what is in and what comes."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.channels.actions import HearingWishes, add_connection, look_into
from plein.channels.models import Connection
from plein.core.models import Operation
from plein.core.operations import undo
from plein.moments.actions import begin_hearing
from plein.moments.hearing.visitor import Visitor
from plein.moments.intake.tests.mailboxes import Mail
from plein.moments.models import Gives, Moment, MomentSubject, MomentText
from plein.relations.models import Relation
from plein.testing.cast import Cast
from plein.testing.imap import Box, Post, imap_server
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["calling"]
ANS = "Ans Bos <ans@elders.example>"


class Account:
    """Alice's account: mails of Henk and one of Ans are there, and more may come."""

    def __init__(self, user: User, port: int, post: Post) -> None:
        self.user, self.post, self.number = user, post, 0
        for sender in (None, None, ANS):
            self.come(sender)
        settings = {"host": "127.0.0.1", "port": port, "security": "none", "user_name": "alice@plein.example",
                    "password": "secret"}  # fmt: skip
        with entered(user) as actor:
            made = add_connection(actor=actor, connector="imap", name="Mine", settings=settings, is_inside=True)
            look_into(actor=actor, connection=made)
            wishes = HearingWishes(policy="everyone", circle="everyone")
            self.connection: Connection = begin_hearing(
                actor=actor, connection=made, wishes=wishes, gives=Gives.EVERYTHING
            )
        self.visitor = Visitor(user, self.connection.workspace_id, self.connection.id)
        self.visitor.visit()

    def come(self, sender: str | None = None) -> None:
        self.number += 1
        more: dict[str, Any] = {"sender": sender} if sender else {}
        one = Mail(id=f"{self.number}@x", text=f"Text {self.number}", subject=f"Subject {self.number}", **more).lines()
        self.post.boxes["INBOX"].add(one.replace("\n", "\r\n").encode())

    def hear(self, sender: str | None = None) -> None:
        """Another mail comes, and is heard."""
        self.come(sender)
        Visitor(self.user, self.connection.workspace_id, self.connection.id).visit()


@pytest.fixture
def account(cast: Cast) -> Iterator[Account]:
    post = Post(boxes={"INBOX": Box()})
    with imap_server(post) as port:
        yield Account(cast.alice, port, post)


def seen_by(user: User) -> tuple[int, int, int]:
    """How many envelopes, subjects and texts somebody sees."""
    with entered(user):
        return Moment.objects.count(), MomentSubject.objects.count(), MomentText.objects.count()


def test_another_choice_holds_for_what_is_in_and_for_what_comes(
    cast: Cast, account: Account, signed_in: SignIn
) -> None:
    client, address = signed_in(cast.alice), f"/settings/connections/{account.connection.id}/sharing/"
    assert address in client.get(address.removesuffix("sharing/")).text
    assert seen_by(cast.bob) == (3, 3, 3)
    told = client.get(address, {"gives": "envelope", "circle": "everyone"}).text
    assert "<dt>Subjects</dt><dd>3</dd>" in told and seen_by(cast.bob) == (3, 3, 3)

    assert client.post(address, {"gives": "envelope", "circle": "everyone"}).status_code == 302
    account.hear()
    assert (seen_by(cast.bob), seen_by(cast.alice)) == ((4, 0, 0), (4, 4, 4))

    client.post(address, {"gives": "nothing", "circle": "everyone"})
    account.hear("Cor Vos <cor@elders.example>")
    assert (seen_by(cast.bob), seen_by(cast.alice)) == ((0, 0, 0), (5, 5, 5))
    with entered(cast.bob):
        assert not Relation.objects.filter(name__in=("Henk van Dijk", "Ans Bos", "Cor Vos")).exists()

    client.post(address, {"gives": "everything", "circle": "everyone"})
    assert seen_by(cast.bob) == (5, 5, 5)
    with entered(cast.alice):
        undo(Operation.objects.filter(verb="share_mail").latest("started_at").id)
    account.hear()
    assert (seen_by(cast.bob), seen_by(cast.alice)) == ((0, 0, 0), (6, 6, 6))


def test_an_exception_holds_for_the_mail_with_one_relation(cast: Cast, account: Account, calling: Calling) -> None:
    with entered(cast.alice):
        ans = Relation.objects.get(name="Ans Bos")
    caller, address = calling(cast.alice, "all"), f"/connections/{account.connection.id}/sharing"
    assert caller.get(address).json()["gives"] == "everything"
    told = caller.get(f"{address}/preview?gives=subject&circle=everyone").json()
    assert (told["moments"], told["subjects"], told["texts"]) == (0, 0, 3)
    exceptions = [{"relation": str(ans.id), "gives": "nothing"}]
    wanted = {"gives": "everything", "circle": "everyone", "exceptions": exceptions}
    assert caller.send("PUT", address, json=wanted).status_code == 204
    account.hear(ANS)
    account.hear()

    assert (seen_by(cast.bob), seen_by(cast.alice)) == ((3, 3, 3), (5, 5, 5))
    assert caller.get(address).json()["exceptions"] == exceptions


def test_what_is_listening_hears_of_another_choice(cast: Cast, account: Account, signed_in: SignIn) -> None:
    storing = account.visitor._storing
    assert storing is not None and storing.book.circle_id == account.connection.circle_id
    address = f"/settings/connections/{account.connection.id}/sharing/"
    signed_in(cast.alice).post(address, {"gives": "nothing", "circle": "everyone"})
    account.come()
    account.visitor.visit()

    assert (seen_by(cast.bob), seen_by(cast.alice)) == ((0, 0, 0), (4, 4, 4))


def test_only_its_owner_chooses(cast: Cast, account: Account, signed_in: SignIn, calling: Calling) -> None:
    address = f"/settings/connections/{account.connection.id}/sharing/"
    for user in (cast.bob, cast.charlie):
        assert signed_in(user).get(address).status_code == 404
        assert signed_in(user).post(address, {"gives": "everything", "circle": "me"}).status_code == 404
        assert calling(user, "all").get(f"/connections/{account.connection.id}/sharing").status_code == 404
    assert signed_in(cast.alice).post(address, {"gives": "all", "circle": "team:none"}).status_code == 422
    assert seen_by(cast.bob) == (3, 3, 3)
