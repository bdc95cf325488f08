# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom two people both know, and how well each of them."""

from dataclasses import dataclass
from uuid import UUID

from plein.network.queries.following import PEOPLE, this_moment
from plein.network.queries.reaching import COST, ask
from plein.network.strength import strength_of

_SIDE = f"""
    SELECT h.far_id AS id, min({COST}) AS cost FROM network_half h
     WHERE {{h}} AND h.near_id = %(@end@)s AND h.to_person AND @conditions@ GROUP BY h.far_id
"""
_SHARED = f"""
    SELECT o.id, o.cost, t.cost, count(*) OVER () FROM ({_SIDE.replace("@end@", "one")}) o
      JOIN ({_SIDE.replace("@end@", "other")}) t ON t.id = o.id
     WHERE o.id <> %(one)s AND o.id <> %(other)s
     ORDER BY round((o.cost + t.cost)::numeric, 9), o.id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Shared:
    """Somebody whom two people both know, and how strong either tie is."""

    id: UUID
    to_one: float
    to_other: float

    @property
    def closeness(self) -> float:
        """What they are ranked by: both ties multiplied."""
        return self.to_one * self.to_other


def shared(one: UUID, other: UUID, *, limit: int = 100) -> tuple[int, list[Shared]]:
    """How many both know, and who, those best known to both first; one query."""
    moment = this_moment()
    rows = ask(_SHARED, PEOPLE, moment, one=one, other=other, limit=limit, behind=moment.fading)
    count = rows[0][3] if rows else 0
    return count, [Shared(id, strength_of(first), strength_of(second)) for id, first, second, _count in rows]
