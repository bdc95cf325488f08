# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done with many relations at once: by the pages, by the worker, and back again."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from plein.core.ids import new_id
from plein.core.leases import AtWork
from plein.core.models import Change, Operation
from plein.core.operations import operation, undo
from plein.lists.bulk import actions
from plein.lists.bulk.acts import CannotChange, WishRefused
from plein.lists.bulk.models import BulkBatch, BulkFailure, BulkRun, BulkState
from plein.lists.bulk.runner import RUNS, Runner
from plein.relations.actions import create_person, tag
from plein.relations.models import ContactPoint, Relation, Tag, Tagging
from plein.testing.factories import make_contact_point, make_person
from plein.trust.actions import undo_operation
from plein.trust.models import Seat, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def people(count: int, **changes: Any) -> list[UUID]:
    return [make_person(f"Henk {number:03}", **changes).id for number in range(count)]


def at(name: str, *arguments: object) -> str:
    return reverse(f"lists:{name}", args=arguments)


def started(user: User, ids: list[UUID], act: str = "tag", **wish: str) -> BulkRun:
    """A run that waits for a worker."""
    wanted = {name: [text] for name, text in (wish or {"name": "fair"}).items()}
    with entered(user) as actor:
        return actions.change_many(actor=actor, kind="person", ids=ids, act=act, wish=wanted, in_background=True)


def worked(user: User, run: BulkRun, **more: Any) -> BulkRun:
    """The run after a worker had its turn."""
    Runner(user, run.workspace_id, run.id, **more).carry_out()
    with entered(user):
        return BulkRun.objects.get(id=run.id)


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


def test_the_pages_ask_first_and_then_do_it(alice: User, bob: User, signed_in: SignIn) -> None:
    with entered(alice):
        ids = people(3)
        colleague = Seat.objects.get(user=bob).id
    client = signed_in(alice)
    chosen = {"ids": [*map(str, ids[:2]), "nonsense"], "next": "/people/?place=Zwolle"}

    asked = client.post(at("bulk", "person", "tag"), chosen, headers=HTMX).content.decode()
    assert "2 people" in asked and "<html" not in asked and f"{ids[0]},{ids[1]}" in asked
    assert "<html" in client.post(at("bulk", "person", "tag"), chosen).content.decode()
    with entered(alice):
        assert not Operation.objects.filter(verb="tag_relations").exists()
    tagged = client.post(at("bulk", "person", "tag"), chosen | {"go": "1", "name": "fair"})
    given = client.post(at("bulk", "person", "assign"), chosen | {"go": "1", "owner": str(colleague)}, headers=HTMX)
    said = client.get("/people/").content.decode()
    stranger = client.post(at("bulk", "person", "assign"), chosen | {"go": "1", "owner": str(ids[0])})
    empty = client.post(at("bulk", "person", "tag"), chosen | {"go": "1", "name": " "}, headers=HTMX)
    deleted = client.post(at("bulk", "person", "delete"), chosen | {"go": "1", "next": "https://example.com/"})

    assert (tagged["Location"], given["HX-Redirect"]) == ("/people/?place=Zwolle", "/people/?place=Zwolle")
    assert deleted["Location"] == reverse("relations:person_list")
    assert (stranger.status_code, empty.status_code) == (422, 422)
    assert "Choose one from the list" in stranger.content.decode() and 'aria-invalid="true"' in empty.content.decode()
    assert "Tag fair: 2 people." in said and "Give to Bob: 2 people." in said
    with entered(alice):
        assert [one.name for one in Relation.objects.all()] == ["Henk 002"]


def test_everything_a_view_shows_is_done_in_the_background_and_told(
    alice: User, bob: User, charlie: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 5)
    with entered(alice):
        people(7, place="Zwolle")
        make_person("Elders", place="Ommen")
    client = signed_in(alice)
    chosen = {"all": "1", "view": "f=place:is:Zwolle", "next": "/people/"}

    assert "7 people" in client.post(at("bulk", "person", "tag"), chosen, headers=HTMX).content.decode()
    begun = client.post(at("bulk", "person", "tag"), chosen | {"go": "1", "name": "fair"}, headers=HTMX)
    place = begun["HX-Redirect"]
    with entered(alice):
        run = BulkRun.objects.get()
    assert run.total == 7 and place.startswith(at("bulk_run", run.id))
    assert "Waiting for its turn" in client.get(place).content.decode()
    assert at("bulk_news") in client.get("/people/").content.decode()
    assert client.get(at("bulk_news"), headers=HTMX).status_code == 204
    for stranger in (bob, charlie):
        for name in ("bulk_run", "bulk_failures", "bulk_failure_file"):
            assert signed_in(stranger).get(at(name, run.id)).status_code == 404
        for name in ("bulk_pause", "bulk_resume", "bulk_cancel", "bulk_undo"):
            assert signed_in(stranger).post(at(name, run.id)).status_code == 404

    with entered(alice), operation("delete_relation"):
        Relation.objects.filter(name="Henk 003").delete()
    worked(alice, run)

    news = client.get(at("bulk_news"), headers=HTMX)
    assert "Tag fair: 6 people. 1 was left as it was." in news["HX-Trigger"] and b"bulk/news" not in news.content
    assert at("bulk_news") not in client.get("/people/").content.decode()
    done = client.get(place).content.decode()
    assert "Henk 003" in done and "no longer there" in done
    assert "Henk 003" in client.get(at("bulk_failures", run.id)).content.decode()
    assert 'Henk 003,"It is no longer there' in client.get(at("bulk_failure_file", run.id)).content.decode()
    assert "Tag fair" in client.get(at("bulk_runs")).content.decode()
    client.post(at("bulk_undo", run.id))
    assert "All of it was turned back" in client.get(place).content.decode()
    with entered(alice):
        assert not Tagging.objects.exists()


def test_deleting_many_asks_for_their_number(alice: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plein.lists.bulk.views.asking.TYPED_ABOVE", 2)
    with entered(alice):
        ids = people(3)
    client = signed_in(alice)
    chosen = {"ids": ",".join(map(str, ids)), "go": "1"}

    without = client.post(at("bulk", "person", "delete"), chosen | {"counted": "3"}, headers=HTMX)
    other = client.post(at("bulk", "person", "delete"), chosen | {"counted": "2", "confirm": "2"}, headers=HTMX)
    assert (without.status_code, other.status_code) == (422, 422)
    assert "Type 3 to" in without.content.decode() and "There are 3 now" in other.content.decode()
    with entered(alice):
        assert Relation.objects.count() == 3
    client.post(at("bulk", "person", "delete"), chosen | {"counted": "3", "confirm": " 3 "})
    with entered(alice):
        assert not Relation.objects.exists()


def test_nothing_chosen_and_nonsense_are_answered_in_words(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    nothing = client.post(at("bulk", "person", "tag"), {"ids": "x"}, headers=HTMX)
    broken = client.post(at("bulk", "person", "tag"), {"all": "1", "view": "f=place:is"}, headers=HTMX)

    assert nothing.status_code == 422 and "Choose at least one" in nothing.content.decode()
    assert broken.status_code == 422
    assert client.post(at("bulk", "person", "explode"), {}).status_code == 404
    assert client.post(at("bulk", "elephant", "tag"), {}).status_code == 404
    assert client.get(at("bulk", "person", "tag")).status_code == 200
