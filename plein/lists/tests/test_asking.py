# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every question there is, asked of every kind."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.http import QueryDict

from plein.core.ids import new_id, now
from plein.core.isolation import seat_id
from plein.lists.conditions import BadFilter, Test, write
from plein.lists.fields import ListField
from plein.lists.kinds import Known, kind_of, kinds
from plein.lists.operators import FieldType, Operator
from plein.lists.query import View, ViewQuery, count, ids, neighbours, open_view, page
from plein.lists.selection import Selection
from plein.relations import actions
from plein.relations.models import Relation, Tie
from plein.testing.factories import make_membership, make_moment, make_organization, make_person, make_todo
from plein.trust.models import Seat, User
from plein.trust.seats import Entrance, entered


def view_of(actor: Entrance, address: str, kind: str = "person", *, is_lenient: bool = False) -> View:
    """The view at an address."""
    query = ViewQuery.read(kind_of(kind), QueryDict(address).dict())
    return open_view(query, actor, is_lenient=is_lenient)


def names(view: View, limit: int = 50) -> list[str]:
    """What all rows of all pages are called."""
    found: list[str] = []
    cursor = ""
    while True:
        here = page(view, cursor=cursor, limit=limit)
        found += [view.kind.name_of(row.record) for row in here.rows]
        cursor = here.next
        if not cursor:
            return found


def values_for(field: ListField, operator: Operator) -> tuple[str, ...]:
    """Values that fit a question."""
    samples = {
        FieldType.NUMBER: "12.5", FieldType.MONEY: "12.5", FieldType.DATE: "2026-01-02", FieldType.TIME: "2026-01-02",
        FieldType.RELATION: str(new_id()), FieldType.SEAT: "team", FieldType.TAG: str(new_id()),
    }  # fmt: skip
    sample = {"last": "90d", "next": "2w", "older": "1y", "this": "month"}.get(
        operator.key, samples.get(field.type, "x")
    )
    return (sample,) * abs(operator.takes)


def questions() -> Iterator[tuple[str, Test]]:
    for kind in kinds():
        for field in kind.fields:
            for operator in field.asked if field.where else ():
                yield kind.key, Test(field.key, operator.key, values_for(field, operator))


@pytest.mark.parametrize("kind", [kind.key for kind in kinds()])
def test_every_question_can_be_asked_and_counted(alice: User, kind: str) -> None:
    with entered(alice) as actor:
        henk = make_person(place="x", owner_id=actor.seat_id)
        make_moment(henk)
        make_todo(relation=henk, due_on=now().date())
        for key, test in questions():
            if key == kind:
                view = view_of(actor, f"f={write([test])}", kind)
                assert count(view) == len(page(view).rows) <= 1, test


@pytest.mark.parametrize("kind", [kind.key for kind in kinds()])
def test_every_order_and_group_holds_everybody_once(alice: User, bob: User, kind: str) -> None:
    with entered(alice) as actor:
        seats = [None, Seat.objects.get(user=alice), Seat.objects.get(user=bob)]
        for number in range(7):
            place, owner = ("", "Zwolle", "Ommen")[number % 3], seats[number % 3]
            henk = make_person(f"Henk {number % 3}", place=place, owner=owner)
            make_organization(f"Dijk {number % 3}", place=place, owner=owner)
            make_moment(henk, occurred_at=now() - timedelta(days=number % 3))
            due = now().date() + timedelta(days=number % 2) if number % 3 else None
            make_todo(assignee=owner, due_on=due)
        for field in Known(actor).of(kind).values():
            for sort in (field.key, f"-{field.key}") if field.sort else ():
                for group in ("", field.key) if field.heading else ("",):
                    view = view_of(actor, f"f=&sort={sort}&group={group}", kind)
                    whole = [row.record.id for row in page(view).rows]
                    cursor, paged, heads = "", list[UUID](), 0
                    while True:
                        part = page(view, cursor=cursor, limit=2)
                        paged += [row.record.id for row in part.rows]
                        heads += sum(row.heading is not None for row in part.rows)
                        if not (cursor := part.next):
                            break
                    assert len(set(whole)) == 7
                    assert paged == whole
                    assert bool(heads) == bool(group)


