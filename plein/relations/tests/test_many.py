# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done with many relations at once: by the pages, by the worker, and back again."""

from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from plein.core.ids import new_id
from plein.core.leases import AtWork
from plein.core.models import Change, Operation
from plein.core.operations import operation, undo
from plein.lists.bulk import actions
from plein.lists.bulk.acts import CannotChange, WishRefused
from plein.lists.bulk.models import BulkBatch, BulkFailure, BulkRun, BulkState
from plein.lists.bulk.runner import RUNS
from plein.relations.actions import create_person, tag
from plein.relations.models import ContactPoint, Relation, Tag, Tagging
from plein.relations.tests.crowd import people, started, worked
from plein.testing.factories import make_contact_point, make_person
from plein.trust.actions import undo_operation
from plein.trust.models import Seat, User
from plein.trust.seats import entered


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 3)


def test_a_few_are_done_at_once_in_one_operation_that_can_be_undone(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        ids = people(4)
        colleague = Seat.objects.get(user=bob).id
        tag(actor=actor, relation=Relation.objects.get(id=ids[0]), name="fair")

        def do(act: str, chosen: list[UUID], **wish: str) -> BulkRun:
            wanted = {name: [text] for name, text in wish.items()}
            return actions.change_many(actor=actor, kind="person", ids=chosen, act=act, wish=wanted)

        tagged, given = do("tag", ids, name="fair"), do("assign", ids, owner=str(colleague))
        deleted = do("delete", ids[:3])
        assert [run.state for run in (tagged, given, deleted)] == [BulkState.DONE] * 3
        assert [run.changed for run in (tagged, given, deleted)] == [3, 4, 3]
        assert Relation.objects.get().owner_id == colleague
        assert not BulkBatch.objects.exists()

        undo(deleted.operation_id)
        assert Relation.objects.count() == 4
        undo(tagged.operation_id)
        assert Tagging.objects.get().relation_id == ids[0]
        assert do("untag", ids, tag=str(Tag.objects.get().id)).changed == 1


def test_only_what_is_seen_is_touched_and_what_is_not_is_told(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        hidden = create_person(actor=actor, name="Geheim", circle_key="me")
        known = make_person("Bekend")
    with entered(bob) as colleague:
        run = actions.change_many(
            actor=colleague, kind="person", ids=[hidden.id, known.id, new_id()], act="delete", wish={}
        )
        assert (run.changed, run.failed) == (1, 2)
        with pytest.raises(CannotChange, match="Choose"):
            actions.change_many(actor=colleague, kind="person", ids=[], act="delete", wish={})
    with entered(alice):
        assert Relation.objects.get().id == hidden.id
        assert not BulkRun.objects.exists(), "a run is seen by who began it"


def test_what_is_wanted_must_make_sense(alice: User, gina: User) -> None:
    with entered(alice) as actor:
        ids = people(1)

        def refused(act: str, **wish: str) -> str:
            with pytest.raises(CannotChange) as refusal:
                wanted = {name: [text] for name, text in wish.items()}
                actions.change_many(actor=actor, kind="person", ids=ids, act=act, wish=wanted)
            return str(refusal.value)

        assert "one from the list" in refused("assign", owner=str(new_id()))
        assert "60" in refused("tag", name="x" * 61)
        assert "cannot be done" in refused("explode")
        with pytest.raises(WishRefused):
            actions.change_many(actor=actor, kind="person", ids=ids, act="tag", wish={"name": [""]})
        assert not BulkRun.objects.exists()
    with entered(gina) as guest, pytest.raises(PermissionDenied):
        actions.change_many(actor=guest, kind="person", ids=ids, act="tag", wish={"name": ["x"]})


def test_contact_points_move_along_only_with_their_last_owner(alice: User, bob: User) -> None:
    with entered(alice) as actor:
        ids = people(3)
        for one in ids:
            make_contact_point(Relation.objects.get(id=one), "email", f"{one}@example.com")
        shared = make_contact_point(Relation.objects.get(id=ids[0]), "phone", "+31612345678").contact_point
        with operation("add_contact_point"):
            shared.links.create(relation_id=ids[2])
        run = actions.change_many(actor=actor, kind="person", ids=ids[:2], act="move", wish={"circle": ["me"]})
        assert run.changed == 2
    with entered(bob):
        assert list(Relation.objects.values_list("id", flat=True)) == [ids[2]]
        assert set(ContactPoint.objects.values_list("value", flat=True)) == {f"{ids[2]}@example.com", "+31612345678"}


def test_a_worker_does_all_of_them_once_whatever_interrupts_it(alice: User) -> None:
    with entered(alice):
        ids = people(10)
    run = started(alice, ids)
    turns = iter([True, True, False, True, False, False, False, False])
    for _turn in range(4):
        run = worked(alice, run, should_stop=lambda: next(turns))

    assert (run.state, run.done, run.changed, run.failed) == (BulkState.DONE, 10, 10, 0)
    with entered(alice):
        assert sorted(Tagging.objects.values_list("relation_id", flat=True)) == sorted(ids)
        assert Change.objects.filter(operation_id=run.operation_id, table_name="relations_tagging").count() == 10


def test_the_set_is_fixed_when_it_begins(alice: User) -> None:
    with entered(alice):
        ids = people(4, place="Zwolle")
    run = started(alice, ids)
    with entered(alice), operation("edit"):
        Relation.objects.filter(id=ids[0]).update(place="Ommen")
        make_person("Later", place="Zwolle")
        Relation.objects.filter(id=ids[1]).delete()
    run = worked(alice, run)

    assert (run.changed, run.failed) == (3, 1)
    with entered(alice):
        assert set(Tagging.objects.values_list("relation_id", flat=True)) == {ids[0], ids[2], ids[3]}
        assert BulkFailure.objects.get().record_id == ids[1]


def test_an_edit_of_somebody_else_stays_in_history(alice: User, bob: User) -> None:
    with entered(alice):
        ids = people(2)
        theirs, ours = Seat.objects.get(user=bob).id, Seat.objects.get(user=alice).id
    run = started(alice, ids, "assign", owner=str(ours))
    with entered(bob), operation("edit"):
        Relation.objects.filter(id=ids[0]).update(owner_id=theirs)
    worked(alice, run)

    with entered(alice):
        kept = Change.objects.filter(row_id=ids[0], kind="U").order_by("id").values_list("before__owner_id", flat=True)
        assert list(kept) == [None, str(theirs)]
        undo(run.operation_id)
        assert Relation.objects.get(id=ids[0]).owner_id == theirs
        assert Relation.objects.get(id=ids[1]).owner_id is None


def test_two_workers_do_not_share_a_run_and_an_older_one_stops(alice: User) -> None:
    with entered(alice):
        ids = people(7)
    run = started(alice, ids)
    with entered(alice):
        BulkRun.objects.filter(id=run.id).update(holder="elsewhere:1", lease_until="2999-01-01T00:00Z")
    with pytest.raises(AtWork):
        worked(alice, run)
    with entered(alice):
        BulkRun.objects.filter(id=run.id).update(holder="", lease_until=None)

    def take_over() -> bool:
        with entered(alice):
            RUNS.take(run.id, BulkRun.objects.get(id=run.id).holder)
        return False

    assert worked(alice, run, should_stop=take_over).done == 3


def test_it_can_be_paused_resumed_and_cancelled(alice: User) -> None:
    with entered(alice):
        ids = people(7)
    run = started(alice, ids)

    def pause() -> bool:
        with entered(alice) as actor:
            actions.pause_run(actor=actor, run=run)
        return False

    assert worked(alice, run, should_stop=pause).state == BulkState.PAUSED
    assert worked(alice, run).done == 3
    with entered(alice) as actor:
        with pytest.raises(CannotChange, match="paused"):
            actions.pause_run(actor=actor, run=run)
        assert actions.resume_run(actor=actor, run=run).state == BulkState.RUNNING
        cancelled = actions.cancel_run(actor=actor, run=run, keep=False)
        assert (cancelled.state, cancelled.undo) == (BulkState.CANCELLED, "done")
        assert not Tagging.objects.exists()


def test_a_run_that_is_turned_back_midway_does_not_go_on(alice: User) -> None:
    with entered(alice):
        ids = people(7)
    run = started(alice, ids)
    assert worked(alice, run, should_stop=lambda: True).done == 3
    with entered(alice) as actor:
        undo_operation(actor=actor, operation_id=run.operation_id)

    assert worked(alice, run).state == BulkState.CANCELLED
    with entered(alice):
        assert not Tagging.objects.exists()


def test_who_loses_the_right_midway_stops_with_a_sentence(alice: User, bob: User) -> None:
    with entered(bob):
        ids = people(7)
    run = started(bob, ids, "delete")
    assert worked(bob, run, should_stop=lambda: True).done == 3
    with entered(alice), operation("change_seat"):
        Seat.objects.filter(user=bob).update(role="guest")
    run = worked(bob, run)

    assert run.state == BulkState.FAILED and "not do this any more" in run.problem
    with entered(alice):
        assert Relation.objects.count() == 4
        assert Operation.objects.get(id=run.operation_id).facts == {"count": 7, "run": str(run.id)}
