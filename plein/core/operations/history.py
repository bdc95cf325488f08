# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from plein.core.audit import Shown, audit_look
from plein.core.ids import now
from plein.core.models import Change, Operation
from plein.core.operations.recording import UNDO_DAYS


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One visible change for a history list: which table, what kind (I, U, D), which values, by whom, when."""

    table: str
    kind: str
    row_id: UUID
    operation_id: UUID
    seat_id: UUID | None
    verb: str
    at: datetime
    before: dict[str, Any]
    after: dict[str, Any]
    is_undone: bool
    id: int = 0
    about_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RemovedRecord:
    """A record in the recycle bin, with the operation that removed it; undoing that brings it back."""

    table: str
    row_id: UUID
    name: str
    operation_id: UUID
    seat_id: UUID | None
    at: datetime


def changes_about(
    record_id: UUID, *, formers: Iterable[UUID] = (), before_id: int | None = None, limit: int = 50
) -> list[ChangeLine]:
    """The visible changes of a record and its parts, newest first; those of records that became one with it too."""
    changes = Change.objects.filter(about_id__in=[record_id, *formers])
    if before_id is not None:
        changes = changes.filter(id__lt=before_id)
    found = list(changes.order_by("-id")[:limit])
    look_at(found)
    operations = Operation.objects.in_bulk({change.operation_id for change in found})
    return [
        ChangeLine(
            table=change.table_name,
            kind=change.kind,
            row_id=change.row_id,
            operation_id=change.operation_id,
            seat_id=change.seat_id,
            verb=operations[change.operation_id].verb if change.operation_id in operations else "",
            at=change.at,
            before=change.before or {},
            after=change.after or {},
            is_undone=change.operation_id in operations and operations[change.operation_id].undone_by is not None,
            id=change.id,
            about_id=change.about_id,
        )
        for change in found
    ]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which operations to list: by whom, of which verbs, what they touched, when; `only` is one condition more."""

    seat_id: UUID | None = None
    verbs: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    only: Q = field(default_factory=Q)


def look_at(changes: Iterable[Change]) -> None:
    """Log that somebody looks at what was done to records that not everyone may see."""
    audit_look("record", [Shown(one.about_id, one.circle_id) for one in changes if one.circle_id], how="history")


def recent_operations(
    *, before: tuple[datetime, UUID] | None = None, wanted: Wanted | None = None, limit: int = 50
) -> list[Operation]:
    """Operations of which the reader may see at least one change, newest first."""
    asked = wanted or Wanted()
    visible = Change.objects.filter(operation_id=OuterRef("id"))
    if asked.tables:
        visible = visible.filter(table_name__in=asked.tables)
    operations = Operation.objects.filter(asked.only, Exists(visible))
    if asked.seat_id is not None:
        operations = operations.filter(seat_id=asked.seat_id)
    if asked.verbs:
        operations = operations.filter(Q(verb__in=asked.verbs) | Q(verb="undo", facts__undone__in=asked.verbs))
    if asked.since is not None:
        operations = operations.filter(started_at__gte=asked.since)
    if asked.until is not None:
        operations = operations.filter(started_at__lt=asked.until)
    if before is not None:
        operations = operations.filter(started_at__lte=before[0]).exclude(started_at=before[0], id__gte=before[1])
    return list(operations.order_by("-started_at", "-id")[:limit])


def recycle_bin(tables: dict[str, str], *, before_id: int | None = None, limit: int = 50) -> list[RemovedRecord]:
    """Records removed in the last 30 days that are still gone; `tables` maps a table to its naming column."""
    return recycle_page(tables, before_id=before_id, limit=limit)[0]


def recycle_page(
    tables: dict[str, str], *, before_id: int | None = None, limit: int = 50
) -> tuple[list[RemovedRecord], int | None]:
    """The same, and before which change the next page begins when there may be one."""
    changes = Change.objects.filter(
        kind="D",
        table_name__in=list(tables),
        at__gte=now() - timedelta(days=UNDO_DAYS),
    )
    if before_id is not None:
        changes = changes.filter(id__lt=before_id)
    found = list(changes.order_by("-id")[:limit])
    undone = set(
        Operation.objects.filter(id__in={change.operation_id for change in found}, undone_by__isnull=False).values_list(
            "id", flat=True
        )
    )
    removed = [
        RemovedRecord(
            table=change.table_name,
            row_id=change.row_id,
            name=str((change.before or {}).get(tables[change.table_name], "")),
            operation_id=change.operation_id,
            seat_id=change.seat_id,
            at=change.at,
        )
        for change in found
        if change.operation_id not in undone
    ]
    look_at(change for change in found if change.operation_id not in undone)
    return removed, found[-1].id if len(found) == limit else None
