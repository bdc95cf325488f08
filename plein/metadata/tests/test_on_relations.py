# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from plein.core.models import Change, Operation
from plein.metadata.actions import set_values
from plein.metadata.models import Field
from plein.relations.actions import tag
from plein.relations.models import Relation, RelationValues
from plein.relations.tests.pages import HTMX, at
from plein.testing.budgets import within_budget
from plein.testing.factories import make_field, make_group, make_organization, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def put(user: User, record: Relation, **values: Any) -> None:
    with entered(user) as actor:
        set_values(actor=actor, values_model=RelationValues, record=record, values=values)


def value_of(user: User, field: Field) -> Any:
    with entered(user):
        row = RelationValues.objects.filter(group_id=field.group_id).first()
        return row.values.get(str(field.id)) if row else None


def everything(user: User) -> tuple[Relation, dict[str, Field]]:
    """A person, and a field of each type."""
    with entered(user):
        group = make_group("Commercial")
        types = ("text", "number", "money", "date", "choice", "choices", "yes_no", "link", "relation")
        fields = {
            type: make_field(type, group, choices=["Gold", "Silver"] if type.startswith("choice") else ())
            for type in types
        }
        return make_person("Henk"), fields


def test_the_page_shows_fields_by_group_in_words(alice: User, signed_in: SignIn) -> None:
    henk, _fields = everything(alice)
    with entered(alice):
        ria = make_person("Ria de Boer")
    put(alice, henk, text="Blue <b>", number="1234.5", money="10", date="2026-11-24", choice="gold", link="a.nl",
        choices="Gold, Silver", yes_no="no", relation=str(ria.id))  # fmt: skip

    page = signed_in(alice).get(at("relation", henk.id)).content.decode()

    for words in ("Commercial", "Blue &lt;b&gt;", "1,234.5", "€10.00", "24 November 2026", "Gold, Silver", "https://a.nl",
                  "Ria de Boer", at("relation", ria.id)):  # fmt: skip
        assert words in page, words


@pytest.mark.parametrize(
    ("type", "sent", "shown", "kept"),
    [
        ("text", "blue", "blue", "blue"),
        ("number", "12,5", "12.5", 12.5),
        ("money", "USD 3", "$3.00", {"amount": 300, "currency": "USD"}),
        ("date", "2026-11-24", "24 November 2026", "2026-11-24"),
        ("choice", "silver", "Silver", "silver"),
        ("choices", ["gold", "silver"], "Gold, Silver", ["gold", "silver"]),
        ("yes_no", "yes", "yes", True),
        ("link", "a.nl", "https://a.nl", "https://a.nl"),
    ],
)
def test_a_value_is_changed_in_place(
    alice: User, signed_in: SignIn, type: str, sent: Any, shown: str, kept: Any
) -> None:
    henk, fields = everything(alice)
    client, here = signed_in(alice), at("value", henk.id, fields[type].id)

    form = client.get(f"{here}?edit=1", headers=HTMX).content.decode()
    saved = client.post(here, {f"c.{type}": sent, "version": "0"}, headers=HTMX)

    assert f'name="c.{type}"' in form and "data-cell" in form
    assert saved.status_code == 200 and shown in saved.content.decode()
    assert "plein:toast" in saved["HX-Trigger"]
    assert value_of(alice, fields[type]) == kept
    again = client.get(f"{here}?edit=1", headers=HTMX).content.decode()
    assert 'name="version" value="1"' in again
    assert client.post(here, {f"c.{type}": "", "version": "1"}, headers=HTMX).status_code == 200
    assert value_of(alice, fields[type]) is None


def test_a_relation_is_chosen_by_its_name(alice: User, signed_in: SignIn) -> None:
    henk, fields = everything(alice)
    with entered(alice):
        ria = make_person("Ria de Boer")
        for _twice in range(2):
            make_person("Jan Jansen")
    client, here = signed_in(alice), at("value", henk.id, fields["relation"].id)

    def send(text: str, version: int = 0) -> Any:
        return client.post(here, {"c.relation": text, "version": str(version)}, headers=HTMX)

    suggested = client.get(f"{at('suggest')}?kind=person&options=1&c.relation=ria", headers=HTMX).content.decode()
    assert '<option value="Ria de Boer">' in suggested
    assert "There is nobody of that name" in send("Nobody").content.decode()
    assert "Several are called so" in send("Jan Jansen").content.decode()
    assert "Ria de Boer" in send("ria de boer").content.decode()
    assert value_of(alice, fields["relation"]) == str(ria.id)
    assert send(f"http://localhost/relations/{henk.id}/", 1).status_code == 200
    assert value_of(alice, fields["relation"]) == str(henk.id)


