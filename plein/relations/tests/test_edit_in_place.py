# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable

from django.test import Client

from plein.core.models import Operation
from plein.relations.models import Relation
from plein.relations.tests.pages import HTMX, at
from plein.testing.factories import make_organization, make_person
from plein.trust.models import Seat, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def test_a_detail_becomes_its_field_and_its_value_again(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk = make_person("Henk", place="Zwolle")
    client = signed_in(alice)
    here = at("field", henk.id, "place")

    assert 'value="Zwolle"' in client.get(f"{here}?edit=1", headers=HTMX).content.decode()
    assert "<input" not in client.get(here, headers=HTMX).content.decode()
    saved = client.post(here, {"place": "Hattem", "version": "1"}, headers=HTMX)

    assert saved.status_code == 200
    assert "Hattem" in saved.content.decode()
    assert "plein:toast" in saved["HX-Trigger"]
    assert 'hx-target="#sentence"' in saved.content.decode()
    assert client.get(here)["Location"] == f"{at('edit', henk.id)}#id_place"


def test_a_choice_is_saved_by_its_value_and_shown_by_its_name(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk = make_person("Henk")
        colleague = Seat.objects.get(user=bob).id
    client = signed_in(alice)

    owner = client.post(at("field", henk.id, "owner_id"), {"owner_id": str(colleague), "version": "1"}, headers=HTMX)
    country = client.post(at("field", henk.id, "country"), {"country": "BE", "version": "2"}, headers=HTMX)
    wrong = client.post(at("field", henk.id, "country"), {"country": "XX", "version": "3"}, headers=HTMX)

    assert "Bob" in owner.content.decode()
    assert "Belgium" in country.content.decode()
    assert wrong.status_code == 422


def test_a_value_that_cannot_be_is_said_in_place(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk = make_person("Henk", place="Zwolle")

    response = signed_in(alice).post(at("field", henk.id, "place"), {"place": "x" * 500, "version": "1"}, headers=HTMX)

    assert response.status_code == 422
    assert "At most 120 characters" in response.content.decode()
    with entered(alice):
        assert Relation.objects.get().place == "Zwolle"


def test_who_was_second_sees_both_values_and_chooses(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk = make_person("Henk", place="Zwolle")
    here = at("field", henk.id, "place")
    signed_in(bob).post(here, {"place": "Hattem", "version": "1"}, headers=HTMX)

    client = signed_in(alice)
    second = client.post(here, {"place": "Kampen", "version": "1"}, headers=HTMX)
    page = second.content.decode()
    assert second.status_code == 409
    assert "Hattem" in page
    assert "Kampen" in page
    assert 'name="version" value="2"' in page
    plain = client.post(here, {"place": "Kampen", "version": "1"})
    assert plain.status_code == 409
    assert "<html" in plain.content.decode()
    with entered(alice):
        assert Relation.objects.get().place == "Hattem"

    assert client.post(here, {"place": "Kampen", "version": "2"}, headers=HTMX).status_code == 200
    for version in ("", "x", "-1", "٣", "9" * 30):
        assert client.post(here, {"place": "Ommen", "version": version}, headers=HTMX).status_code == 409
    with entered(alice):
        assert Relation.objects.get().place == "Kampen"


def test_saving_what_is_there_already_is_no_edit(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk = make_person("Henk", place="Zwolle")

    signed_in(alice).post(at("field", henk.id, "place"), {"place": "Zwolle", "version": "1"}, headers=HTMX)

    with entered(alice):
        assert Relation.objects.get().version == 1


def test_a_detail_that_is_none_is_not_there(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk = make_person("Henk")

    for name in ("circle_id", "photo", "name", "workspace_id"):
        assert signed_in(alice).get(at("field", henk.id, name)).status_code == 404


def test_all_details_are_changed_on_a_page(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk, company = make_person("Henk"), make_organization("Van Dijk")
    client = signed_in(alice)
    sent = {"given_name": "Rik", "infix": "van", "family_name": "Dijk", "place": "Zwolle", "about": "Two\nlines"}

    client.post(at("edit", henk.id), sent | {"version": "1"})
    empty = client.post(at("edit", company.id), {"name": "", "version": "1"})
    late = signed_in(bob).post(at("edit", henk.id), sent | {"place": "Hattem", "version": "1"})

    assert empty.status_code == 422
    assert late.status_code == 409
    assert "is now “Zwolle”" in late.content.decode()
    assert 'value="Hattem"' in late.content.decode()
    assert 'name="version" value="2"' in late.content.decode()
    with entered(alice):
        rik = Relation.objects.get(id=henk.id)
        assert (rik.name, rik.sort_name, rik.about) == ("Rik van Dijk", "dijk rik van", "Two\nlines")
        assert (
            not Operation.objects.exclude(verb__in=("create_person", "create_organization", "edit_relation"))
            .filter(verb__startswith="edit")
            .exists()
        )


def test_a_person_without_any_name_is_refused(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        henk = make_person("Henk", given_name="Henk")

    response = signed_in(alice).post(at("edit", henk.id), {"given_name": "", "version": "1"})

    assert response.status_code == 422
    assert "A name is needed" in response.content.decode()
