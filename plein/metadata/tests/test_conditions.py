# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q

from plein.core.operations import operation, undo
from plein.metadata.actions import ensure_indexed, set_values
from plein.metadata.models import Field
from plein.metadata.queries import catalog, condition, estimate, fields_of, reach, sort_segments
from plein.metadata.queries.conditions import sortable
from plein.metadata.refusals import Unreadable
from plein.metadata.vocabulary import OPERATORS, FieldType
from plein.relations.models import Relation, RelationCell, RelationValues
from plein.testing.factories import make_field, make_group, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import Entrance, entered


def known(key: str) -> Field:
    found = catalog().by_key(key)
    assert found is not None
    return found


def indexed(key: str) -> Field:
    ensure_indexed([known(key)])
    field = known(key)
    assert field.is_indexed
    return field


def put(actor: Entrance, record: Relation, **values: Any) -> None:
    set_values(actor=actor, values_model=RelationValues, record=record, values=values)


def names(q: Q) -> list[str]:
    return sorted(Relation.objects.filter(q).values_list("name", flat=True))


@pytest.fixture
def people(alice: User) -> Iterator[dict[str, Relation]]:
    """Three people: Anna of whom all is known, Bert of whom some is, Cees of whom nothing."""
    with entered(alice) as actor:
        group = make_group()
        for type in FieldType.values:
            make_field(type, group, choices=["Gold", "Silver"] if type.startswith("choice") else ())
        found = {name: make_person(name) for name in ("Anna", "Bert", "Cees")}
        put(actor, found["Anna"], text="Crème brûlée", number="5", money="10", date="2026-01-01", choice="gold",
            choices=["gold", "silver"], yes_no="yes", link="https://a.nl", relation=str(found["Cees"].id))  # fmt: skip
        put(actor, found["Bert"], text="Custard", number="7.5", money="USD 10", date="2026-02-01", choice="silver",
            choices=["silver"], yes_no="no", link="https://b.nl", relation=str(found["Anna"].id))  # fmt: skip
        yield found


ASKED: list[tuple[str, str, list[Any], list[str]]] = [
    ("text", "is", ["creme brulee"], ["Anna"]),
    ("text", "is", ["CUSTARD", "creme brulee"], ["Anna", "Bert"]),
    ("text", "not", ["custard"], ["Anna", "Cees"]),
    ("text", "starts", ["cr"], ["Anna"]),
    ("text", "has", ["RULE"], ["Anna"]),
    ("text", "has", ["%"], []),
    ("text", "empty", [], ["Cees"]),
    ("text", "filled", [], ["Anna", "Bert"]),
    ("number", "is", ["5"], ["Anna"]),
    ("number", "not", ["5"], ["Bert", "Cees"]),
    ("number", "min", ["6"], ["Bert"]),
    ("number", "max", ["5"], ["Anna"]),
    ("number", "between", ["8", "5"], ["Anna", "Bert"]),
    ("money", "is", ["10"], ["Anna"]),
    ("money", "min", ["USD 1"], ["Bert"]),
    ("date", "on", ["2026-01-01"], ["Anna"]),
    ("date", "before", ["2026-02-01"], ["Anna"]),
    ("date", "after", ["2026-01-01"], ["Bert"]),
    ("date", "between", ["2026-01-01", None], ["Anna", "Bert"]),
    ("choice", "is", ["gold"], ["Anna"]),
    ("choice", "is", ["gold", "Silver"], ["Anna", "Bert"]),
    ("choice", "not", ["gold"], ["Bert", "Cees"]),
    ("choices", "is", ["silver"], ["Anna", "Bert"]),
    ("choices", "all", ["silver", "gold"], ["Anna"]),
    ("choices", "not", ["gold"], ["Bert", "Cees"]),
    ("yes_no", "yes", [], ["Anna"]),
    ("yes_no", "no", [], ["Bert"]),
    ("yes_no", "empty", [], ["Cees"]),
    ("link", "starts", ["https://b"], ["Bert"]),
    ("relation", "is", ["Cees"], ["Anna"]),
    ("relation", "filled", [], ["Anna", "Bert"]),
]


def test_every_question_has_the_same_answer_with_cells_and_without(people: dict[str, Relation]) -> None:
    for key, operator, values, answer in ASKED:
        asked = [people[value].id if value in people else value for value in values]

        assert names(condition(known(key), operator, asked, RelationValues)) == answer, (key, operator, "without")
    for key, operator, values, answer in ASKED:
        asked = [people[value].id if value in people else value for value in values]
        field = indexed(key)

        assert names(condition(field, operator, asked, RelationValues)) == answer, (key, operator, "with")
        if operator not in ("not", "empty", "all"):
            assert estimate(field, operator, asked, RelationValues) >= len(answer)
        ids = reach(field, operator, asked, RelationValues)
        if ids is not None:
            assert sorted(Relation.objects.filter(id__in=ids).values_list("name", flat=True)) == answer


