# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Q

from plein.core.models import Change, Operation
from plein.core.operations import EditConflict, operation, save_edit, undo
from plein.core.tests.test_undo import snapshot
from plein.lists.models import SavedView
from plein.metadata.actions import set_values
from plein.moments.models import Participant, ToDo
from plein.relations import actions
from plein.relations.models import (
    ContactPoint,
    ContactPointLink,
    Favourite,
    Follow,
    Former,
    Membership,
    Relation,
    RelationValues,
    Tagging,
    Tie,
)
from plein.relations.placing import RELATIONS
from plein.relations.queries.merging import comparison
from plein.testing.cast import Cast
from plein.testing.factories import (
    make_contact_point,
    make_field,
    make_group,
    make_membership,
    make_moment,
    make_organization,
    make_person,
    make_todo,
)
from plein.trust.actions import place
from plein.trust.circles import circle_for, only_me
from plein.trust.models import Seat, User
from plein.trust.seats import Entrance, entered


def fresh(relation: Relation) -> Relation:
    found: Relation = Relation.objects.get(id=relation.id)
    return found


def merge(actor: Entrance, into: Relation, other: Relation, circle: str = "", **sides: str) -> Operation:
    choices = actions.Choices(sides, circle)
    return actions.merge_relations(actor=actor, into=fresh(into), other=fresh(other), choices=choices)


def unrecorded() -> tuple[list[Any], ...]:
    """Rows of which no history is kept, which an undo brings back all the same."""
    return tuple(sorted(model.objects.values_list("relation_id", "seat_id")) for model in (Favourite, Follow))


def two_with_everything(actor: Entrance) -> tuple[Relation, Relation]:
    """Two persons with something of everything, some of it the same."""
    left = make_person("Rik van Dijk", place="Zwolle")
    right = make_person("R. v. Dijk", place="Ommen", headline="Adviseur", about="Kent iedereen.", is_ours=True)
    firm, friend = make_organization("Van Dijk"), make_person("Jan")
    for one in (left, right):
        actions.tag(actor=actor, relation=one, name="klant")
        make_membership(one, firm)
        actions.add_interest(actor=actor, relation=one, text="zeilen")
        actions.add_contact_point(actor=actor, relation=one, text="rik@vandijk.example")
        actions.set_favourite(actor=actor, relation=one, is_favourite=True)
    actions.tag(actor=actor, relation=right, name="beurs")
    actions.add_contact_point(actor=actor, relation=right, text="+31 6 12345678")
    actions.add_important_date(actor=actor, relation=right, kind="birthday", on=date(1986, 12, 14))
    actions.add_tie(actor=actor, one=left, other=friend, kind="friend")
    actions.add_tie(actor=actor, one=friend, other=right, kind="friend")
    actions.add_tie(actor=actor, one=left, other=right, kind="knows")
    actions.set_following(actor=actor, relation=right, is_following=True)
    make_moment(left, right)
    make_moment(right)
    make_todo(relation=right)
    with operation("save_view"):
        SavedView.objects.create(kind="moment", name="Rik", query=f"relation={right.id}")
    return left, right


def test_all_that_belonged_to_either_belongs_to_the_one_that_stays(alice: User) -> None:
    with entered(alice) as actor:
        left, right = two_with_everything(actor)
        done = merge(actor, left, right)

        kept = fresh(left)
        assert (kept.name, kept.place, kept.headline) == ("Rik van Dijk", "Zwolle", "Adviseur")
        assert not Relation.objects.filter(id=right.id).exists()
        assert sorted(Tagging.objects.filter(relation=kept).values_list("tag__name", flat=True)) == ["beurs", "klant"]
        assert Membership.objects.filter(person=kept).count() == 1
        assert sorted(one.contact_point.kind for one in kept.links.all()) == ["email", "phone"]
        assert Tie.objects.filter(one=kept).count() + Tie.objects.filter(other=kept).count() == 1
        assert Participant.objects.filter(relation=kept).count() == 2
        assert ToDo.objects.filter(relation=kept).count() == 1
        assert SavedView.objects.get().query == f"relation={kept.id}"
        assert unrecorded() == ([(kept.id, actor.seat_id)], [(kept.id, actor.seat_id)])
        assert Former.objects.get().former_id == right.id
        assert done.facts["into"] == str(left.id)


def test_a_merge_is_parted_again_and_made_again(alice: User) -> None:
    with entered(alice) as actor:
        left, right = two_with_everything(actor)
        before, marks = snapshot(), unrecorded()
        done = merge(actor, left, right, place="right", about="both")
        after, after_marks = snapshot(), unrecorded()

        parted = undo(done.id)
        assert (snapshot(), unrecorded()) == (before, marks)
        assert parted.left_alone == 0

        again = undo(parted.operation.id)
        assert (snapshot(), unrecorded()) == (after, after_marks)
        undo(again.operation.id)
        assert (snapshot(), unrecorded()) == (before, marks)


