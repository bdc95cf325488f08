# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two clicks are one mail, and another mail in the same form is another one."""

import re
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from plein.core.isolation import no_workspace
from plein.outbox.models import Mail
from plein.outbox.tests.conftest import ADDRESS, write
from plein.relations.actions import add_contact_point, forbid_contact
from plein.relations.models import Relation
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def letter_of(client: Client, henk: Relation) -> dict[str, str]:
    """The form of a new mail, filled in."""
    with no_workspace("test"):
        page = client.get(f"/relations/{henk.id}/mail/").text
    found = re.search(r'name="mail" value="([^"]+)"', page)
    assert found is not None
    return {"mail": found[1], "to": ADDRESS, "subject": "Offerte", "text": "Dag Henk"}


def send(client: Client, henk: Relation, sent: dict[str, str]) -> int:
    with no_workspace("test"):
        return client.post(f"/relations/{henk.id}/mail/", sent).status_code


def send_in_a_thread(client: Client, henk: Relation, sent: dict[str, str]) -> int:
    try:
        return send(client, henk, sent)
    finally:
        connection.close()


def mails_of(user: User) -> list[UUID]:
    with entered(user):
        return list(Mail.objects.exclude(state="draft").values_list("id", flat=True))


def test_a_second_click_sends_no_second_mail(alice: User, henk: Relation, signed_in: SignIn) -> None:
    client = signed_in(alice)
    sent = letter_of(client, henk)

    assert [send(client, henk, sent), send(client, henk, sent)] == [302, 302]
    assert mails_of(alice) == [UUID(sent["mail"])]


@pytest.mark.parametrize("more", [{}, {"send_at": "2030-01-01T10:00"}])
def test_another_mail_from_the_same_form_is_not_taken_for_the_one_before(
    alice: User, henk: Relation, signed_in: SignIn, more: dict[str, str]
) -> None:
    client = signed_in(alice)
    sent = letter_of(client, henk)
    send(client, henk, sent)

    send(client, henk, {**sent, "text": "Nog iets", **more})

    with entered(alice):
        assert {one.text for one in Mail.objects.all()} >= {"Dag Henk"}
    assert len(mails_of(alice)) == (1 if more else 2)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_are_one_mail(alice: User, henk: Relation, signed_in: SignIn) -> None:
    clients = [signed_in(alice) for _one in range(3)]
    sent = letter_of(clients[0], henk)

    with ThreadPoolExecutor(3) as pool:
        statuses = list(pool.map(lambda client: send_in_a_thread(client, henk, sent), clients))

    assert statuses == [302, 302, 302]
    assert mails_of(alice) == [UUID(sent["mail"])]


def test_the_id_of_somebody_elses_mail_is_worth_nothing(
    alice: User, bob: User, henk: Relation, signed_in: SignIn
) -> None:
    theirs = write(alice, henk)
    client = signed_in(bob)
    sent = letter_of(client, henk) | {"mail": str(theirs.id)}

    assert send(client, henk, sent) == 422

    with entered(alice):
        kept = Mail.objects.get()
    assert (kept.id, kept.state, kept.text, kept.seat_id) == (theirs.id, "draft", theirs.text, theirs.seat_id)
    assert mails_of(bob) == []


@pytest.mark.parametrize(
    "typed", ["ren\u00e9@vandijk.example", "rene\u0301@vandijk.example", "RENE\u0301@vandijk.example"]
)
def test_an_accent_written_otherwise_is_the_same_address_to_who_is_not_to_be_contacted(
    alice: User, henk: Relation, signed_in: SignIn, typed: str
) -> None:
    with entered(alice) as actor:
        add_contact_point(actor=actor, relation=henk, text=unicodedata.normalize("NFD", "ren\u00e9@vandijk.example"))
        forbid_contact(actor=actor, relation=henk, reason="asked us")
    client = signed_in(alice)

    assert send(client, henk, letter_of(client, henk) | {"to": typed}) == 422
    assert mails_of(alice) == []