def test_every_operator_was_asked() -> None:
    asked = {(key, operator) for key, operator, _values, _answer in ASKED}
    alike = {"link": "text", "choice": "choices"}

    assert {
        (type, operator)
        for type, operators in OPERATORS.items()
        for operator in operators
        if (type, operator) not in asked and (alike.get(type), operator) not in asked
    } <= {(type, operator) for type in ("number", "money", "date", "choices", "choice", "relation", "yes_no")
          for operator in ("empty", "filled", "not", "max", "between")}  # fmt: skip


def test_what_cannot_be_asked_is_said(people: dict[str, Relation]) -> None:
    for key, operator, value in (("number", "min", "x"), ("date", "on", "?"), ("choice", "is", "bronze"),
                                 ("relation", "is", "x"), ("yes_no", "is", "1")):  # fmt: skip
        with pytest.raises(Unreadable):
            condition(known(key), operator, [value], RelationValues)


def test_cells_follow_every_change(people: dict[str, Relation], alice: User) -> None:
    with entered(alice) as actor:
        choice = indexed("choice")
        gold = condition(choice, "is", ["gold"], RelationValues)
        done = set_values(
            actor=actor, values_model=RelationValues, record=people["Bert"], values={"choice": "gold", "text": "x"}
        )
        assert names(gold) == ["Anna", "Bert"]
        put(actor, people["Anna"], choice=None)
        assert names(gold) == ["Bert"]
        undo(done.id if done else choice.id)
        assert names(gold) == []
        assert RelationCell.objects.filter(key__startswith=choice.id.hex).count() == 1
        with operation("delete_relation"):
            Relation.objects.filter(id=people["Bert"].id).delete()
        assert RelationCell.objects.count() == 0


def test_a_value_in_a_circle_one_is_not_in_is_not_there_for_any_question(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        secret = make_group("Health", circle_id=only_me())
        make_field("text", secret, key="illness")
        make_field("number", key="size")
        hidden, henk = make_person("Hidden", circle_id=only_me()), make_person("Henk")
        put(actor, henk, illness="gout", size="1")
        put(actor, hidden, size="2")
        indexed("illness")
        indexed("size")
        assert names(condition(known("illness"), "filled", [], RelationValues)) == ["Henk"]
    with entered(bob):
        assert [one.key for one in fields_of("person")] == ["size"]
        assert RelationValues.objects.count() == 1
        assert RelationCell.objects.count() == 1
        assert estimate(known("size"), "filled", [], RelationValues) == 1
        assert names(condition(known("size"), "min", ["2"], RelationValues)) == []


def test_a_reference_to_a_hidden_relation_is_no_value_for_who_does_not_see_it(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        make_field("relation", key="partner")
        henk, ria = make_person("Henk"), make_person("Ria")
        put(actor, henk, partner=str(ria.id))
        indexed("partner")
    with entered(bob):
        assert names(condition(known("partner"), "filled", [], RelationValues)) == ["Henk"]
    with entered(alice), operation("change_circle"):
        Relation.objects.filter(id=ria.id).update(circle_id=only_me())
    with entered(bob):
        assert names(condition(known("partner"), "filled", [], RelationValues)) == []
        assert names(condition(known("partner"), "is", [ria.id], RelationValues)) == []
    with entered(alice):
        assert names(condition(known("partner"), "is", [ria.id], RelationValues)) == ["Henk"]


def test_lists_sort_by_a_field_with_what_is_empty_last(people: dict[str, Relation]) -> None:
    def sorted_by(key: str) -> list[str]:
        plan = sort_segments(indexed(key))
        assert plan is not None
        found: list[str] = []
        for stretch in plan.stretches:
            rows = Relation.objects.annotate(**plan.annotations).filter(stretch.only)
            found += rows.order_by(*filter(None, [stretch.by, "id"])).values_list("name", flat=True)
        return found

    assert sort_segments(known("number")) is None
    for key in ("text", "number", "date", "choice", "yes_no", "link"):
        assert sorted_by(key) == ["Anna", "Bert", "Cees"], key
    assert sorted_by("relation") == ["Bert", "Anna", "Cees"]
    assert sort_segments(indexed("choices")) is None


def test_numbers_sort_by_their_letters_in_the_database_and_here(alice: User) -> None:
    numbers = [-1e15, -2.5, -2.0, -1e-9, -0.0, 0.0, 1e-9, 1.0, 1.5, 2.0, 10.0, 999999.25, 1e15]

    letters = [sortable(number) for number in numbers]

    assert letters == sorted(letters)
    with entered(alice), connection.cursor() as cursor:
        cursor.execute(
            "SELECT plein_sortable(n) FROM unnest(%s::float8[]) WITH ORDINALITY t (n, o) ORDER BY o", [numbers]
        )
        assert [row[0] for row in cursor.fetchall()] == letters


def test_the_letters_of_a_field_are_not_looked_for_in_its_name(people: dict[str, Relation]) -> None:
    text = indexed("text")

    for letter in "0123456789abcdef:":
        expected = [name for name, kept in (("Anna", "creme brulee"), ("Bert", "custard")) if letter in kept]
        assert names(condition(text, "has", [letter], RelationValues)) == expected, letter