@pytest.mark.parametrize("side", ["left", "right"])
def test_what_was_not_chosen_goes_and_comes_back(alice: User, side: str) -> None:
    with entered(alice) as actor:
        left, right = two_with_everything(actor)
        before = snapshot()
        chosen = dict.fromkeys(
            ("name", "place", "about", "points", "roles", "ties", "tags", "interests", "dates"), side
        )
        done = merge(actor, left, right, **chosen)

        kept = fresh(left)
        assert kept.name == (left.name if side == "left" else right.name)
        assert kept.links.count() == (1 if side == "left" else 2)
        assert Tagging.objects.filter(relation=kept).count() == (1 if side == "left" else 2)
        undo(done.id)
        assert snapshot() == before


def test_own_fields_are_chosen_one_by_one(alice: User) -> None:
    with entered(alice) as actor:
        group = make_group()
        first, second, third = (make_field("text", group, key) for key in ("first", "second", "third"))
        friend = make_field("relation", make_group("Far"), "friend")
        left, right, other = make_person("Rik"), make_person("R."), make_person("Jan")
        for one, values in (
            (left, {"first": "a", "second": "b"}),
            (right, {"first": "c", "second": "d", "third": "e"}),
            (other, {"friend": str(right.id)}),
        ):
            set_values(actor=actor, values_model=RelationValues, record=one, values=values)
        before = snapshot()
        done = merge(actor, left, right, **{f"c.{second.id}": "right"})

        kept = RelationValues.objects.get(relation=left).values
        assert kept == {str(first.id): "a", str(second.id): "d", str(third.id): "e"}
        assert RelationValues.objects.get(relation=other).values == {str(friend.id): str(left.id)}
        undo(done.id)
        assert snapshot() == before