def test_a_question_across_relations_finds_who_fits_all_of_it(alice: User) -> None:
    with entered(alice) as actor:
        me = make_person("Alice", seat_id=actor.seat_id)
        zwolle, ommen = make_organization("Z", place="Zwolle"), make_organization("O", place="Ommen")
        people = [make_person(name) for name in ("Fits", "Elsewhere", "Recent", "Strange")]
        for person, company in zip(people, (zwolle, ommen, zwolle, zwolle), strict=True):
            make_membership(person, company)
        for person in people[:3]:
            actions.add_tie(actor=actor, one=person, other=me, kind="knows")
        make_moment(people[0], occurred_at=now() - timedelta(days=92))
        make_moment(people[2], occurred_at=now() - timedelta(days=88))

        asked = "some.organization(place:is:Zwolle);none.moment(when:last:90d);some.tie(with:is:me)"
        assert names(view_of(actor, f"f={asked}")) == ["Fits"]
        assert names(view_of(actor, f"f=not(and({asked}));ours:no;none.person()".replace(";none.person()", ""))) == [
            "Alice", "Elsewhere", "Recent", "Strange",
        ]  # fmt: skip
        assert names(view_of(actor, "f=some.person(some.tie(with:is:me))", "organization")) == ["O", "Z"]
        mixed = "f=some.organization(or(role:is:directeur;place:is:Ommen);place:is:Zwolle)"
        assert names(view_of(actor, mixed)) == ["Fits", "Recent", "Strange"]


