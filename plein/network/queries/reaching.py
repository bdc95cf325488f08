# SPDX-License-Identifier: AGPL-3.0-or-later
"""Contacts of one degree with how close they are and who is in between, and of all degrees how many are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from plein.core.finding.finder import scoped
from plein.network.queries.following import PEOPLE, Moment, Way, neighbours, this_moment
from plein.network.queries.people import EVERYBODY, PeopleFilter
from plein.network.strength import LEAST_COST, strength_of

#: Sums that differ by less are the same sum, added up in another order.
DIGITS = 9
#: So many who stand in between are named for each.
BETWEEN = 3
#: The cost of a tie, as strength.py has it; `behind` is how much has faded.
COST = f"""
    greatest(CASE WHEN h.is_lasting THEN -ln(h.weight)
                  ELSE greatest(%(behind)s - h.weight, 0) + ln(1 + exp(-abs(%(behind)s - h.weight))) END, {LEAST_COST})
"""
_CLOSE = f"""
    SELECT n.id, n.cost
      FROM (SELECT h.far_id AS id, min(u.cost + {COST}) AS cost
              FROM unnest(%(ids)s::uuid[], %(costs)s::float8[]) u (id, cost)
              JOIN network_half h ON {{h}} AND h.near_id = u.id AND h.to_person AND @conditions@
             GROUP BY h.far_id) n
     WHERE NOT EXISTS (SELECT FROM unnest(%(seen)s::uuid[]) s (id) WHERE s.id = n.id)
"""
_RANKED = f"round(f.cost::numeric, {DIGITS}), f.id"


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody who is so many ties away: how close over the strongest way of as few ties as there are.

    between  who of the degree before is in between, the best first; nobody of the first degree has any
    """

    id: UUID
    closeness: float
    between: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """All degrees counted, and of one of them the people, the closest first."""

    counts: dict[int, int] = field(default_factory=dict)
    rows: tuple[Reached, ...] = ()


def ask(sql: str, way: Way, moment: Moment, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement that has `@conditions@` where the ties `h` are chosen."""
    statement = scoped(sql.replace("@conditions@", way.conditions()))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"today": moment.today, "at": moment.at, **values})
        return list(cursor.fetchall())


@dataclass(slots=True)
class _Walk:
    """Degree by degree outwards: what each of the one before costs, and who was seen."""

    moment: Moment
    only: PeopleFilter
    edge: dict[str, float]
    seen: list[str]

    def _asked(self) -> dict[str, Any]:
        asked = {"ids": list(self.edge), "costs": list(self.edge.values()), "seen": self.seen}
        asked["behind"] = self.moment.fading
        return {**asked, **self.only.values(self.moment)}

    def step(self) -> list[tuple[str, float]]:
        """Everybody of the next degree becomes the edge; those who are asked for, the closest first."""
        wanted = self.only.condition("f.id")
        found = ask(f"SELECT f.id::text, f.cost, {wanted} FROM ({_CLOSE}) f", PEOPLE, self.moment, **self._asked())
        self.edge = {id: cost for id, cost, _is_wanted in found}
        self.seen = [*self.seen, *self.edge]
        return sorted(
            ((id, cost) for id, cost, is_wanted in found if is_wanted), key=lambda one: (round(one[1], DIGITS), one[0])
        )

    def last(self, limit: int, offset: int) -> tuple[int, list[tuple[str, float]]]:
        """How many of the next degree are asked for, and a page of them, the closest first."""
        sql = f"""
            WITH found AS MATERIALIZED (SELECT f.id, f.cost FROM ({_CLOSE}) f WHERE {self.only.condition("f.id")})
            SELECT NULL, NULL::float8, count(*) FROM found
             UNION ALL
            (SELECT f.id::text, f.cost, 0 FROM found f ORDER BY {_RANKED} LIMIT %(limit)s OFFSET %(offset)s)
        """
        found = ask(sql, PEOPLE, self.moment, **self._asked(), limit=limit, offset=offset)
        [count] = [count for id, _cost, count in found if id is None]
        rows = [(id, cost) for id, cost, _count in found if id is not None]
        return count, sorted(rows, key=lambda one: (round(one[1], DIGITS), one[0]))


def reach(
    of: UUID, *, depth: int = 3, degree: int = 2, only: PeopleFilter = EVERYBODY, limit: int = 50, offset: int = 0
) -> Reach:
    """How many are one to `depth` ties away and are asked for, and a page of those of one degree, with who is between.

    What is asked for chooses whom is counted, never through whom one goes. At most four queries.
    """
    moment = this_moment()
    walk = _Walk(moment, only, {str(of): 0.0}, [str(of)])
    counts: dict[int, int] = {}
    rows: list[tuple[str, float]] = []
    before: dict[str, float] = {}
    for number in range(1, depth + 1):
        edge = walk.edge
        if number == depth:
            counts[number], page = walk.last(limit if number == degree else 0, offset)
        else:
            found = walk.step()
            counts[number], page = len(found), found[offset : offset + limit]
        if number == degree:
            rows, before = page, edge
    between = _between([id for id, _cost in rows], before, moment) if degree > 1 else {}
    return Reach(counts, tuple(Reached(UUID(id), strength_of(cost), between.get(id, ())) for id, cost in rows))


def _between(ids: list[str], edge: Mapping[str, float], moment: Moment) -> dict[str, tuple[UUID, ...]]:
    """Who of the degree before leads to each of these, the best first; a query."""
    told = {}
    for far, theirs in neighbours(ids, moment).items():
        ways = sorted((round(edge[near] + tie.cost, DIGITS), near) for near, tie in theirs.items() if near in edge)
        told[far] = tuple(UUID(near) for _cost, near in ways[:BETWEEN])
    return told