def test_hidden_rows_move_along_and_stay_hidden(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        left, right = make_person("Rik"), make_person("R.")
        secret = make_moment(right, circle_id=only_me())
        hidden = make_organization("Verborgen", circle_id=only_me())
        make_membership(right, hidden)
        actions.set_favourite(actor=actor, relation=right, is_favourite=True)
        before = snapshot()
    with entered(cast.bob) as bob:
        assert "moment" not in " ".join(one.words for one in comparison(left.id, right.id).moved)  # type: ignore[union-attr]
        done = merge(bob, left, right)
        assert Participant.objects.count() == 0 and Membership.objects.count() == 0
        assert not Change.objects.filter(operation_id=done.id, table_name="moments_participant").exists()
    with entered(cast.alice) as actor:
        assert Participant.objects.get(moment=secret).relation_id == left.id
        assert Membership.objects.get(organization=hidden).person_id == left.id
        assert Favourite.objects.get(seat_id=actor.seat_id).relation_id == left.id
        undo(done.id)
        assert snapshot() == before


@pytest.mark.parametrize("hidden_side", ["left", "right"])
def test_the_narrower_circle_holds_and_nobody_outside_it_learns_of_the_merge(cast: Cast, hidden_side: str) -> None:
    with entered(cast.alice) as actor:
        left = make_person("Rik", circle_id=only_me() if hidden_side == "left" else circle_for("everyone"))
        right = make_person("R.", circle_id=only_me() if hidden_side == "right" else circle_for("everyone"))
        make_contact_point(left, "email", "rik@x.example")
        make_moment(right)
        shown = {one.id for one in (left, right) if one.circle_id != only_me()}
    with entered(cast.bob):
        seen_before = snapshot()
        known = set(Change.objects.values_list("id", flat=True))
    with entered(cast.alice) as actor:
        done = merge(actor, left, right)
        assert fresh(left).circle_id == only_me()
    with entered(cast.bob):
        assert not Relation.objects.filter(id__in=[left.id, right.id]).exists()
        assert not Change.objects.filter(operation_id=done.id).exists()
    with entered(cast.alice):
        parted = undo(done.id)
    with entered(cast.bob):
        assert set(Relation.objects.filter(id__in=[left.id, right.id]).values_list("id", flat=True)) == shown
        assert not Change.objects.filter(operation_id__in=[done.id, parted.operation.id]).exists()
        assert snapshot() == seen_before
        assert set(Change.objects.values_list("id", flat=True)) == known


def test_the_past_of_who_was_merged_goes_along_when_the_one_is_hidden_later(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        left, right = make_person("Rik"), make_person("Zilverspar")
        make_contact_point(right, "email", "zilverspar@x.example")
        actions.add_interest(actor=actor, relation=right, text="zilverspar")
        merge(actor, left, right)
    past = Q(before__icontains="zilverspar") | Q(about_id=right.id)
    with entered(cast.bob):
        assert Change.objects.filter(past).exists()
    with entered(cast.alice) as actor:
        moved = place(actor=actor, kind=RELATIONS, record=fresh(left), audience="me")
    with entered(cast.bob):
        assert not Change.objects.filter(past).exists()
    with entered(cast.alice):
        assert Change.objects.filter(past).exists()
        undo(moved.id)
        assert Change.objects.filter(past).exists()


def test_two_that_different_people_see_ask_who_sees_the_one(cast: Cast) -> None:
    with entered(cast.bob) as bob:
        left = make_person("Rik", circle_id=only_me())
        right = make_person("R.", circle_id=circle_for("Sales"))
        with pytest.raises(actions.Refused, match="different people"):
            merge(bob, left, right)
        assert not Operation.objects.filter(verb="merge_relations").exists()
        merge(bob, left, right, circle="both")
        assert fresh(left).name == "Rik"
    with entered(cast.alice):
        assert not Relation.objects.filter(id=left.id).exists()


def test_who_saw_one_of_the_two_does_not_see_the_one(cast: Cast) -> None:
    with entered(cast.bob) as bob:
        alice, gina = (Seat.objects.get(user=user).id for user in (cast.alice, cast.gina))
        left = make_person("Rik", circle_id=circle_for(f"people:{alice}"))
        right = make_person("R.", circle_id=circle_for(f"people:{gina}"))
        done = merge(bob, left, right, circle="both")
        assert fresh(left).name == "Rik"
    for user in (cast.alice, cast.gina):
        with entered(user):
            assert not Relation.objects.filter(id__in=[left.id, right.id]).exists()
    with entered(cast.bob):
        undo(done.id)
    for user, seen in ((cast.alice, left), (cast.gina, right)):
        with entered(user):
            assert Relation.objects.filter(id__in=[left.id, right.id]).get() == seen


def test_these_two_cannot_become_one(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        person, firm = make_person(), make_organization()
        colleagues = [make_person(name, seat_id=actor.seat_id) for name in ("Alice", "A.")]

        for left, right in ((person, person), (person, firm), colleagues):
            with pytest.raises(actions.Refused):
                merge(actor, left, right)
        with pytest.raises(actions.Refused):
            merge(actor, person, make_person("Jan"), place="both")


def test_whoever_wants_no_contact_still_wants_none(alice: User) -> None:
    with entered(alice) as actor:
        left, right = make_person("Rik"), make_person("R.")
        make_contact_point(right, "email", "rik@x.example")
        actions.forbid_contact(actor=actor, relation=right, reason="asked us")
        merge(actor, left, right, points="left")

        assert (fresh(left).do_not_contact, fresh(left).do_not_contact_reason) == (True, "asked us")
        assert ContactPoint.objects.get(value="rik@x.example").do_not_contact


def test_an_address_that_holds_stays_rather_than_one_taken_back(alice: User) -> None:
    with entered(alice) as actor:
        left, right = make_person("Rik"), make_person("R.")
        old = make_contact_point(left, "email", "rik@x.example")
        actions.revoke_contact_point(actor=actor, link=old)
        make_contact_point(right, "email", "rik@x.example", is_primary=True)
        merge(actor, left, right)

        link = ContactPointLink.objects.get(relation=left)
        assert link.revoked_at is None and link.is_primary


def test_a_chain_of_merges_leads_to_the_last_one(alice: User) -> None:
    with entered(alice) as actor:
        first, second, third = (make_person(name) for name in ("A", "B", "C"))
        merge(actor, second, first)
        last = merge(actor, third, second)

        assert set(Former.objects.values_list("former_id", "relation_id")) == {
            (first.id, third.id),
            (second.id, third.id),
        }
        undo(last.id)
        assert set(Former.objects.values_list("former_id", "relation_id")) == {(first.id, second.id)}


def test_what_changed_since_is_left_alone_and_named(alice: User) -> None:
    with entered(alice) as actor:
        left, right = make_person("Rik", place="Zwolle"), make_person("R.", place="Ommen")
        done = merge(actor, left, right, place="right")
        with operation("edit"):
            save_edit(fresh(left), {"place": "Kampen"}, based_on=fresh(left).version)
        result = undo(done.id)

        assert result.left_alone == 1
        assert {one.name: one.place for one in Relation.objects.all()} == {"Rik": "Kampen", "R.": "Ommen"}


def test_a_merge_looks_whether_both_are_as_they_were(alice: User) -> None:
    with entered(alice) as actor:
        left, right = make_person("Rik"), make_person("R.")
        with operation("edit"):
            save_edit(right, {"place": "Ommen"}, based_on=1)
        with pytest.raises(EditConflict):
            actions.merge_relations(actor=actor, into=left, other=right)
        gone = Relation(id=UUID(int=7), kind="person", version=1)
        with pytest.raises(Relation.DoesNotExist):
            actions.merge_relations(actor=actor, into=left, other=gone)

        assert Relation.objects.count() == 2
