# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any
from uuid import UUID

import pytest

from plein.core.models import Change, Operation
from plein.core.operations import undo
from plein.metadata.actions import set_value_of_many, set_values
from plein.metadata.models import Field
from plein.metadata.queries import cells_for
from plein.metadata.reading import read
from plein.metadata.refusals import Unreadable, ValueConflict, WrongValues
from plein.metadata.wording import words, written
from plein.relations.actions import delete_relation
from plein.relations.models import Relation, RelationValues
from plein.testing.factories import make_field, make_group, make_person
from plein.trust.models import User
from plein.trust.seats import Entrance, entered


def a_field(type: str, **more: Any) -> Field:
    """A field that is nowhere kept."""
    return Field(type=type, workspace_id=1, circle_id=1, **more)


def put(actor: Entrance, record: Relation, based_on: Any = None, **values: Any) -> UUID | None:
    done = set_values(actor=actor, values_model=RelationValues, record=record, values=values, based_on=based_on)
    return done.id if done else None


def kept(record: Relation, *fields: Field) -> list[Any]:
    cells = cells_for(RelationValues, [record.id], fields).get(record.id)
    return [cells.value(one) if cells else None for one in fields]


@pytest.mark.parametrize(
    ("type", "raw", "value"),
    [
        ("text", "  two\n words ", "two words"),
        ("number", "1,234.5", 1234.5),
        ("number", "12,5", 12.5),
        ("number", "1.234,50", 1234.5),
        ("number", 7, 7),
        ("money", "€ 1.250,50", {"amount": 125050, "currency": "EUR"}),
        ("money", "USD 3", {"amount": 300, "currency": "USD"}),
        ("money", {"amount": 5, "currency": "GBP"}, {"amount": 5, "currency": "GBP"}),
        ("date", "2026-11-24", "2026-11-24"),
        ("date", "24-11-2026", "2026-11-24"),
        ("choice", "GOLD", "gold"),
        ("choices", "silver; gold", ["gold", "silver"]),
        ("choices", ["silver"], ["silver"]),
        ("yes_no", "ja", True),
        ("yes_no", False, False),
        ("link", "example.com/a", "https://example.com/a"),
        ("text", "", None),
        ("choices", [], None),
    ],
)
def test_what_somebody_writes_is_read_as_what_the_field_holds(type: str, raw: Any, value: Any) -> None:
    choices = [{"key": "gold", "nl": "Goud", "en": "Gold"}, {"key": "silver", "nl": "Zilver", "en": "Silver"}]

    assert read(a_field(type, choices=choices), raw) == value


@pytest.mark.parametrize(
    ("type", "raw", "sentence"),
    [
        ("text", "a\x00b", "sign that cannot be kept"),
        ("text", "x" * 3000, "At most 2000 characters; this is 3000"),
        ("text", {"a": 1}, "Write one value"),
        ("number", "twelve", "Write a number"),
        ("number", "٣", "Write a number"),
        ("number", "1e400", "Write a number"),
        ("number", float("nan"), "larger than Plein"),
        ("number", "9" * 20, "larger than Plein"),
        ("money", "1.005 XYZ", "currency"),
        ("money", {"amount": 1.5}, "whole number of cents"),
        ("money", "12.345678", "decimals"),
        ("date", "31-02-2026", "Write a date"),
        ("choice", "Bronze", "Choose one of these: Gold, Silver."),
        ("choices", {"gold": 1}, "list of choices"),
        ("yes_no", "maybe", "Say yes or no"),
        ("link", "javascript:alert(1)", "web address"),
        ("link", "https://" + "a" * 600 + ".nl", "web address"),
    ],
)
def test_what_cannot_be_read_is_answered_with_what_to_write(type: str, raw: Any, sentence: str) -> None:
    choices = [{"key": "gold", "nl": "Gold", "en": "Gold"}, {"key": "silver", "nl": "Silver", "en": "Silver"}]

    with pytest.raises(Unreadable, match=sentence.replace(".", r"\.")):
        read(a_field(type, choices=choices), raw)


def test_bounds_are_said_with_the_bound() -> None:
    with pytest.raises(Unreadable, match="At most 10"):
        read(a_field("number", settings={"max": 10}), "11")
    with pytest.raises(Unreadable, match="whole number"):
        read(a_field("number", settings={"decimals": 0}), "1.5")
    with pytest.raises(Unreadable, match="At least 0"):
        read(a_field("money", settings={"min": 0}), "-1")


def test_a_value_reads_as_people_write_it_and_comes_back_into_its_control() -> None:
    money = a_field("money")

    assert words(money, {"amount": 125050, "currency": "EUR"}) == "€1,250.50"
    assert written(money, {"amount": 125050, "currency": "USD"}) == "USD 1250.50"
    assert read(money, written(money, {"amount": 125050, "currency": "USD"})) == {"amount": 125050, "currency": "USD"}
    assert words(a_field("yes_no"), False) == "no"


