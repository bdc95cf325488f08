# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection

from plein.core.ids import now
from plein.core.isolation import in_operation
from plein.core.models import Change, Operation
from plein.core.operations.outlook import Chosen, still_as_seen
from plein.core.operations.recording import UNDO_DAYS, begin

#: The kind of a change of which nothing is kept, because somebody was erased.
REDACTED = "X"


class CannotUndo(Exception):
    """Why an operation cannot be undone: `reason` is "unknown", "undone", "expired", "empty", "left", "not_yours",
    "forgotten" (a password that it needs), "answered" (they read it) or "erased": somebody asked to be forgotten."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


type TurningBack = Callable[[Operation], None]
_turning_back: dict[str, TurningBack] = {}


def when_turned_back(verb: str, reaction: TurningBack) -> None:
    """Name what must happen before the rows of such an operation are turned back; it may raise CannotUndo.

    For operations that reach outside the database. What was turned back so is not brought back. Only
    `plein/subscriptions.py` calls this.
    """
    _turning_back[verb] = reaction


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What an undo did: the operation it is itself, the rows turned back, the rows left alone."""

    operation: Operation
    turned_back: int
    left_alone: int


def _undoable(operation_id: UUID, *, at_any_age: bool) -> Operation:
    found = Operation.objects.select_for_update().filter(id=operation_id).first()
    if found is None or not Change.objects.filter(operation_id=operation_id).exists():
        raise CannotUndo("unknown")
    if found.undone_by is not None:
        raise CannotUndo("undone")
    if not Change.objects.filter(operation_id=operation_id).exclude(kind=REDACTED).exists():
        raise CannotUndo("erased")
    if not at_any_age and found.started_at < now() - timedelta(days=UNDO_DAYS):
        raise CannotUndo("expired")
    return found


def preview_undo(operation_id: UUID) -> list[Change]:
    """The latest visible change of each row that an undo would leave alone, because it was changed afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_id FROM plein_conflicts(%s)", [operation_id])
        rows = [row[0] for row in cursor.fetchall()]
    changes = Change.objects.filter(row_id__in=rows).order_by("row_id", "-id").distinct("row_id")
    return list(changes)


def undo(operation_id: UUID, *, trample: bool = False, anyway: Iterable[Chosen] = ()) -> UndoResult:
    """Turn an operation back, under an operation of its own that can be undone in turn.

    Rows that were changed afterwards are left alone, and counted, unless `trample` is set; that works at any age. Of
    `anyway` those are turned back that are still as they were looked at; what they hold stays in the history.
    """
    original = _undoable(operation_id, at_any_age=trample)
    if original.facts.get("undone") in _turning_back:
        raise CannotUndo("left")
    # Of a merge: the circle of who saw both. What is known of it stays there, also when it is turned back.
    apart = {"circle": original.facts["circle"]} if "circle" in original.facts else {}
    reversal = begin("undo", undoes=str(original.id), undone=original.verb, **apart)
    Operation.objects.filter(id=reversal.id).update(undoes=original.id)
    with in_operation(reversal.id), connection.cursor() as cursor:
        if original.verb in _turning_back:
            _turning_back[original.verb](original)
        cursor.execute(
            "SELECT turned_back, left_alone FROM plein_undo(%s, %s, %s, %s)",
            [original.id, reversal.id, trample, still_as_seen(anyway)],
        )
        turned_back, left_alone = cursor.fetchone() or (0, 0)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return UndoResult(reversal, turned_back, left_alone)
