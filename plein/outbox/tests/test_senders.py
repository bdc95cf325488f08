# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from email import message_from_bytes, policy

import pytest
from django.test import Client

from plein.channels.letters import Mailbox
from plein.core.isolation import no_workspace
from plein.core.operations import operation
from plein.outbox import actions
from plein.outbox.models import Identity
from plein.outbox.queries import senders_of
from plein.outbox.tests.conftest import send, work, write
from plein.relations.models import Relation
from plein.testing.mail_server import Box
from plein.trust.models import Seat, Team, TeamMember, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def wanted(**changes: object) -> dict[str, object]:
    return {"name": "Bob Smit", "address": "bob@plein.example", "signature": "Groet,\n**Bob**", "is_default": "on",
            **changes}  # fmt: skip


def test_ones_own_sender_signs_and_gets_the_answers(
    alice: User, bob: User, henk: Relation, box: Box, signed_in: SignIn
) -> None:
    assert signed_in(bob).post("/settings/identities/", wanted()).status_code == 302
    with entered(bob):
        identity = Identity.objects.get()
    mail = write(bob, henk, identity_id=identity.id)
    send(bob, mail)
    work(bob, mail)
    letter = message_from_bytes(box.kept[0].data, policy=policy.default)
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))

    assert letter["From"] == "Bob Smit <bob@plein.example>" and letter["Reply-To"] is None
    assert text is not None and html is not None
    assert text.get_content().replace("\r\n", "\n").endswith("-- \nGroet,\n**Bob**\n")
    assert "<strong>Bob</strong>" in html.get_content()


@pytest.mark.parametrize(
    ("address", "words"),
    [("bob@elders.example", "taken for forgery"), ("alice@plein.example", "You may send from bob@plein.example"),
     ("service@plein.example", "Ask an administrator"), ("bob", "not an e-mail address"),
     ("bob@plein.example\r\nBcc: x@y.nl", "not an e-mail address")],
)  # fmt: skip
def test_a_colleague_does_not_send_as_somebody_else(
    bob: User, box: Box, signed_in: SignIn, address: str, words: str
) -> None:
    answer = signed_in(bob).post("/settings/identities/", wanted(address=address))

    assert answer.status_code == 422 and words in answer.text
    with entered(bob):
        assert not Identity.objects.exists()


def test_an_administrator_gives_a_team_an_address(
    alice: User, bob: User, gina: User, henk: Relation, box: Box, signed_in: SignIn
) -> None:
    with entered(alice):
        team = Team.objects.get(name="Sales")
    shared = wanted(name="Service", address="service@plein.example", whose=f"team:{team.id}")
    assert signed_in(bob).post("/settings/identities/", shared).status_code == 422
    assert signed_in(alice).post("/settings/identities/", shared).status_code == 302

    with entered(bob) as actor:
        assert [str(one) for one in senders_of(actor)] == [
            "Bob <bob@plein.example>", "Service <service@plein.example>"
        ]  # fmt: skip
        identity = Identity.objects.get()
    with entered(alice) as actor:
        assert [str(one) for one in senders_of(actor)] == ["Alice <alice@plein.example>"]
    assert signed_in(bob).post(f"/settings/identities/{identity.id}/", wanted()).status_code == 404
    assert signed_in(gina).get("/settings/identities/").status_code == 403
    mail = write(bob, henk, identity_id=identity.id)
    send(bob, mail)
    with entered(bob), operation("change_team"):
        TeamMember.objects.filter(seat=Seat.objects.get(user=bob)).delete()
    refused = work(bob, mail)
    assert refused.state == "refused" and "may not be used any more" in refused.reason


def test_from_an_address_elsewhere_the_company_sends_and_answers_come_home(
    alice: User, henk: Relation, box: Box
) -> None:
    with no_workspace("test"):
        User.objects.filter(id=alice.id).update(email="alice@elders.example")
        alice.refresh_from_db()
    mail = write(alice, henk)
    send(alice, mail)
    work(alice, mail)
    letter = message_from_bytes(box.kept[0].data, policy=policy.default)

    assert letter["From"] == "Alice <plein@plein.example>"
    assert letter["Reply-To"] == "Alice <alice@elders.example>"


def test_blind_copies_are_on_the_envelope_only(alice: User, henk: Relation, box: Box) -> None:
    mail = write(alice, henk, bcc=(Mailbox("geheim@x.example"),))
    send(alice, mail)
    work(alice, mail)

    assert "geheim@x.example" in box.kept[0].receivers
    assert b"geheim" not in box.kept[0].data


def test_a_sender_is_removed_and_comes_back(bob: User, charlie: User, box: Box, signed_in: SignIn) -> None:
    client = signed_in(bob)
    client.post("/settings/identities/", wanted())
    with entered(bob):
        identity = Identity.objects.get()
    assert signed_in(charlie).post(f"/settings/identities/{identity.id}/remove/").status_code == 404
    client.post(f"/settings/identities/{identity.id}/", wanted(name="Robert"))
    client.post(f"/settings/identities/{identity.id}/remove/")
    with entered(bob) as actor:
        assert not Identity.objects.exists()
        assert [one.name for one in senders_of(actor)] == ["Bob"]
    assert actions.BACK_SECONDS == 10
