# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where values show up besides their own page: search, history, jobs."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from plein.core.finding import search, suggest
from plein.core.isolation import current
from plein.metadata.actions import ensure_indexed, indexing, set_values
from plein.metadata.models import FieldIndex
from plein.metadata.queries import catalog, condition, values_from_row
from plein.metadata.tasks import fill_cells
from plein.relations.models import Relation, RelationCell, RelationValues
from plein.testing.factories import make_field, make_group, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def put(user: User, record: Relation, **values: Any) -> None:
    with entered(user) as actor:
        set_values(actor=actor, values_model=RelationValues, record=record, values=values)


def test_a_relation_is_found_by_the_words_of_its_texts(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice):
        group = make_group()
        make_field("text", group, key="hobby")
        make_field("choice", group, key="segment", choices=["Gold"])
        make_field("text", make_group("Health", circle_id=only_me()), key="illness")
        henk = make_person("Henk")
    put(alice, henk, hobby="Restores old organs", segment="gold", illness="gout")

    with entered(alice):
        assert search("organ").relations == [henk.id]
        assert search("gout").relations == [henk.id]
        assert search("gold").relations == []
        assert suggest("organs") == []
    with entered(bob):
        assert search("organs").relations == [henk.id]
        assert search("gout").relations == []
    assert "Henk" in signed_in(bob).get("/search/", {"q": "organs"}).content.decode()
    put(alice, henk, hobby="Sails")
    with entered(bob):
        assert search("organs").relations == []


def test_history_tells_in_words_what_was_filled_in(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice):
        group = make_group()
        make_field("choice", group, key="segment", choices=["Gold", "Silver"])
        make_field("relation", group, key="partner")
        make_field("text", make_group("Health", circle_id=only_me()), key="illness")
        henk, ria = make_person("Henk"), make_person("Ria de Boer")
        hidden = make_person("Hidden", circle_id=only_me())
    put(alice, henk, segment="gold", illness="gout")
    put(alice, henk, segment="silver", partner=str(ria.id), illness="cold")
    put(alice, henk, partner=str(hidden.id))

    address = f"/relations/{henk.id}/history"
    mine, theirs = (signed_in(user).get(address).content.decode() for user in (alice, bob))

    for page in (mine, theirs):
        assert "Segment" in page and "Gold" in page and "Silver" in page and "Ria de Boer" in page
        assert str(henk.id) in page
    assert "gout" in mine and "Hidden" in mine
    assert "gout" not in theirs and "Illness" not in theirs and "Hidden" not in theirs
    assert "Filled in fields" in signed_in(bob).get("/history/").content.decode()


def test_a_row_of_an_import_gives_its_values_by_the_names_of_fields(alice: User) -> None:
    with entered(alice):
        make_field("text", key="segment", label_nl="Klantsoort", label_en="Segment")
        make_field("text", key="stand")
        row = {"Name": "Henk", "klantsoort": "gold", "c.stand": "12", "Segment ": "", "c.nothing": "x"}

        assert values_from_row(row, catalog(), "person") == {"segment": "gold", "stand": "12", "nothing": "x"}


def test_a_field_with_many_values_gets_its_cells_in_the_background(alice: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(indexing, "AT_ONCE", 1)
    monkeypatch.setattr(indexing, "BATCH", 2)
    with entered(alice):
        field = make_field("text")
        people = [make_person(f"Person {number}") for number in range(5)]
        hidden = make_person("Hidden", circle_id=only_me())
    for person in (*people, hidden):
        put(alice, person, text="blue")
    with entered(alice):
        [found] = catalog().fields
        ensure_indexed([found])
        assert not found.is_indexed
        assert Relation.objects.filter(condition(found, "is", ["blue"], RelationValues)).count() == 6
        workspace = current().workspace_id
    assert workspace is not None

    for _twice in range(2):
        fill_cells(workspace=workspace, user=str(alice.id), field_id=str(field.id))

    with entered(alice):
        assert RelationCell.objects.count() == 6
        assert FieldIndex.objects.get().filled_at is not None
        [found] = catalog().fields
        assert found.is_indexed
        assert Relation.objects.filter(condition(found, "is", ["blue"], RelationValues)).count() == 6