def test_values_of_a_group_are_one_row_and_each_is_turned_back_by_itself(alice: User) -> None:
    with entered(alice) as actor:
        group = make_group()
        text, number = make_field("text", group), make_field("number", group)
        henk = make_person("Henk")

        first = put(actor, henk, text="blue")
        put(actor, henk, number="3")
        undo(first or henk.id)

        assert RelationValues.objects.count() == 1
        assert kept(henk, text, number) == [None, 3]


def test_an_undo_never_tramples_what_was_changed_later(alice: User) -> None:
    with entered(alice) as actor:
        group = make_group()
        text, number = make_field("text", group), make_field("number", group)
        henk = make_person("Henk")
        put(actor, henk, text="blue", number="1")
        second = put(actor, henk, text="red")
        put(actor, henk, number="2")

        result = undo(second or henk.id)
        assert (result.turned_back, result.left_alone) == (1, 0)
        assert kept(henk, text, number) == ["blue", 2]

        undo(result.operation.id)
        assert kept(henk, text, number) == ["red", 2]

        third = put(actor, henk, text="green")
        put(actor, henk, text="black")
        assert undo(third or henk.id).left_alone == 1
        assert kept(henk, text, number) == ["black", 2]


def test_an_undo_of_the_first_value_leaves_it_when_it_was_changed_later(alice: User) -> None:
    with entered(alice) as actor:
        group = make_group()
        text, number = make_field("text", group), make_field("number", group)
        henk = make_person("Henk")
        first = put(actor, henk, text="blue", number="1")
        put(actor, henk, text="red")

        assert undo(first or henk.id).left_alone == 1
        assert kept(henk, text, number) == ["red", 1]


def test_removing_a_relation_and_undoing_it_brings_its_values_back(alice: User) -> None:
    with entered(alice) as actor:
        text = make_field("text")
        henk = make_person("Henk")
        put(actor, henk, text="blue")

        removed = delete_relation(actor=actor, relation=henk)
        assert RelationValues.objects.count() == 0
        undo(removed.id)

        assert kept(henk, text) == ["blue"]


def test_two_people_may_change_two_fields_of_a_group_but_not_the_same_one(alice: User) -> None:
    with entered(alice) as actor:
        group = make_group()
        text, number = make_field("text", group), make_field("number", group)
        henk = make_person("Henk")
        put(actor, henk, text="blue", number="1")

        put(actor, henk, based_on=1, number="2")
        put(actor, henk, based_on=1, text="red")
        assert kept(henk, text, number) == ["red", 2]

        with pytest.raises(ValueConflict) as conflict:
            put(actor, henk, based_on=1, text="green")
        assert [(one.field.key, one.theirs, one.mine) for one in conflict.value.differing] == [("text", "red", "green")]
        assert conflict.value.version == 3
        assert kept(henk, text) == ["red"]
        assert put(actor, henk, based_on=1, text="red") is None

        with pytest.raises(ValueConflict):
            put(actor, henk, based_on=0, text="green")


def test_wrong_values_are_all_named_and_none_is_kept(alice: User) -> None:
    with entered(alice) as actor:
        make_field("number")
        make_field("date", is_required=True)
        make_field("text")
        make_field("link", kinds=["organization"])
        make_field("money", retired_at="2026-01-01T00:00Z")
        henk = make_person("Henk")

        with pytest.raises(WrongValues) as wrong:
            put(actor, henk, number="x", date="", text="fine", link="a.nl", money="1", nothing="1")

        assert wrong.value.errors.keys() == {"number", "date", "link", "money", "nothing"}
        assert "must be filled in" in wrong.value.errors["date"]
        assert "retired" in wrong.value.errors["money"]
        assert RelationValues.objects.count() == 0


def test_many_records_get_a_value_at_once_and_it_can_be_turned_back(alice: User) -> None:
    with entered(alice) as actor:
        group = make_group()
        choice, text = make_field("choice", group, choices=["Gold", "Silver"]), make_field("text", group)
        people = [make_person(f"Person {number}") for number in range(5)]
        put(actor, people[0], text="keep")
        put(actor, people[1], choice="gold")

        def set_all(raw: Any) -> int:
            ids = [one.id for one in people]
            return set_value_of_many(actor=actor, values_model=RelationValues, ids=ids, field=choice, raw=raw)

        assert set_all("Gold") == 4
        last = Operation.objects.latest("id")
        assert [kept(one, choice, text) for one in people[:2]] == [["gold", "keep"], ["gold", None]]
        assert set_all("Gold") == 0
        assert set_all(None) == 5
        undo(Operation.objects.latest("id").id)
        undo(last.id)
        assert [kept(one, choice, text) for one in people[:3]] == [[None, "keep"], ["gold", None], [None, None]]


def test_a_guest_writes_nothing(alice: User, gina: User) -> None:
    with entered(alice):
        text = make_field("text")
        henk = make_person("Henk")
    with entered(gina) as guest:
        with pytest.raises(Exception, match="write"):
            put(guest, henk, text="x")
        with pytest.raises(Exception, match="write"):
            set_value_of_many(actor=guest, values_model=RelationValues, ids=[henk.id], field=text, raw="x")
    with entered(alice):
        assert RelationValues.objects.count() == 0
        assert not Change.objects.filter(table_name="relations_values").exists()
