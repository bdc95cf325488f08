# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a user does with many rows at once: change them, follow it, pause it, cancel it, turn it back."""

from collections.abc import Iterable
from itertools import batched
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from plein.core.events import publish
from plein.core.models import Change
from plein.core.operations import Chosen, UndoResult, begin
from plein.lists.bulk.acts import Act, CannotChange, Wish, act_of
from plein.lists.bulk.carrying import carry_out_batch
from plein.lists.bulk.models import BulkBatch, BulkRun, BulkState
from plein.lists.bulk.runner import end_run
from plein.lists.events import BulkResumed, UndoAsked
from plein.trust.actions import permit_undo, undo_operation
from plein.trust.circles import only_me
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: So many rows are changed at once, while the user waits; more of them in the background.
AT_ONCE = 200
BATCH = 1000
#: An operation with more changes than this is turned back in the background.
MUCH = 1000
LONGEST_SENTENCE = 300
#: The most rows one act may touch.
MOST = 1_000_000


def change_many(
    *, actor: Entrance, kind: str, ids: Iterable[UUID], act: str, wish: Wish, in_background: bool | None = None
) -> BulkRun:
    """Do something with many rows: few of them at once, many in the background, or as `in_background` says.

    Which rows is settled here and now; what the actor does not see of them is left alone. All of it is one operation.
    Raises CannotChange, and WishRefused with sentences by field.
    """
    chosen = act_of(kind, act)
    permit(actor, chosen.permission)
    wish = {name: list(texts) for name, texts in wish.items()}
    chosen.read(wish)
    with transaction.atomic():
        run = _settle(actor, kind, chosen, wish, ids)
        if run.total == 0:
            raise CannotChange(_("Choose at least one in the list first."))
        if in_background is None:
            in_background = run.total > AT_ONCE
        if in_background:
            publish(BulkResumed(run.id))
            return run
        for batch in BulkBatch.objects.filter(run=run).order_by("number"):
            carry_out_batch(actor, run, batch)
        end_run(run, BulkState.DONE)
    return BulkRun.objects.get(id=run.id)


def _settle(actor: Entrance, kind: str, act: Act, wish: Wish, ids: Iterable[UUID]) -> BulkRun:
    operation = begin(act.verb)
    run: BulkRun = BulkRun.objects.create(
        seat_id=actor.seat_id,
        circle_id=only_me(),
        kind=kind,
        act=act.key,
        wish=wish,
        said=act.sentence(wish)[:LONGEST_SENTENCE],
        total=0,
        operation_id=operation.id,
    )
    total = 0
    for number, part in enumerate(batched(dict.fromkeys(ids), BATCH)):
        total += len(part)
        if total > MOST:
            raise CannotChange(_("That is more than %(most)s at once.") % {"most": f"{MOST:,}"})
        BulkBatch.objects.create(run=run, number=number, ids=list(part))
    run.total = total
    run.save(update_fields=["total"])
    operation.facts = {"count": total, "run": str(run.id)}
    operation.save(update_fields=["facts"])
    return run


def pause_run(*, actor: Entrance, run: BulkRun) -> BulkRun:
    """Let it rest; what is done stays done."""
    return _move(actor, run, (BulkState.RUNNING,), BulkState.PAUSED)


def resume_run(*, actor: Entrance, run: BulkRun) -> BulkRun:
    """Go on where it stopped."""
    moved = _move(actor, run, (BulkState.PAUSED, BulkState.FAILED, BulkState.RUNNING), BulkState.RUNNING)
    publish(BulkResumed(moved.id))
    return moved


def cancel_run(*, actor: Entrance, run: BulkRun, keep: bool) -> BulkRun:
    """End it for good: keep what is done already, or turn that back."""
    cancelled = _move(actor, run, (BulkState.RUNNING, BulkState.PAUSED, BulkState.FAILED), BulkState.CANCELLED)
    end_run(cancelled, BulkState.CANCELLED)
    if not keep and cancelled.changed:
        return undo_run(actor=actor, run=cancelled)
    return BulkRun.objects.get(id=run.id)


def undo_run(*, actor: Entrance, run: BulkRun) -> BulkRun:
    """Turn all of it back: a few rows at once, many in the background; raises CannotUndo, CannotChange."""
    if _locked(run.id).state not in (BulkState.DONE, BulkState.CANCELLED):
        raise CannotChange(_("It is not over yet: cancel it first."))
    turn_back(actor=actor, operation_id=run.operation_id)
    return BulkRun.objects.get(id=run.id)


def turn_back(*, actor: Entrance, operation_id: UUID, anyway: Iterable[Chosen] = ()) -> UndoResult | None:
    """Turn any operation back: at once, or in the background when it changed much, which gives None.

    What was edited since stays, but for what was chosen to be turned back `anyway`.
    Raises CannotUndo, as `undo_operation` does.
    """
    run = BulkRun.objects.select_for_update().filter(operation_id=operation_id).first()
    if run is not None and run.undo == "busy":
        raise CannotChange(_("This is being turned back already."))
    if Change.objects.filter(operation_id=operation_id)[: MUCH + 1].count() <= MUCH:
        result = undo_operation(actor=actor, operation_id=operation_id, anyway=anyway)
        note_undone(operation_id, result)
        return result
    permit_undo(actor=actor, operation_id=operation_id)
    BulkRun.objects.filter(operation_id=operation_id).update(undo="busy", problem="")
    publish(UndoAsked(operation_id, tuple((one.row_id, one.last_change) for one in anyway)))
    return None


def note_undone(operation_id: UUID, result: UndoResult) -> None:
    """Say of a run, if the operation was one, that it was turned back, and how many changes were left alone."""
    BulkRun.objects.filter(operation_id=operation_id).update(undo="done", left_alone=result.left_alone, problem="")


def note_not_undone(operation_id: UUID, sentence: str) -> None:
    """Say of a run why it was not turned back."""
    BulkRun.objects.filter(operation_id=operation_id).update(undo="", problem=sentence)


def _locked(run_id: UUID) -> BulkRun:
    locked: BulkRun = BulkRun.objects.select_for_update().get(id=run_id)
    return locked


def _move(actor: Entrance, run: BulkRun, before: tuple[str, ...], after: str) -> BulkRun:
    permit(actor, "write")
    locked = _locked(run.id)
    if locked.state not in before:
        raise CannotChange(_("That is not possible now: it is %(state)s.") % {"state": locked.get_state_display()})
    locked.state = after
    locked.problem = ""
    locked.save(update_fields=["state", "problem"])
    return locked
