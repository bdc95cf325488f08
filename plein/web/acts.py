# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was done lately, read for one reader: only what they may see is counted and named."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from plein.core.audit import Shown, audit_look
from plein.core.models import Change, Operation
from plein.core.operations import Wanted, recent_operations
from plein.trust.models import Seat
from plein.trust.permissions import may_undo
from plein.trust.seats import Entrance
from plein.web import verbs
from plein.web.changes import DONE, Names, Row, thing_of

PAGE = 30
#: So many changes of one operation are counted and looked at for its names.
COUNTED = 100
NAMED = 3
SET_UP = frozenset({"give_seat", "load_example", "remove_example"})
#: Rows that carry the name of what was done; the rest hangs under them.
MAIN = ("relations_relation", "moments_moment", "moments_todo", "trust_team", "moments_subject")


@dataclass(frozen=True, slots=True)
class Act:
    """One operation as a list shows it."""

    id: UUID
    sentence: str
    who: str
    is_mine: bool
    at: datetime
    door: str
    touched: str
    subjects: list[tuple[str, str]]
    more: int
    is_undone: bool
    may_undo: bool


def may_turn_back(actor: Entrance, operation: Operation) -> bool:
    """Whether to offer the way back here; what was set up goes away where it was set up."""
    return operation.verb not in SET_UP and may_undo(actor, operation)


def sentence_of(operation: Operation) -> str:
    """What an operation did, in words."""
    if operation.verb == "undo":
        return verbs.undone_sentence(str(operation.facts.get("undone", "")))
    return verbs.sentence(operation.verb)


def names_of_seats(ids: set[UUID | None]) -> dict[UUID, str]:
    """What colleagues are called."""
    wanted = {one for one in ids if one is not None}
    return {seat.id: str(seat) for seat in Seat.objects.filter(id__in=wanted).select_related("user")} if wanted else {}


def recent_acts(
    actor: Entrance, *, before: tuple[datetime, UUID] | None = None, wanted: Wanted | None = None
) -> tuple[list[Act], str]:
    """A page of what was done, newest first, and the cursor of the next page."""
    found = recent_operations(before=before, wanted=wanted, limit=PAGE + 1)
    page = found[:PAGE]
    cursor = f"{page[-1].started_at.isoformat()}~{page[-1].id}" if len(found) > PAGE else ""
    return _acts(actor, page), cursor


def _changes_of(operations: Sequence[Operation]) -> dict[UUID, list[Row]]:
    first = Change.objects.filter(operation_id=OuterRef("id")).order_by("id")
    values = JSONObject(table="table_name", kind="kind", row="row_id", about="about_id", circle="circle_id",
                        name="before__name", title="before__title")  # fmt: skip
    ids = [operation.id for operation in operations]
    rows = Operation.objects.filter(id__in=ids).annotate(first=ArraySubquery(first.values(found=values)[: COUNTED + 1]))
    return {key: [_row(one, key) for one in found] for key, found in rows.values_list("id", "first")}


def _row(found: dict[str, Any], operation_id: UUID) -> Row:
    names = {"name": found["name"], "title": found["title"]}
    about, circle = UUID(found["about"]), found["circle"]
    return Row(found["table"], found["kind"], UUID(found["row"]), about, operation_id, names, {}, circle)


def _main(rows: list[Row]) -> list[Row]:
    """The rows that say what an operation was about, each record once."""
    ranked = sorted(rows, key=lambda row: MAIN.index(row.table) if row.table in MAIN else len(MAIN))
    return list({row.about_id: row for row in reversed(ranked)}.values())[::-1]


def _acts(actor: Entrance, operations: list[Operation]) -> list[Act]:
    changes = _changes_of(operations)
    main = {key: _main(rows) for key, rows in changes.items()}
    named = [row for rows in main.values() for row in rows[:NAMED]]
    audit_look("record", [Shown(row.about_id, row.circle_id) for row in named if row.circle_id], how="list")
    names = Names(named)
    colleagues = names_of_seats({operation.seat_id for operation in operations})
    return [
        Act(
            id=operation.id,
            sentence=sentence_of(operation),
            who=colleagues.get(operation.seat_id, "") if operation.seat_id else "",
            is_mine=operation.seat_id == actor.seat_id,
            at=operation.started_at,
            door=verbs.door(operation.door),
            touched=_touched(changes.get(operation.id, [])),
            subjects=_subjects(main.get(operation.id, []), names),
            more=max(0, len(main.get(operation.id, [])) - NAMED),
            is_undone=operation.undone_by is not None,
            may_undo=may_turn_back(actor, operation),
        )
        for operation in operations
    ]


def _touched(rows: list[Row]) -> str:
    """What an operation touched, by kind, with counts."""
    if len(rows) > COUNTED:
        return verbs.rows(len(rows), COUNTED)
    once = {(row.table, row.row_id): row for row in rows}
    counts = Counter((thing_of(row.table), str(DONE.get(row.kind, ""))) for row in once.values())
    return ", ".join(f"{count}× {thing} {done}" for (thing, done), count in counts.most_common())


def _subjects(rows: list[Row], names: Names) -> list[tuple[str, str]]:
    return [
        (name, names.pages.get(row.about_id, ""))
        for row in rows[:NAMED]
        if (name := names.of(row.about_id) or names.of(row.row_id))
    ]
