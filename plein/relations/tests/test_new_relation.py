# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable

from django.test import Client

from plein.core.models import Operation
from plein.core.operations import undo
from plein.relations.models import ContactPointLink, Membership, Relation
from plein.relations.tests.pages import HTMX, at
from plein.testing.factories import make_contact_point, make_organization, make_person
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def test_a_person_is_added_with_address_and_role_in_one_operation(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        company = make_organization("Van Dijk")
    sent = {"name": "Rik van Dijk", "email": "Rik@Example.com", "phone": "06 28417093", "organization": "van dijk",
            "role": "directeur", "place": "Zwolle"}  # fmt: skip

    response = signed_in(alice).post(at("person_create"), sent)

    with entered(alice):
        rik = Relation.objects.get(kind="person")
        assert response["Location"] == at("relation", rik.id)
        assert Membership.objects.get().organization_id == company.id
        assert {link.contact_point.value for link in ContactPointLink.objects.all()} == {
            "rik@example.com",
            "+31628417093",
        }
        undo(Operation.objects.get(verb="create_person").id)
        assert not Relation.objects.filter(kind="person").exists()
        assert not ContactPointLink.objects.exists()


def test_an_organization_nobody_knew_is_made_along(alice: User, signed_in: SignIn) -> None:
    signed_in(alice).post(at("person_create"), {"name": "Rik van Dijk", "organization": "Nieuw BV"})

    with entered(alice):
        assert Membership.objects.get().organization.name == "Nieuw BV"


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_added(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    for sent, words in (
        ({"name": ""}, "A name is needed"),
        ({"name": "x" * 10_000}, "At most 300 characters; this is 10000."),
        ({"name": "Rik", "phone": "0384"}, "not a whole phone number"),
        ({"name": "Rik", "email": "rik"}, "henk@example.com"),
        ({"name": "Rik", "audience": "team:nobody"}, "Choose one of the circles you are in"),
    ):
        response = client.post(at("person_create"), sent)
        assert response.status_code == 422
        assert words in response.content.decode()
        assert 'aria-invalid="true"' in response.content.decode()
    with entered(alice):
        assert not Relation.objects.exists()
        assert not Operation.objects.filter(verb="create_person").exists()


def test_several_of_one_name_are_not_chosen_for_you(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        make_organization("Bakker")
        make_organization("Bakker")

    response = signed_in(alice).post(at("person_create"), {"name": "Rik", "organization": "bakker"})

    assert response.status_code == 422
    assert "Several organizations" in response.content.decode()


def test_only_i_see_whom_i_add_for_myself(alice: User, bob: User, signed_in: SignIn) -> None:
    signed_in(alice).post(at("person_create"), {"name": "Geheim", "audience": "me", "email": "geheim@example.com"})

    with entered(bob):
        assert not Relation.objects.exists()
        assert not ContactPointLink.objects.exists()
    with entered(alice):
        assert Relation.objects.count() == 1


def test_who_is_here_already_is_shown_while_typing(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk = make_person("Henk van Dijk")
        make_contact_point(henk, "email", "henk@example.com")
    client = signed_in(alice)

    for query in ({"name": "henk va"}, {"name": "x", "email": "HENK@example.com"}, {"name": "Hennk van Dijk"}):
        answer = client.get(at("similar"), {"kind": "person", **query}, headers=HTMX).content.decode()
        assert "Henk van Dijk" in answer, query
    assert client.get(at("similar"), {"kind": "alien"}).status_code == 400
    assert "Nobody looks like that" in client.get(at("similar"), {"kind": "person", "name": "zzz"}).content.decode()


def test_an_organization_is_added(alice: User, signed_in: SignIn) -> None:
    response = signed_in(alice).post(at("organization_create"), {"name": "Van Dijk", "place": "Zwolle"}, follow=True)

    assert response.status_code == 200
    assert "Van Dijk added." in response.content.decode()
