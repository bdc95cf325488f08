# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where somebody is in touch with us: on which channel and network, when last, and how soon they answer there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from plein.core.finding.finder import scoped
from plein.core.ids import now

#: What is longer ago says nothing of where somebody is to be reached now.
LATELY = timedelta(days=730)
#: An answer that comes after this is no answer any more; so few answers tell no speed.
LONGEST_WAIT, FEWEST = timedelta(days=30), 2
_CHANNELS = """
WITH said AS (
    SELECT DISTINCT ON (m.id) m.id, m.kind, m.direction, m.thread_id, m.occurred_at,
           CASE WHEN m.kind IN ('chat', 'post') THEN coalesce(c.network, '') ELSE '' END AS network
      FROM moments_participant p
      JOIN moments_moment m ON {m} AND m.id = p.moment_id
      LEFT JOIN relations_contact_point c ON {c} AND c.id = p.contact_point_id
     WHERE {p} AND p.relation_id = %(relation)s::uuid AND p.occurred_at > %(since)s AND m.state = 'done'
       AND m.nature = 'personal' AND m.direction IN ('inbound', 'outbound')
       AND m.kind NOT IN ('note', 'meeting', 'visit')
     ORDER BY m.id, c.network DESC NULLS LAST),
turns AS (
    SELECT s.*, lag(s.direction) OVER w AS before, s.occurred_at - lag(s.occurred_at) OVER w AS waited
      FROM said s WINDOW w AS (PARTITION BY s.thread_id ORDER BY s.occurred_at, s.id))
SELECT t.kind, t.network, count(*) FILTER (WHERE t.direction = 'inbound'),
       count(*) FILTER (WHERE t.direction = 'outbound'), max(t.occurred_at) FILTER (WHERE t.direction = 'inbound'),
       count(*) FILTER (WHERE t.direction = 'inbound' AND t.before = 'outbound' AND t.waited <= %(longest)s),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY t.waited)
           FILTER (WHERE t.direction = 'inbound' AND t.before = 'outbound' AND t.waited <= %(longest)s)
  FROM turns t GROUP BY t.kind, t.network
 ORDER BY 3 DESC, 4 DESC, t.kind, t.network
"""


@dataclass(frozen=True, slots=True)
class InTouch:
    """One way of being in touch with somebody: how often they did, and we; how long they took to answer us."""

    kind: str
    network: str
    theirs: int
    ours: int
    last_at: datetime | None
    answers: int
    waited: timedelta | None


def ways_in_touch(relation_id: UUID) -> list[InTouch]:
    """The ways in which we were in touch lately, the one they use most first; of what the reader may see."""
    asked: dict[str, Any] = {
        "relation": str(relation_id),
        "since": now() - LATELY,
        "longest": LONGEST_WAIT,
    }
    with connection.cursor() as cursor:
        cursor.execute(scoped(_CHANNELS), asked)
        rows = cursor.fetchall()
    return [
        InTouch(kind, network, theirs, ours, last_at, answers, waited if answers >= FEWEST else None)
        for kind, network, theirs, ours, last_at, answers, waited in rows
    ]
