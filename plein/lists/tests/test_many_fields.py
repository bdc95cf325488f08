# SPDX-License-Identifier: AGPL-3.0-or-later
"""One field of many rows: chosen, filled in, changed, refused and turned back, for people and organizations."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from plein.core.ids import new_id
from plein.core.models import Operation
from plein.core.operations import operation, undo
from plein.lists.bulk import actions
from plein.lists.bulk.acts import CannotChange
from plein.lists.bulk.models import BulkRun
from plein.metadata.models import Field
from plein.metadata.queries import cells_for
from plein.relations.models import Relation
from plein.relations.values import RelationValues
from plein.testing.factories import make_field, make_organization, make_person
from plein.trust.models import Seat, User
from plein.trust.seats import Entrance, entered

type SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def at(kind: str = "person") -> str:
    return reverse("lists:bulk", args=[kind, "field"])


def changed(actor: Entrance, ids: list[UUID], field: str, kind: str = "person", **wish: Any) -> BulkRun:
    wanted = {"field": [field], **{name: given if isinstance(given, list) else [given] for name, given in wish.items()}}
    return actions.change_many(actor=actor, kind=kind, ids=ids, act="field", wish=wanted)


def values(ids: list[UUID], field: Field) -> list[Any]:
    cells = cells_for(RelationValues, ids, [field])
    return [cells[one].value(field) if one in cells else None for one in ids]


def test_every_detail_that_may_be_the_same_changes_for_many_and_back(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        ids = [make_person(f"Henk {number}", place="Ommen").id for number in range(3)]
        bobs = str(Seat.objects.get(user=bob).id)
        wanted = {
            "headline": "  Installateur ", "place": "Zwolle", "country": "NL", "language": "nl", "owner": bobs,
            "ours": "yes",
        }  # fmt: skip
        runs = [changed(actor, ids, field, value=value) for field, value in wanted.items()]

        assert [(run.changed, run.failed) for run in runs] == [(3, 0)] * 6
        shown = ("headline", "place", "country", "language", "is_ours")
        assert set(Relation.objects.values_list(*shown)) == {("Installateur", "Zwolle", "NL", "nl", True)}
        assert changed(actor, ids, "place", value="Zwolle").changed == 0
        assert changed(actor, ids, "owner", clear="on").changed == 3
        assert changed(actor, ids[:1], "place", clear="on").changed == 1
        assert Relation.objects.get(id=ids[0]).place == ""
        with operation("edit"):
            Relation.objects.filter(id=ids[1]).update(place="Raalte")
        undo(runs[1].operation_id)
        places = dict(Relation.objects.values_list("id", "place"))
        assert places == {ids[0]: "", ids[1]: "Raalte", ids[2]: "Ommen"}, "what changed since stays"


def test_own_fields_of_every_type_change_for_many_and_back(alice: User) -> None:
    with entered(alice) as actor:
        ids = [make_person(f"Henk {number}").id for number in range(3)]
        other = make_organization("Bakker")
        given: dict[str, tuple[Any, Any]] = {
            "text": ("Vast", "Vast"),
            "number": ("12,5", 12.5),
            "money": ("€ 10", {"amount": 1000, "currency": "EUR"}),
            "date": ("2026-11-24", "2026-11-24"),
            "choice": ("Goud", "goud"),
            "choices": (["goud", "zilver"], ["goud", "zilver"]),
            "yes_no": ("no", False),
            "link": ("example.com", "https://example.com"),
            "relation": ("Bakker", str(other.id)),
        }
        for type, (raw, kept) in given.items():
            field = make_field(type, choices=("Goud", "Zilver") if type.startswith("choice") else ())
            run = changed(actor, ids, f"c.{type}", value=raw)
            assert (run.changed, run.failed, values(ids, field)) == (3, 0, [kept] * 3), type
            undo(run.operation_id)
            assert values(ids, field) == [None] * 3, type


def test_what_does_not_fit_is_refused_before_anything_changes(alice: User) -> None:
    with entered(alice) as actor:
        ids = [make_person().id]
        make_field("number")
        make_field("text", key="needed", is_required=True)
        make_field("relation")

        def refused(field: str, **wish: Any) -> str:
            with pytest.raises(CannotChange) as refusal:
                changed(actor, ids, field, **wish)
            return str(refusal.value)

        assert "Choose one" in refused("name", value="Iedereen heet zo")
        assert "Choose one" in refused("c.unknown", value="x")
        assert "Choose one" in refused("", value="x")
        assert "tick that it is to be empty" in refused("place", value=" ")
        assert "tick that it is to be empty" in refused("place")
        assert "120" in refused("place", value="x" * 121)
        assert "valid choice" in refused("country", value="Nergens")
        assert "valid choice" in refused("owner", value=str(new_id()))
        assert "Write a number" in refused("c.number", value="veel")
        assert "must be filled in" in refused("c.needed", value="", clear="on")
        assert "nobody of that name" in refused("c.relation", value="Niemand")
        assert not BulkRun.objects.exists()


def test_the_dialog_asks_for_the_field_and_then_for_its_value(alice: User, signed_in: SignIn) -> None:
    with entered(alice):
        ids = [make_person("Henk", place="Ommen").id, make_person("Ina", place="Ommen").id]
        make_field("choice", choices=("Goud", "Zilver"))
    client = signed_in(alice)
    rows = {"ids": ",".join(map(str, ids)), "next": "/people/"}

    first = client.post(at(), rows, headers=HTMX).content.decode()
    assert 'name="field"' in first and 'name="value"' not in first and "Go on" in first
    chosen = client.post(at(), rows | {"field": "c.choice", "asked": "", "go": "1"}, headers=HTMX).content.decode()
    assert "Goud" in chosen and 'name="asked" value="c.choice"' in chosen and 'role="alert"' not in chosen
    # Another field is chosen while the value of the first stands there: nothing happens yet.
    other = client.post(at(), rows | {"field": "place", "asked": "c.choice", "go": "1", "value": "goud"}, headers=HTMX)
    again = client.post(at(), rows | {"field": "place", "asked": "place", "go": "1", "value": "x", "choose": "1"})
    assert 'name="asked" value="place"' in other.content.decode() and again.status_code == 200
    with entered(alice):
        assert not Operation.objects.filter(verb="edit_relations").exists()
    empty = client.post(at(), rows | {"field": "place", "asked": "place", "go": "1", "value": ""}, headers=HTMX)
    assert empty.status_code == 422 and "tick that it is to be empty" in empty.content.decode()
    done = client.post(at(), rows | {"field": "place", "asked": "place", "go": "1", "value": "Zwolle"}, headers=HTMX)
    assert done["HX-Redirect"] == "/people/"
    assert "Place becomes Zwolle: 2 people." in client.get("/people/").content.decode()
    with entered(alice):
        assert set(Relation.objects.values_list("place", flat=True)) == {"Zwolle"}


def test_who_may_and_who_may_not(alice: User, bob: User, charlie: User, gina: User, signed_in: SignIn) -> None:
    with entered(alice):
        ids = [make_organization("Bakker").id]
    sent = {"ids": str(ids[0]), "field": "place", "asked": "place", "go": "1", "value": "Zwolle"}

    assert signed_in(charlie).post(at("organization"), sent, headers=HTMX).status_code == 422, "nobody they can see"
    assert signed_in(gina).post(at("organization"), sent).status_code == 403
    with entered(alice):
        assert Relation.objects.get(id=ids[0]).place == ""
    assert signed_in(bob).post(at("organization"), sent).status_code == 302
    with entered(alice):
        run_of_bob = Operation.objects.get(verb="edit_relations")
        assert Relation.objects.get(id=ids[0]).place == "Zwolle" and run_of_bob.facts["count"] == 1


def test_rows_that_are_gone_are_failures_and_the_rest_goes_on(alice: User, signed_in: SignIn) -> None:
    with entered(alice) as actor:
        field = make_field("text")
        ids = [make_person("Henk").id, make_person("Ina").id]
        with operation("delete_relation"):
            Relation.objects.filter(id=ids[0]).delete()
        run = changed(actor, ids, "c.text", value="Vast")
        assert (run.changed, run.failed, values(ids[1:], field)) == (1, 1, ["Vast"])
    page = signed_in(alice).get(reverse("lists:bulk_run", args=[run.id])).content.decode()
    assert "Text becomes Vast" in page and "Henk" in page and "no longer there" in page
