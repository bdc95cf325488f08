# SPDX-License-Identifier: AGPL-3.0-or-later
"""The log as one reader may see it: a line about records they may not see does not exist for them.

Whether somebody may see a record is asked of its history, whose rows follow it from circle to circle and stay when it
is gone. Of a line about many records they see how many of those they may see. The whole log, with ids only, is for
whoever runs the machine: `plein audit looked-at`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet

from plein.core.audit.noting import Shown, audit_look
from plein.core.isolation.context import current
from plein.core.models import AuditEntry, Change, SearchDocument

#: What lines are about that everybody who may read the log may read.
OPEN_KINDS = frozenset({"", "seat", "user", "team", "token", "setting", "log"})
OPERATION = "operation"
LOOKING = ("read", "export")
#: So many records of one line are counted, and so many named.
COUNTED, NAMED = 1000, 3
NAMING = ("person", "organization", "subject", "todo")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of the log are asked for."""

    events: tuple[str, ...] = ()
    seat_id: UUID | None = None
    record_ids: tuple[UUID, ...] = ()
    session: str = ""
    token_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: tuple[datetime, UUID] | None = None


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line, and how much of what it is about the reader may see."""

    entry: AuditEntry
    count: int
    records: list[UUID] = field(default_factory=list)


def _any_of(column: str, array: str) -> Func:
    return Func(
        F(column), OuterRef(array), template="%(expressions)s)", arg_joiner=" = ANY (", output_field=BooleanField()
    )


def _visible() -> Q:
    of_record = Exists(Change.objects.filter(_any_of("row_id", "records")))
    of_operation = Exists(Change.objects.filter(_any_of("operation_id", "records")))
    is_record = ~Q(kind__in=[*OPEN_KINDS, OPERATION])
    return Q(kind__in=OPEN_KINDS) | (Q(kind=OPERATION) & of_operation) | (is_record & of_record)


def asked(wanted: Wanted) -> QuerySet[AuditEntry]:
    """The lines that are asked for, whoever may see them, newest first."""
    lines = AuditEntry.objects.all()
    exact = {
        "event__in": wanted.events,
        "seat_id": wanted.seat_id,
        "session": wanted.session,
        "token_id": wanted.token_id,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
    }
    for name, value in exact.items():
        if value:
            lines = lines.filter(Q((name, value)))
    if wanted.record_ids:
        lines = lines.filter(records__overlap=list(wanted.record_ids))
    if wanted.before is not None:
        at, identifier = wanted.before
        lines = lines.filter(at__lte=at).exclude(at=at, id__gte=identifier)
    return lines.order_by("-at", "-id")


def lines_for_reader(wanted: Wanted, *, limit: int) -> list[LogLine]:
    """The newest of the lines that are asked for and may be seen; of what was done in steps only the first."""
    earlier = AuditEntry.objects.filter(_visible(), run_id=OuterRef("run_id"), seq__lt=OuterRef("seq"))
    entries = list(asked(wanted).filter(_visible()).filter(Q(run_id=None) | ~Exists(earlier))[:limit])
    seen = _seen_of([entry.id for entry in entries if entry.kind not in (*OPEN_KINDS, OPERATION)])
    return [LogLine(entry, *seen.get(entry.id, (len(entry.records), list(entry.records)))) for entry in entries]


def has_more_than(most: int, wanted: Wanted) -> bool:
    """Whether the lines that are asked for and may be seen are more than so many."""
    return asked(wanted).filter(_visible()).order_by()[: most + 1].count() > most


def _seen_of(entries: list[UUID]) -> dict[UUID, tuple[int, list[UUID]]]:
    """Of each line how many of its records the reader may see, with all its steps, and the first of them."""
    if not entries:
        return {}
    context = current()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT e.id, count(*), (array_agg(v.record))[1:%(named)s]
              FROM core_audit_entry e CROSS JOIN LATERAL (
                   SELECT DISTINCT r.record
                     FROM core_audit_entry s CROSS JOIN LATERAL unnest(s.records) AS r (record)
                    WHERE s.workspace_id = %(workspace)s AND (s.id = e.id OR s.run_id = e.run_id)
                      AND EXISTS (SELECT FROM core_change c WHERE c.workspace_id = %(workspace)s
                                     AND c.row_id = r.record
                                     AND (c.circle_id IS NULL OR c.circle_id = ANY (%(circles)s)))
                    LIMIT %(counted)s) v
             WHERE e.workspace_id = %(workspace)s AND e.id = ANY (%(entries)s)
             GROUP BY e.id
            """,
            {
                "workspace": context.workspace_id,
                "circles": list(context.circles),
                "entries": entries,
                "counted": COUNTED + 1,
                "named": NAMED,
            },
        )
        return {row[0]: (row[1], list(row[2])) for row in cursor.fetchall()}


def names_of(records: Iterable[UUID]) -> dict[UUID, str]:
    """What records are called, of those the reader may see now."""
    wanted = list(set(records))
    if not wanted:
        return {}
    found = list(SearchDocument.objects.filter(record_id__in=wanted, kind__in=NAMING).exclude(title=""))
    audit_look("record", [Shown(one.record_id, one.circle_id) for one in found], how="list")
    return {one.record_id: one.title for one in found}


@dataclass(frozen=True, slots=True)
class Looked:
    """One record that somebody read or took along."""

    entry: AuditEntry
    record: UUID


def looked_at(wanted: Wanted, *, sees_all: bool = False, most: int = 0) -> Iterator[Looked]:
    """Each record that was read or exported, newest first, as far as the reader may see it."""
    count = 0
    lines = asked(wanted).filter(event__in=LOOKING)
    for entry in lines if sees_all else lines.filter(_visible()):
        shown = set(entry.records) if sees_all else _seen_among(entry.records)
        for record in entry.records:
            if record in shown:
                count += 1
                yield Looked(entry, record)
                if most and count >= most:
                    return


def _seen_among(records: list[UUID]) -> set[UUID]:
    return set(Change.objects.filter(row_id__in=records).values_list("row_id", flat=True).distinct())


def facts_of(looked: Looked, names: dict[UUID, str], seats: dict[UUID, str]) -> dict[str, Any]:
    """One look as a program or a spreadsheet reads it."""
    entry = looked.entry
    return {
        "at": entry.at.isoformat(),
        "event": entry.event,
        "seat": str(entry.seat_id) if entry.seat_id else None,
        "by": seats.get(entry.seat_id, "") if entry.seat_id else "",
        "kind": entry.kind,
        "record": str(looked.record),
        "name": names.get(looked.record, ""),
        "door": entry.door,
        "session": entry.session,
        "token": str(entry.token_id) if entry.token_id else None,
        "from": entry.origin,
        "line": str(entry.id),
    }