def test_what_cannot_be_kept_is_said_in_place_and_nothing_changes(alice: User, signed_in: SignIn) -> None:
    henk, fields = everything(alice)
    put(alice, henk, number="5")
    here = at("value", henk.id, fields["number"].id)

    wrong = signed_in(alice).post(here, {"c.number": "five", "version": "1"}, headers=HTMX)

    assert wrong.status_code == 422
    assert "Write a number" in wrong.content.decode() and 'value="five"' in wrong.content.decode()
    assert value_of(alice, fields["number"]) == 5


def test_who_was_second_sees_both_values_and_chooses(alice: User, bob: User, signed_in: SignIn) -> None:
    henk, fields = everything(alice)
    put(alice, henk, text="blue")
    client, here = signed_in(alice), at("value", henk.id, fields["text"].id)
    signed_in(bob).post(here, {"c.text": "red", "version": "1"}, headers=HTMX)

    other = client.post(at("value", henk.id, fields["number"].id), {"c.number": "1", "version": "1"}, headers=HTMX)
    second = client.post(here, {"c.text": "green", "version": "1"}, headers=HTMX)
    plain = client.post(here, {"c.text": "green", "version": "1"})

    assert other.status_code == 200
    assert second.status_code == 409 and "“red”" in second.content.decode() and "“green”" in second.content.decode()
    assert plain.status_code == 409 and "<html" in plain.content.decode()
    assert value_of(alice, fields["text"]) == "red"
    assert client.post(here, {"c.text": "green", "version": "3"}, headers=HTMX).status_code == 200


