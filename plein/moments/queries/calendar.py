# SPDX-License-Identifier: AGPL-3.0-or-later
"""The agenda of some colleagues over some days: what is planned, whom one met, and what is due. Two statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from plein.core.audit import Shown, audit_look
from plein.core.finding.finder import scoped
from plein.moments.models import ToDo
from plein.moments.queries.todos import shown_todos

#: No appointment lasts longer, so one that began before the days shown is found too.
LONGEST = timedelta(days=31)
MOST = 2000


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """An appointment as an agenda shows it: when, what, with whom of theirs, and which colleagues of ours."""

    id: UUID
    kind: str
    state: str
    starts_at: datetime
    ends_at: datetime
    is_all_day: bool
    version: int
    title: str
    location: str
    repeats: bool
    seats: tuple[UUID, ...]
    names: tuple[str, ...]
    circle_id: int
    people: tuple[Shown, ...]


_LINES = """
SELECT m.id, m.kind, m.state, m.occurred_at, m.ends_at, m.is_all_day, m.version, s.title, s.location,
       EXISTS (SELECT FROM moments_planning l WHERE {l} AND l.moment_id = m.id AND l.series_id IS NOT NULL) AS repeats,
       coalesce(people.seats, ARRAY[m.recorded_by_id]) AS seats, people.names,
       m.circle_id, people.ids, people.circles
  FROM moments_moment m
  LEFT JOIN LATERAL (SELECT s.title, s.location FROM moments_subject s
                      WHERE {s} AND s.moment_id = m.id ORDER BY s.id LIMIT 1) s ON true
  LEFT JOIN LATERAL (
       SELECT array_agg(r.seat_id) FILTER (WHERE r.seat_id IS NOT NULL) AS seats,
              array_agg(r.name ORDER BY p.role = 'for' DESC, p.id) FILTER (WHERE r.seat_id IS NULL AND NOT r.is_ours)
              AS names,
              array_agg(r.id ORDER BY p.id) AS ids, array_agg(r.circle_id ORDER BY p.id) AS circles
         FROM moments_participant p
         JOIN relations_relation r ON {r} AND r.id = p.relation_id
        WHERE {p} AND p.moment_id = m.id) people ON true
"""
_BETWEEN = (
    _LINES
    + """
 WHERE {m} AND (m.state = 'planned' OR m.kind IN ('visit', 'meeting')) AND m.state <> 'cancelled'
   AND m.occurred_at >= %(before)s AND m.occurred_at < %(end)s
   AND (m.occurred_at >= %(start)s OR coalesce(m.ends_at, m.occurred_at) > %(start)s
        OR m.is_all_day AND m.ends_at >= %(start)s)
   AND coalesce(people.seats, ARRAY[m.recorded_by_id]) && %(seats)s::uuid[]
   %more%
 ORDER BY m.occurred_at, m.id LIMIT %(limit)s
"""
)
_ONE = _LINES + " WHERE {m} AND m.id = %(id)s"


def appointments_in(
    seats: Sequence[UUID], start: datetime, end: datetime, *, limit: int = MOST, but: UUID | None = None
) -> list[CalendarLine]:
    """What these colleagues have between two times, soonest first: what the reader may not see is not there."""
    more = "AND m.id <> %(but)s" if but else ""
    with connection.cursor() as cursor:
        cursor.execute(
            scoped(_BETWEEN.replace("%more%", more)),
            {
                "seats": list(seats),
                "before": start - LONGEST,
                "start": start,
                "end": end,
                "limit": limit,
                "but": but,
            },
        )
        return _shown([_line(row) for row in cursor.fetchall()])


def appointment_line(moment_id: UUID) -> CalendarLine | None:
    """One appointment as an agenda shows it, or None for what may not be seen."""
    with connection.cursor() as cursor:
        cursor.execute(scoped(_ONE), {"id": moment_id})
        row = cursor.fetchone()
    return _shown([_line(row)])[0] if row else None


def _shown(lines: list[CalendarLine]) -> list[CalendarLine]:
    audit_look("moment", lines, how="list")
    audit_look("relation", [one for line in lines for one in line.people], how="list")
    return lines


def _line(row: tuple[object, ...]) -> CalendarLine:
    id_, kind, state, starts_at, ends_at, is_all_day, version, title, location, repeats, seats, names = row[:12]
    return CalendarLine(
        id=id_,  # type: ignore[arg-type]
        kind=str(kind),
        state=str(state),
        starts_at=starts_at,  # type: ignore[arg-type]
        ends_at=ends_at or starts_at,  # type: ignore[arg-type]
        is_all_day=bool(is_all_day),
        version=int(version),  # type: ignore[call-overload]
        title=str(title or ""),
        location=str(location or ""),
        repeats=bool(repeats),
        seats=tuple(dict.fromkeys(seats or ())),  # type: ignore[call-overload]
        names=tuple(dict.fromkeys(names or ())),  # type: ignore[call-overload]
        circle_id=int(row[12]),  # type: ignore[call-overload]
        people=tuple(map(Shown, row[13] or (), row[14] or ())),  # type: ignore[call-overload]
    )


def overlapping(
    seats: Sequence[UUID], start: datetime, end: datetime, *, but: UUID | None = None
) -> list[CalendarLine]:
    """What these colleagues have planned already at that time; whole days stand in nobody's way."""
    found = appointments_in(seats, start, end, limit=20, but=but)
    return [
        line
        for line in found
        if line.state == "planned" and not line.is_all_day and line.ends_at > start and line.starts_at < end
    ][:3]


def todos_due(seats: Sequence[UUID], first: date, last: date, *, limit: int = 500) -> list[ToDo]:
    """What these colleagues still have to do on these days."""
    found = ToDo.objects.filter(assignee_id__in=list(seats), done_at__isnull=True, due_on__gte=first, due_on__lte=last)
    return shown_todos(found.select_related("relation").order_by("due_on", "due_at", "id")[:limit])