def test_what_a_circle_hides_answers_no_question(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        henk = make_person("Henk")
        hidden = actions.create_organization(actor=actor, name="Hidden", place="Zwolle", circle_key="me")
        make_membership(henk, hidden)

        assert names(view_of(actor, "f=some.organization(place:is:Zwolle)")) == ["Henk"]
    with entered(bob) as actor:
        assert names(view_of(actor, "f=some.organization(place:is:Zwolle)")) == []
        assert names(view_of(actor, "f=none.organization(place:is:Zwolle)")) == ["Henk"]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("salary:is:1", "salary"), ("place:smells:x", "smells"), ("some.boat()", "boat"), ("place:is", "Place"),
        ("changed:last:soon", "90d"), ("owner:is:nobody", "Owner"), ("some.tie(place:is:x)", "place"),
        ("changed:between:2026-01-01", "Changed"), ("tag:is:me", "Tag"), ("changed:on:2026-13-01", "2026-11-24"),
        ("some.organization(some.person(x:is:1))", "x"), ("changed:last:99999y", "shorter"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_asked_is_named(alice: User, asked: str, named: str) -> None:
    with entered(alice) as actor:
        make_person("Henk")
        with pytest.raises(BadFilter, match=named):
            view_of(actor, f"f={asked}")
        lenient = view_of(actor, f"f={asked};ours:no", is_lenient=True)

        assert names(lenient) == ["Henk"]
        assert len(lenient.problems) == 1


def test_an_address_is_written_as_short_as_it_was(alice: User) -> None:
    with entered(alice):
        kind = kind_of("person")
        address = "f=place:is:Zwolle;some.organization(role:has:chef~,%20oud)&q=henk&columns=place,owner&sort=-changed"
        query = ViewQuery.read(kind, QueryDict(address).dict())

        assert query.address() == address
        assert ViewQuery.read(kind, {}).address() == ""
        assert ViewQuery.read(kind_of("todo"), {}).address() == ""
        assert ViewQuery.read(kind_of("todo"), {"f": ""}).address() == "f="
        legacy = ViewQuery.read(kind, {"place": "Zwolle", "owner": "me", "tag": "y", "favourite": "1"})
        assert legacy.address() == "f=place:is:Zwolle;owner:is:me;favourite:yes"


def test_next_and_previous_follow_the_view(alice: User) -> None:
    with entered(alice) as actor:
        people = [make_person(f"Henk {number}", place="Zwolle" if number < 2 else "") for number in range(4)]
        outside = make_organization()
        view = view_of(actor, "sort=-place")
        order = [row.record.id for row in page(view).rows]
        found = [neighbours(view, one) for one in order]

        assert [one and one.place for one in found] == [1, 2, 3, 4]
        assert [one and one.previous for one in found] == [None, *order[:3]]
        assert [one and one.next for one in found] == [*order[1:], None]
        assert neighbours(view, outside.id) is None
        assert {person.id for person in people} == set(order)


def test_a_selection_walks_a_whole_view_or_what_was_ticked(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        people = [make_person(f"Henk {number}", owner_id=actor.seat_id if number % 2 else None) for number in range(9)]
        mine = sorted(person.id for person in people if person.owner_id)
        everything = Selection.from_json(Selection("person", view="f=owner:is:me").to_json())
        ticked = Selection.read("person", {}, [str(people[0].id), "x", str(new_id()), str(people[1].id)])

        assert [one for batch in everything.batches(actor, size=3) for one in batch] == mine
        assert everything.count(actor, cap=2) == 3
        assert list(everything.batches(actor, size=2, after=mine[1])) == [mine[2:]]
        assert list(ticked.batches(actor)) == [sorted([people[0].id, people[1].id])]
        assert ids(view_of(actor, "f=owner:is:me")) == mine
    with entered(bob) as other:
        assert list(everything.batches(other)) == []
        with pytest.raises(BadFilter):
            list(Selection("person", view="f=nothing:is:x").batches(other))


def test_the_reader_is_who_asks(alice: User, bob: User) -> None:
    with entered(alice):
        make_person("Van Bob", owner_id=Seat.objects.get(user=bob).id)
    with entered(bob) as actor:
        assert seat_id() == actor.seat_id
        assert names(view_of(actor, "f=owner:is:me")) == ["Van Bob"]
        assert names(view_of(actor, "f=owner:is:team")) == ["Van Bob"]
        assert Relation.objects.count() == 1 and not Tie.objects.exists()


def test_driving_a_list_by_its_narrow_questions_changes_nothing_but_the_way(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with entered(alice) as actor:
        zwolle = make_organization("Z", place="Zwolle")
        hidden = actions.create_organization(actor=actor, name="Hidden", place="Zwolle", circle_key="me")
        for number in range(6):
            person = make_person(f"Henk {number}", place=("Ommen", "Zwolle")[number % 2])
            make_membership(person, zwolle if number < 4 else hidden)
            if number % 3 == 0:
                actions.tag(actor=actor, relation=person, name="fair")
    asked = "f=place:is:Zwolle;some.organization(place:is:Zwolle)", "f=tag:filled;some.organization(place:is:Zwolle)"
    for user in (alice, bob):
        with entered(user) as actor:
            found = [names(view_of(actor, one), limit=2) for one in asked]
            assert [count(view_of(actor, one)) for one in asked] == [len(one) for one in found]
            # Without a narrow question, with more than is brought together, and without the finder.
            for name, other in (("NARROW", -1), ("FEW", 1), ("FEW", 0), ("is_scoped", lambda sql: False)):
                monkeypatch.setattr(f"plein.lists.driving.{name}", other)
                assert found == [names(view_of(actor, one), limit=2) for one in asked]
                assert [count(view_of(actor, one)) for one in asked] == [len(one) for one in found]
                monkeypatch.undo()
            assert found[0] == (["Henk 1", "Henk 3", "Henk 5"] if user == alice else ["Henk 1", "Henk 3"])