def test_required_fields_are_asked_for_somebody_new_and_all_fields_when_editing(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        group = make_group()
        needed = make_field("text", group, key="reason", is_required=True)
        make_field("number", group, key="size")
        make_field("text", group, key="chamber", kinds=["organization"], is_required=True)
    client = signed_in(alice)

    page = client.get(at("person_create")).content.decode()
    missing = client.post(at("person_create"), {"name": "Henk", "c.reason": ""})
    assert 'name="c.reason"' in page and "c.size" not in page and "c.chamber" not in page
    assert missing.status_code == 422 and "must be filled in" in missing.content.decode()
    with entered(alice):
        assert Relation.objects.count() == 0 and Operation.objects.filter(verb="create_person").count() == 0
    client.post(at("person_create"), {"name": "Henk", "c.reason": "fair"})
    with entered(alice):
        henk = Relation.objects.get()
        assert Operation.objects.filter(verb="create_person").count() == 1
    assert value_of(alice, needed) == "fair"
    edit = client.get(at("edit", henk.id)).content.decode()
    assert 'name="c.size"' in edit and f'name="version.{group.id}" value="1"' in edit
    sent = {"given_name": "Henk", "version": "1", f"version.{group.id}": "1", "c.reason": "visit", "c.size": "x"}
    assert client.post(at("edit", henk.id), sent).status_code == 422
    assert client.post(at("edit", henk.id), sent | {"c.size": "3"}).status_code == 302
    late = client.post(at("edit", henk.id), sent | {"version": "2", "c.size": "4"})
    assert late.status_code == 409 and "is now “3”" in late.content.decode()
    assert 'value="4"' in late.content.decode() and f'name="version.{group.id}" value="2"' in late.content.decode()


def test_a_field_shows_only_where_it_is_meant(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        henk, company = make_person("Henk"), make_organization("Van Dijk")
        fair = tag(actor=actor, relation=henk, name="fair").tag_id
        make_field("text", key="stand", tags=[fair])
        make_field("text", key="elsewhere", tags=[UUID(int=1)])
        make_field("text", key="gone", retired_at="2026-01-01T00:00Z")
        make_field("text", key="chamber", kinds=["organization"])
        viewed = make_field("text", key="viewed", views=[UUID(int=2)])
    client = signed_in(alice)

    person = client.get(at("relation", henk.id)).content.decode()
    organization = client.get(at("relation", company.id)).content.decode()

    assert "Stand" in person and "Chamber" in organization
    for label in ("Elsewhere", "Gone", "Chamber", "Viewed"):
        assert label not in person, label
    assert "Viewed" in client.get(at("relation", henk.id), {"view": str(UUID(int=2))}).content.decode()
    put(alice, henk, viewed="x")
    assert "Viewed" in client.get(at("relation", henk.id)).content.decode()
    assert viewed.key == "viewed"


def test_a_confidential_group_is_not_there_for_a_colleague(
    alice: User, bob: User, charlie: User, signed_in: SignIn
) -> None:
    with entered(alice):
        henk = make_person("Henk")
        field = make_field("text", make_group("Health", circle_id=only_me()), key="illness")
        ours = make_field("text", key="colour")
    put(alice, henk, illness="gout", colour="blue")
    here = at("value", henk.id, field.id)

    assert "gout" in signed_in(alice).get(at("relation", henk.id)).content.decode()
    client = signed_in(bob)
    for address in (at("relation", henk.id), at("edit", henk.id), at("section", henk.id, "details"),
                    f"/relations/{henk.id}/history", "/history/"):  # fmt: skip
        page = client.get(address, headers=HTMX if "pane" in address else {}).content.decode()
        assert "gout" not in page, address
        assert "Health" not in page and "Illness" not in page, address
    for stranger in (bob, charlie):
        client = signed_in(stranger)
        assert client.get(here, headers=HTMX).status_code == 404
        assert client.post(here, {"c.illness": "x", "version": "1"}).status_code == 404
    assert signed_in(charlie).get(at("value", henk.id, ours.id)).status_code == 404
    assert value_of(alice, field) == "gout"
    with entered(bob):
        assert not Change.objects.filter(after__values__has_key=str(field.id)).exists()


def test_a_guest_looks_and_changes_nothing(alice: User, gina: User, signed_in: SignIn) -> None:
    henk, fields = everything(alice)
    put(alice, henk, text="blue")
    client, here = signed_in(gina), at("value", henk.id, fields["text"].id)

    assert "blue" in client.get(at("relation", henk.id)).content.decode()
    assert client.get(f"{here}?edit=1", headers=HTMX).status_code == 403
    assert client.post(here, {"c.text": "red", "version": "1"}, headers=HTMX).status_code == 403
    assert value_of(alice, fields["text"]) == "blue"


def test_the_page_with_own_fields_stays_within_its_budget(alice: User, signed_in: SignIn) -> None:
    henk, fields = everything(alice)
    put(alice, henk, text="blue", relation=str(henk.id))
    client = signed_in(alice)
    client.get(at("relation", henk.id))

    with within_budget(__file__, "person with own fields"):
        client.get(at("relation", henk.id))
    with within_budget(__file__, "a value"):
        client.get(at("value", henk.id, fields["text"].id), headers=HTMX)


def test_two_fields_of_one_key_are_told_apart_and_nothing_lands_in_the_circle_of_the_other(
    alice: User, bob: User, signed_in: SignIn
) -> None:
    with entered(alice):
        henk = make_person("Henk")
        secret = make_field("text", make_group("Secret", circle_id=only_me()), key="budget")
        shared = make_field("text", make_group("Shared"), key="budget")
    client = signed_in(alice)
    page = client.get(f"/people/?columns=c.budget,c.budget_{secret.id.hex[-6:]}").text

    assert page.count("Budget") >= 2
    sent = {"value": "for my eyes", "version": 0}
    answer = client.post(f"/lists/person/{henk.id}/cell/c.budget_{secret.id.hex[-6:]}/", sent, headers=HTMX)
    assert answer.status_code == 200
    assert (value_of(alice, secret), value_of(alice, shared)) == ("for my eyes", None)
    put(alice, henk, budget="for all")
    assert (value_of(alice, secret), value_of(bob, shared)) == ("for my eyes", "for all")
