# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which channels and networks our relations use with us, how many of them, and how soon they answer there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from plein.core.finding.finder import scoped
from plein.core.ids import now
from plein.moments.queries.answering import FEWEST, LONGEST_WAIT

_USED = """
WITH said AS MATERIALIZED (
    SELECT DISTINCT ON (p.relation_id, m.id) p.relation_id, m.id, m.kind, m.direction, m.thread_id, m.occurred_at,
           CASE WHEN m.kind IN ('chat', 'post') THEN coalesce(c.network, '') ELSE '' END AS network
      FROM moments_participant p
      JOIN moments_moment m ON {m} AND m.id = p.moment_id
      JOIN relations_relation r ON {r} AND r.id = p.relation_id AND r.kind = %(kind)s AND r.seat_id IS NULL
                               AND NOT r.is_ours
      LEFT JOIN relations_contact_point c ON {c} AND c.id = p.contact_point_id
     WHERE {p} AND p.occurred_at > %(since)s AND p.occurred_at <= %(now)s AND m.state = 'done'
       AND m.nature = 'personal' AND m.direction IN ('inbound', 'outbound')
       AND m.kind NOT IN ('note', 'meeting', 'visit')
       AND (%(among)s::uuid[] IS NULL OR p.relation_id = ANY (%(among)s::uuid[]))
     ORDER BY p.relation_id, m.id, c.network DESC NULLS LAST),
turns AS (
    SELECT s.*, lag(s.direction) OVER w AS before, s.occurred_at - lag(s.occurred_at) OVER w AS waited
      FROM said s WINDOW w AS (PARTITION BY s.relation_id, s.thread_id ORDER BY s.occurred_at, s.id))
SELECT t.kind, t.network, count(DISTINCT t.relation_id),
       count(DISTINCT t.relation_id) FILTER (WHERE t.direction = 'inbound'),
       count(*) FILTER (WHERE t.direction = 'inbound'), count(*) FILTER (WHERE t.direction = 'outbound'),
       count(*) FILTER (WHERE t.direction = 'inbound' AND t.before = 'outbound' AND t.waited <= %(longest)s),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY t.waited)
           FILTER (WHERE t.direction = 'inbound' AND t.before = 'outbound' AND t.waited <= %(longest)s)
  FROM turns t GROUP BY GROUPING SETS ((t.kind, t.network), ())
"""


@dataclass(frozen=True, slots=True)
class ChannelUse:
    """A channel or network: how many relations we were in touch with there, how many of them spoke, and how soon."""

    kind: str
    network: str
    relations: int
    speaking: int
    theirs: int
    ours: int
    answers: int
    waited: timedelta | None
    share: int = 0


def channels_used(days: int, kind: str, among: Sequence[UUID] | None = None) -> tuple[int, list[ChannelUse]]:
    """With how many relations of a kind we were in touch at all, and on which channels, the most used first.

    Of what the reader may see, in one statement; `among` are those to look at, or else all of them.
    """
    asked: dict[str, Any] = {
        "kind": kind,
        "since": now() - timedelta(days=days),
        "now": now(),
        "longest": LONGEST_WAIT,
        "among": None if among is None else list(among),
    }
    with connection.cursor() as cursor:
        cursor.execute(scoped(_USED), asked)
        rows = cursor.fetchall()
    total = sum(row[2] for row in rows if row[0] is None)
    found = [
        ChannelUse(
            kind=kind,
            network=network,
            relations=count,
            speaking=speaking,
            theirs=theirs,
            ours=ours,
            answers=answers,
            waited=waited if answers >= FEWEST else None,
            share=round(100 * count / total),
        )
        for kind, network, count, speaking, theirs, ours, answers, waited in rows
        if kind is not None
    ]
    return total, sorted(found, key=lambda one: (-one.relations, one.kind, one.network))
