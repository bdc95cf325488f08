# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable

import pytest
from django.test import Client

from plein.core.models import Operation
from plein.relations import actions
from plein.relations.models import ContactPoint, ContactPointLink, Relation
from plein.relations.queries import listed_addresses
from plein.testing.factories import make_contact_point, make_person
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
ADDRESS = "henk@vandijk.example"


@pytest.fixture
def henk(alice: User) -> Relation:
    with entered(alice):
        person = make_person()
        make_contact_point(person, "email", ADDRESS)
        return person


def forbid(client: Client, henk: Relation) -> int:
    return client.post(f"/relations/{henk.id}/do-not-contact/", {"reason": "asked us on 3 March"}).status_code


def test_the_mark_stands_on_the_page_and_strikes_the_addresses(bob: User, henk: Relation, signed_in: SignIn) -> None:
    client = signed_in(bob)

    assert forbid(client, henk) == 302
    page = client.get(f"/relations/{henk.id}/").text

    assert "Do not contact, since" in page and "asked us on 3 March" in page
    assert f"<del>{ADDRESS}</del>" in page and f"mailto:{ADDRESS}" not in page


def test_it_needs_a_reason(bob: User, henk: Relation, signed_in: SignIn) -> None:
    answer = signed_in(bob).post(f"/relations/{henk.id}/do-not-contact/", {"reason": " "})

    assert answer.status_code == 422 and "Say why" in answer.text
    with entered(bob):
        assert not Relation.objects.get(id=henk.id).do_not_contact


def test_only_an_administrator_takes_it_away_and_that_can_be_undone(
    alice: User, bob: User, gina: User, charlie: User, henk: Relation, signed_in: SignIn
) -> None:
    address = f"/relations/{henk.id}/do-not-contact/"
    assert forbid(signed_in(gina), henk) == 403
    assert forbid(signed_in(charlie), henk) == 404
    forbid(signed_in(bob), henk)

    assert signed_in(bob).get(address).status_code == 403
    assert signed_in(bob).post(address).status_code == 403
    with entered(bob):
        forbidding = Operation.objects.get(verb="forbid_contact")
    assert signed_in(bob).post(f"/undo/{forbidding.id}/").status_code == 403
    assert signed_in(alice).post(address).status_code == 302
    with entered(alice):
        assert not Relation.objects.get(id=henk.id).do_not_contact
        allowing = Operation.objects.get(verb="allow_contact")
    signed_in(alice).post(f"/undo/{allowing.id}/")
    with entered(alice):
        marked = Relation.objects.get(id=henk.id)
        assert (marked.do_not_contact, marked.do_not_contact_reason) == (True, "asked us on 3 March")


def test_one_address_can_be_marked_alone(alice: User, bob: User, henk: Relation, signed_in: SignIn) -> None:
    with entered(alice):
        link = ContactPointLink.objects.get(relation=henk)
    address = f"/relations/{henk.id}/contact-points/{link.id}/do-not-contact/"
    client = signed_in(bob)

    assert "Do not use this address" in client.get(f"/relations/{henk.id}/contact-points/{link.id}/").text
    assert client.post(address, {"reason": "bounces"}).status_code == 302
    assert client.post(address).status_code == 403
    page = client.get(f"/relations/{henk.id}/").text
    assert f"<del>{ADDRESS}</del>" in page and "bounces" in page
    with entered(bob):
        assert (
            "is not to be used: bounces. If that is no longer so, ask Alice."
            in listed_addresses([ADDRESS])[ADDRESS].words
        )
    assert signed_in(alice).post(address).status_code == 302
    with entered(bob):
        assert listed_addresses([ADDRESS]) == {}


def test_the_list_counts_for_everybody_and_tells_strangers_to_the_circle_nothing(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        secret = actions.create_person(actor=actor, name="Geheim", circle_key="me")
        actions.add_contact_point(actor=actor, relation=secret, text="Geheim@Elders.Example")
        actions.forbid_contact(actor=actor, relation=secret, reason="private matter")
        mine = listed_addresses(["geheim@elders.example"])["geheim@elders.example"].words
    with entered(bob):
        his = listed_addresses(["geheim@elders.example", "other@elders.example"])

    assert "Geheim is not to be contacted since" in mine and "private matter" in mine
    assert list(his) == ["geheim@elders.example"]
    words = his["geheim@elders.example"].words
    assert words.startswith("geheim@elders.example is on the do-not-contact list.")
    assert "private" not in words and "Geheim is" not in words


def test_another_company_has_its_own_list(alice: User, charlie: User, henk: Relation) -> None:
    with entered(alice) as actor:
        actions.forbid_contact(actor=actor, relation=henk, reason="x")
    with entered(charlie):
        assert listed_addresses([ADDRESS]) == {}


def test_removing_somebody_is_no_way_to_write_to_them(bob: User, henk: Relation, signed_in: SignIn) -> None:
    client = signed_in(bob)
    forbid(client, henk)
    client.post(f"/relations/{henk.id}/delete/")
    with entered(bob) as actor:
        assert ADDRESS in listed_addresses([ADDRESS])
        again = actions.create_person(actor=actor, name="Henk again")
        actions.add_contact_point(actor=actor, relation=again, text=ADDRESS)
        assert ADDRESS in listed_addresses([ADDRESS])
        assert ContactPoint.objects.get(value=ADDRESS).do_not_contact_reason == "asked us on 3 March"
