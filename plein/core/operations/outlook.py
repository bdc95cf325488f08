# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an undo would do before it is done: how much of what, and where somebody was later."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max

from plein.core.audit import Shown, audit_look
from plein.core.isolation.registry import guarded_tables
from plein.core.models import Change


@dataclass(frozen=True, slots=True)
class Outlook:
    """So many rows of a table an undo would change (U), bring back (I) or remove (D), or leave alone."""

    table: str
    done: str
    is_left: bool
    count: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A row to turn back although somebody edited it since, and the last change that was looked at."""

    row_id: UUID
    last_change: int


@dataclass(frozen=True, slots=True)
class Later:
    """Who wrote what a column holds now, and when."""

    seat_id: UUID | None
    at: datetime


@dataclass(slots=True)
class Conflict:
    """A row that an undo would leave alone: how the operation found it, what it made of it, and how it is now.

    `present` is None when it is gone, or no longer to be seen. `later` says of each column who wrote it since.
    """

    table: str
    row_id: UUID
    about_id: UUID
    kind: str
    before: dict[str, Any] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)
    present: dict[str, Any] | None = None
    later: dict[str, Later] = field(default_factory=dict)
    last_change: int = 0
    circle_id: int | None = None

    @property
    def may_be_chosen(self) -> bool:
        """Whether it can be turned back anyway: an edit of something that is still there."""
        return self.kind == "U" and self.present is not None

    @property
    def differing(self) -> list[str]:
        """The columns that hold something else by now than the operation left there."""
        if self.present is None:
            return list(self.before)
        return [name for name in self.before if self.present.get(name) != self.made.get(name)]


def outlook(operation_id: UUID) -> list[Outlook]:
    """What turning an operation back would do, as far as the reader may see."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name, done, is_left, count FROM plein_outlook(%s)", [operation_id])
        return [Outlook(*row) for row in cursor.fetchall()]


def conflicts_of(operation_id: UUID, *, limit: int = 100) -> list[Conflict]:
    """The rows that turning an operation back would leave alone, as far as the reader may see them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_id FROM plein_conflicts(%s) ORDER BY row_id", [operation_id])
        rows = [row[0] for row in cursor.fetchall()]
    if not rows:
        return []
    found: dict[UUID, Conflict] = {}
    for change in Change.objects.filter(operation_id=operation_id, row_id__in=rows).order_by("id"):
        if change.row_id not in found and len(found) >= limit:
            continue
        _gather(found, change)
    _read_later(operation_id, found)
    for table in {one.table for one in found.values()}:
        present = rows_now(table, [one.row_id for one in found.values() if one.table == table])
        for row_id, values in present.items():
            found[row_id].present = values
            found[row_id].circle_id = values.get("circle_id", found[row_id].circle_id)
    looks = [Shown(one.about_id, one.circle_id) for one in found.values() if one.circle_id]
    audit_look("record", looks, how="history")
    return list(found.values())


def _gather(found: dict[UUID, Conflict], change: Change) -> None:
    """The net effect of an operation on a row, change by change."""
    one = found.setdefault(
        change.row_id, Conflict(change.table_name, change.row_id, change.about_id, change.kind, last_change=change.id)
    )
    one.last_change, one.circle_id = change.id, change.circle_id
    if change.kind == "D" and one.kind != "I":
        one.kind = "D"
    one.before = (change.before or {}) | one.before
    one.made |= change.after or {}


def _read_later(operation_id: UUID, found: dict[UUID, Conflict]) -> None:
    for change in Change.objects.filter(row_id__in=found).exclude(operation_id=operation_id).order_by("id"):
        one = found[change.row_id]
        if change.id > one.last_change:
            one.later |= dict.fromkeys(change.after or {}, Later(change.seat_id, change.at))
            one.last_change = change.id


def rows_now(table: str, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Rows of a table as the history writes them, of those that the reader may see."""
    [known] = [one for one in guarded_tables() if one.name == table]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t.id, to_jsonb(t) FROM {known.name} t WHERE t.id = ANY (%s)", [ids])  # noqa: S608
        return {row[0]: _decoded(row[1]) for row in cursor.fetchall()}


def _decoded(value: Any) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return decoded


def still_as_seen(anyway: Iterable[Chosen]) -> list[UUID]:
    """Of the rows that somebody chose to turn back anyway those that nobody changed since they looked."""
    wanted = {one.row_id: one.last_change for one in anyway}
    if not wanted:
        return []
    latest = Change.objects.filter(row_id__in=wanted).values_list("row_id").annotate(last=Max("id"))
    return [row_id for row_id, last in latest if last == wanted[row_id]]
