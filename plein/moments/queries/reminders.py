# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which reminders have come: looked for over all workspaces by id, told within one, as the colleague they are for."""

from datetime import date
from typing import Literal
from uuid import UUID

from django.db import connection

from plein.core.finding.finder import scoped
from plein.core.isolation import no_workspace

#: The mark is written and the reminder found in one statement, by the clock of the database: each is told once.
_TELL = """
WITH due AS (
    SELECT t.id AS todo, NULL::uuid AS moment, t.remind_at AS at
      FROM moments_todo t
     WHERE {t} AND t.done_at IS NULL AND t.assignee_id = %(seat)s
       AND t.remind_at <= now() AND t.remind_at > now() - interval '3 days'
    UNION ALL
    SELECT NULL, m.id, m.occurred_at - make_interval(mins => p.remind_before)
      FROM moments_moment m
      JOIN moments_planning p ON {p} AND p.moment_id = m.id
       AND m.occurred_at <= now() + make_interval(mins => p.remind_before)
     WHERE {m} AND m.state = 'planned'
       AND m.occurred_at > now() - interval '10 minutes' AND m.occurred_at < now() + interval '32 days'
       AND (m.recorded_by_id = %(seat)s OR EXISTS (
            SELECT FROM moments_participant q
              JOIN relations_relation r ON {r} AND r.id = q.relation_id
             WHERE {q} AND q.moment_id = m.id AND r.seat_id = %(seat)s))
)
INSERT INTO moments_reminded (id, workspace_id, circle_id, seat_id, todo_id, moment_id, at, told_at)
SELECT uuidv7(), %(workspace)s, %(circle)s, %(seat)s, due.todo, due.moment, due.at, now() FROM due
    ON CONFLICT DO NOTHING
RETURNING todo_id, moment_id
"""


def who_is_to_be_reminded() -> list[tuple[int, UUID]]:
    """In which workspace which user has a reminder that nobody told them yet."""
    return _everywhere("SELECT DISTINCT workspace, the_user FROM plein_waiting_reminders()")


def who_plans_further(until: date) -> list[tuple[int, UUID]]:
    """In which workspace which user has a series of appointments that is not made up to this day."""
    return _everywhere("SELECT DISTINCT workspace, the_user FROM plein_short_series(%s)", until)


def _everywhere(statement: str, *parameters: date) -> list[tuple[int, UUID]]:
    with no_workspace("what a job has to do"), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [(int(row[0]), row[1]) for row in cursor.fetchall()]


def take_due_reminders(workspace: int, circle: int, seat: UUID) -> list[tuple[Literal["todo", "appointment"], UUID]]:
    """The reminders of a colleague that have come and were not told yet; from now on they were."""
    with connection.cursor() as cursor:
        cursor.execute(scoped(_TELL), {"workspace": workspace, "circle": circle, "seat": seat})
        rows = cursor.fetchall()
    return [("todo", todo) if todo is not None else ("appointment", moment) for todo, moment in rows]
