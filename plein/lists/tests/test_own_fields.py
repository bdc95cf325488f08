# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fields that a company made itself, in lists: shown, asked, sorted, changed, retired."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from plein.lists.conditions import BadFilter
from plein.lists.fields import Chosen, Money
from plein.lists.query import page
from plein.lists.tests.test_asking import names, view_of
from plein.metadata.actions import ensure_indexed, retire_field, set_values
from plein.metadata.models import Field
from plein.metadata.queries import catalog
from plein.relations.values import RelationValues
from plein.testing.factories import make_field, make_group, make_membership, make_organization, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import Entrance, entered

type SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def fill(actor: Entrance, name: str, **values: Any) -> Any:
    """A person with values in these fields."""
    person = make_person(name)
    set_values(actor=actor, values_model=RelationValues, record=person, values=values)
    return person


def test_own_fields_are_columns_filters_and_orders(alice: User) -> None:
    with entered(alice) as actor:
        make_field("choice", key="segment", choices=["Gold", "Silver"])
        make_field("number", key="seats")
        make_field("money", key="worth")
        make_field("date", key="since")
        fill(actor, "Henk", segment="gold", seats=12, worth="1250", since="2026-01-02")
        fill(actor, "Rik", segment="silver", seats=3)
        make_person("Anna")
        ensure_indexed(catalog().fields)

        view = view_of(actor, "columns=c.segment,c.seats,c.worth&sort=-c.seats")
        rows = page(view).rows
        assert rows[0].cells[1:] == [Chosen("gold", "Gold"), Decimal(12), Money(Decimal("1250.00"), "EUR")]
        assert names(view) == ["Henk", "Rik", "Anna"]
        assert names(view_of(actor, "f=c.segment:is:gold")) == ["Henk"]
        assert names(view_of(actor, "f=c.seats:min:3;c.segment:not:gold")) == ["Rik"]
        assert names(view_of(actor, "f=c.since:older:1d")) == ["Henk"]
        assert names(view_of(actor, "f=c.since:next:1d")) == []
        assert names(view_of(actor, "f=c.since:this:year")) == ["Henk"]
        assert names(view_of(actor, "f=c.seats:empty")) == ["Anna"]


def test_own_fields_are_asked_across_relations(alice: User) -> None:
    with entered(alice) as actor:
        make_field("yes_no", key="key_account", kinds=["organization"])
        company, other = make_organization("Van Dijk"), make_organization("Oud")
        set_values(actor=actor, values_model=RelationValues, record=company, values={"key_account": True})
        make_membership(make_person("Henk"), company)
        make_membership(make_person("Rik"), other)

        assert names(view_of(actor, "f=some.organization(c.key_account:yes)")) == ["Henk"]


def test_a_cell_of_an_own_field_is_changed_in_place(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        make_field("number", key="seats")
        henk = fill(actor, "Henk", seats=12)
    client = signed_in(alice)
    cell = f"/lists/person/{henk.id}/cell/c.seats/"

    form = client.get(f"{cell}?edit=1", headers=HTMX).text
    saved = client.post(cell, {"value": "15", "version": "1"}, headers=HTMX)
    wrong = client.post(cell, {"value": "many", "version": "2"}, headers=HTMX)
    late = client.post(cell, {"value": "16", "version": "1", "was": '"12"'}, headers=HTMX)

    assert 'value="12"' in form
    assert saved.status_code == 200 and "15" in saved.text
    assert wrong.status_code == 422 and "Write a number" in wrong.text
    assert late.status_code == 409 and "15" in late.text and "16" in late.text


def test_a_view_whose_field_was_retired_opens_and_says_so(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        field = make_field("number", key="seats")
        fill(actor, "Henk", seats=12)
        make_person("Anna")
    client = signed_in(alice)
    asked = {"name": "Large", "audience": "me", "query": "f=c.seats:min:5;ours:no"}
    here = client.post("/lists/person/views/new/", asked)["Location"]
    assert "Anna" not in client.get(here).text
    with entered(alice) as actor:
        retire_field(actor=actor, field=Field.objects.get(id=field.id))

    page = client.get(here)
    address = client.get("/people/?f=c.seats:min:5")

    assert page.status_code == 200 and "Anna" in page.text and "was retired" in page.text
    assert address.status_code == 400 and "was retired" in address.text


def test_a_field_one_may_not_see_is_not_asked_about(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(bob) as actor:
        make_field("number", make_group("Pay", circle_id=only_me()), key="wage")
        fill(actor, "Henk", wage=1000)
        assert names(view_of(actor, "f=c.wage:min:1000")) == ["Henk"]
    with entered(alice) as actor, pytest.raises(BadFilter, match="c.wage"):
        view_of(actor, "f=c.wage:min:1000")

    refused = signed_in(alice).get("/people/?f=c.wage:min:1000")

    assert refused.status_code == 400 and "c.wage" in refused.text
    assert "Wage" not in signed_in(alice).get("/lists/person/columns/").text
