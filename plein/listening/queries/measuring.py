# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much of what we say and hear is dialogue: by channel and by team, of what the reader may see, never by person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from plein.core.finding.finder import scoped
from plein.core.ids import now
from plein.core.isolation import workspace_id
from plein.inbox.vocabulary import KINDS

#: A team of fewer colleagues would be a figure about somebody.
FEWEST = 3
#: So long nobody has to have answered before it counts as unanswered.
PATIENCE = timedelta(days=2)
_DIALOGUE = """
WITH seen AS MATERIALIZED (
    SELECT m.id, m.thread_id, m.kind, m.direction, m.reach, m.occurred_at,
           min(m.occurred_at) FILTER (WHERE m.direction = 'inbound') OVER (PARTITION BY m.thread_id, m.kind) AS asked
      FROM moments_moment m
     WHERE {m} AND m.state = 'done' AND m.nature = 'personal' AND m.kind = ANY (%(kinds)s)
       AND m.direction IN ('inbound', 'outbound') AND m.occurred_at >= %(since)s AND m.occurred_at <= %(now)s),
threads AS MATERIALIZED (
    SELECT s.thread_id, s.kind, s.asked,
           count(*) FILTER (WHERE s.direction = 'inbound') AS came,
           count(*) FILTER (WHERE s.direction = 'outbound') AS went,
           bool_or(s.direction = 'outbound' AND s.reach = 'many') AS is_broadcast,
           min(s.occurred_at) FILTER (WHERE s.direction = 'outbound' AND s.occurred_at > s.asked) AS answered
      FROM seen s GROUP BY s.thread_id, s.kind, s.asked),
ours AS (
    SELECT DISTINCT s.thread_id, s.kind, u.team_id
      FROM seen s
      JOIN moments_participant p ON {p} AND p.moment_id = s.id AND p.is_ours
      JOIN relations_relation r ON {r} AND r.id = p.relation_id
      JOIN trust_team_member u ON u.workspace_id = %(workspace)s AND u.seat_id = r.seat_id
     WHERE u.team_id IN (
        SELECT v.team_id FROM trust_team_member v
          JOIN trust_seat a ON a.workspace_id = v.workspace_id AND a.id = v.seat_id AND a.is_active
         WHERE v.workspace_id = %(workspace)s GROUP BY v.team_id HAVING count(*) >= %(fewest)s))
SELECT 'channel', t.kind, %figures% FROM threads t GROUP BY t.kind
 UNION ALL
SELECT 'team', g.name, %figures%
  FROM threads t JOIN ours o ON o.thread_id = t.thread_id AND o.kind = t.kind
  JOIN trust_team g ON g.workspace_id = %(workspace)s AND g.id = o.team_id
 GROUP BY g.id, g.name
"""
_FIGURES = """
       count(*), count(*) FILTER (WHERE t.came > 0 AND t.went > 0), count(*) FILTER (WHERE t.came > 0),
       count(*) FILTER (WHERE t.answered IS NOT NULL),
       count(*) FILTER (WHERE t.came > 0 AND t.answered IS NULL AND t.asked < %(patient)s),
       count(*) FILTER (WHERE t.is_broadcast), count(*) FILTER (WHERE t.is_broadcast AND t.came > 0),
       extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY t.answered - t.asked))::float8
"""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The conversations of a channel or a team.

    conversations  all of them
    two_way        those in which both sides spoke
    asked          those in which they spoke to us
    answered       and we did after them
    unanswered     and nobody did in two days
    broadcast      those in which we spoke to everybody at once
    replied        and somebody spoke back
    first_answer   seconds until our first answer, of half of them; None where nothing was answered
    """

    name: str
    conversations: int
    two_way: int
    asked: int
    answered: int
    unanswered: int
    broadcast: int
    replied: int
    first_answer: float | None

    @property
    def two_way_share(self) -> int:
        """How many of a hundred conversations are dialogue."""
        return round(100 * self.two_way / self.conversations) if self.conversations else 0


def dialogue(days: int, *, kinds: Sequence[str] = tuple(sorted(KINDS))) -> tuple[list[Dialogue], list[Dialogue]]:
    """How much is dialogue in each channel and in each team of three and more, the most used first: one statement."""
    facts: dict[str, Any] = {
        "kinds": list(kinds),
        "since": now() - timedelta(days=days),
        "now": now(),
        "patient": now() - PATIENCE,
        "workspace": workspace_id(),
        "fewest": FEWEST,
    }
    with connection.cursor() as cursor:
        cursor.execute(scoped(_DIALOGUE.replace("%figures%", _FIGURES)), facts)
        rows = cursor.fetchall()
    found = {
        side: sorted(
            (Dialogue(*row[1:]) for row in rows if row[0] == side), key=lambda one: (-one.conversations, one.name)
        )
        for side in ("channel", "team")
    }
    return found["channel"], found["team"]
