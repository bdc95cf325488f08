# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one wants to know before meeting somebody, and what else this day brings: each in one statement."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from plein.core.audit import Shown, audit_look
from plein.core.finding.finder import scoped
from plein.core.ids import now
from plein.core.isolation import workspace_id

MOST_TODOS, MOST_DATES, MOST_DRAFTS, MOST_PROPOSALS = 3, 6, 3, 100
DAYS_AHEAD = 7
#: Somebody who wrote this lately is still writing.
STILL_WRITING = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Briefing:
    """The last contact with somebody, what was promised then, and what is still to be done for them."""

    last_at: datetime | None = None
    kind: str = ""
    outcome: str = ""
    promised: str = ""
    todos: tuple[tuple[UUID, str, date | None], ...] = ()


_BRIEFINGS = """
SELECT r.id, last.occurred_at, last.kind, t.outcome, t.follow_up, todos.todos
  FROM unnest(%(relations)s::uuid[]) r (id)
  LEFT JOIN LATERAL (
       SELECT p.moment_id, p.occurred_at, m.kind
         FROM moments_participant p
         JOIN moments_moment m ON {m} AND m.id = p.moment_id
        WHERE {p} AND p.relation_id = r.id AND p.role <> 'about' AND m.kind <> 'note'
          AND m.state = 'done' AND m.nature = 'personal' AND p.occurred_at <= %(now)s
        ORDER BY p.occurred_at DESC, p.moment_id DESC LIMIT 1) last ON true
  LEFT JOIN LATERAL (
       SELECT t.outcome, t.follow_up FROM moments_text t
        WHERE {t} AND t.moment_id = last.moment_id ORDER BY t.id LIMIT 1) t ON true
  LEFT JOIN LATERAL (
       SELECT jsonb_agg(jsonb_build_array(q.id, q.title, q.due_on, q.circle_id) ORDER BY q.due_on, q.id) AS todos
         FROM (SELECT d.id, d.title, d.due_on, d.circle_id FROM moments_todo d
                WHERE {d} AND d.relation_id = r.id AND d.done_at IS NULL
                ORDER BY d.due_on, d.id LIMIT %(todos)s) q) todos ON true
"""


def briefings(relation_ids: Iterable[UUID]) -> dict[UUID, Briefing]:
    """What to know of each of these relations; notes and mass mail are no contact."""
    wanted = list(dict.fromkeys(relation_ids))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(scoped(_BRIEFINGS), {"relations": wanted, "now": now(), "todos": MOST_TODOS})
        rows = cursor.fetchall()
    todos = [one for row in rows for one in json.loads(row[5] or "[]")]
    audit_look("todo", [Shown(UUID(one[0]), one[3]) for one in todos], how="list")
    return {row[0]: _briefing(*row[1:]) for row in rows}


def _briefing(
    at: datetime | None, kind: str | None, outcome: str | None, promised: str | None, todos: str | None
) -> Briefing:
    found = tuple(
        (UUID(one[0]), str(one[1]), date.fromisoformat(one[2]) if one[2] else None) for one in json.loads(todos or "[]")
    )
    return Briefing(at, kind or "", outcome or "", promised or "", found)


@dataclass(frozen=True, slots=True)
class DayThatMatters:
    """A birthday or another day that matters to a relation, as it comes this year."""

    relation_id: UUID
    name: str
    kind: str
    note: str
    on: date
    years: int


@dataclass(frozen=True, slots=True)
class LeftDraft:
    """Something a colleague began to write about a relation and left lying."""

    relation_id: UUID
    name: str
    text: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Around:
    """What else a day brings: days that matter, drafts left lying, senders who are nobody yet."""

    dates: list[DayThatMatters]
    drafts: list[LeftDraft]
    proposals: int


_AROUND = """
(SELECT 'date' AS what, r.id, r.name, d.kind, d.note, d."on", NULL::timestamptz AS at, 0 AS count, r.circle_id
   FROM relations_important_date d
   JOIN relations_relation r ON {r} AND r.id = d.relation_id
  WHERE {d} AND EXTRACT(MONTH FROM d."on") * 100 + EXTRACT(DAY FROM d."on") = ANY (%(days)s)
    AND (r.owner_id = %(seat)s
         OR EXISTS (SELECT FROM relations_favourite f WHERE {f} AND f.seat_id = %(seat)s AND f.relation_id = r.id))
  LIMIT 50)
UNION ALL
(SELECT 'draft', r.id, r.name, '', left(coalesce(nullif(w.content->>'text', ''), w.content->>'subject', ''), 160),
        NULL, w.changed_at, 0, r.circle_id
   FROM moments_draft w
   JOIN relations_relation r ON {r} AND r.id = substring(w.key FROM '^relation-([0-9a-f-]{36})$')::uuid
  WHERE w.workspace_id = %(workspace)s AND w.seat_id = %(seat)s AND w.changed_at < %(resting)s
  ORDER BY w.changed_at DESC LIMIT %(drafts)s)
UNION ALL
(SELECT 'proposals', NULL, '', '', '', NULL, NULL, count(*), NULL
   FROM (SELECT FROM moments_proposal o WHERE {o} AND o.decision = 'open' LIMIT %(proposals)s) o)
"""


def around_today(seat_id: UUID, today: date) -> Around:
    """The days that matter this week to relations a colleague owns or keeps at hand, and what waits besides."""
    days = [today + timedelta(days=number) for number in range(DAYS_AHEAD)]
    wanted = {_in_year(day) for day in days}
    if 228 in wanted and 229 not in wanted:
        wanted.add(229)
    with connection.cursor() as cursor:
        cursor.execute(
            scoped(_AROUND),
            {
                "seat": seat_id,
                "workspace": workspace_id(),
                "days": sorted(wanted),
                "resting": now() - STILL_WRITING,
                "drafts": MOST_DRAFTS,
                "proposals": MOST_PROPOSALS,
            },
        )
        rows = cursor.fetchall()
    audit_look("relation", [Shown(row[1], row[8]) for row in rows if row[8]], how="list")
    dates = [_date(row, days) for row in rows if row[0] == "date"]
    return Around(
        sorted(dates, key=lambda one: (one.on, one.name))[:MOST_DATES],
        [LeftDraft(row[1], row[2], row[4], row[6]) for row in rows if row[0] == "draft"],
        next((int(row[7]) for row in rows if row[0] == "proposals"), 0),
    )


def _in_year(day: date) -> int:
    return day.month * 100 + day.day


def _date(row: Sequence[object], days: Sequence[date]) -> DayThatMatters:
    _what, relation_id, name, kind, note, began, _at, _count, _circle = row
    if not isinstance(began, date) or not isinstance(relation_id, UUID):
        raise TypeError("a day that matters has a date and a relation")
    # The 29th of February is the 28th in a year without it.
    on = next(day for day in days if _in_year(day) in (_in_year(began), _in_year(began - timedelta(days=1))))
    exact = next((day for day in days if _in_year(day) == _in_year(began)), on)
    return DayThatMatters(relation_id, str(name), str(kind), str(note), exact, exact.year - began.year)
