# SPDX-License-Identifier: AGPL-3.0-or-later
"""Contacts of one degree with how close they are and who is in between, and of all degrees how many are asked for."""

from collections import defaultdict
from dataclasses import dataclass, field
from math import inf
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection

from plein.core.finding.finder import scoped
from plein.network.queries.following import PEOPLE, Moment, Way, this_moment
from plein.network.queries.footing import Footing, answered
from plein.network.queries.numbering import Floats, Numbers, hex_of, nearest, uuids_of
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
_CHOSEN = """
    SELECT f.place - 1 FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY f (id, place) WHERE @wanted@ ORDER BY 1
"""


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


@dataclass(frozen=True, slots=True)
class _Ring:
    """Everybody of one degree, what each costs, and the ties that led there: from whom, to whom, at what price."""

    numbers: Numbers
    costs: Floats
    near: Numbers
    place: Numbers
    far: Numbers
    total: Floats

    def page(
        self, wanted: Numbers, footing: Footing, limit: int, offset: int, *, is_direct: bool
    ) -> tuple[Reached, ...]:
        """Some of those who are asked for, the closest first, with who is in between."""
        costs = np.round(self.costs[wanted], DIGITS)
        order, ids = nearest(lambda one: footing.ids(self.numbers[wanted[one]]), costs, offset + limit)
        shown, ids = wanted[order[offset:]], ids[offset:]
        told = zip(shown.tolist(), uuids_of(ids), self.costs[shown].tolist(), strict=True)
        between: dict[int, tuple[UUID, ...]] = {} if is_direct else self._between(shown, footing)
        return tuple(Reached(id, strength_of(cost), between.get(number, ())) for number, id, cost in told)

    def _between(self, shown: Numbers, footing: Footing) -> dict[int, tuple[UUID, ...]]:
        """Who of the degree before leads to each of these, the best first."""
        ways: dict[int, dict[int, float]] = defaultdict(dict)
        is_shown = np.zeros(len(self.numbers), bool)
        is_shown[shown] = True
        kept = np.flatnonzero(is_shown[self.far])
        for far, place, total in zip(
            self.far[kept].tolist(), self.place[kept].tolist(), self.total[kept].tolist(), strict=True
        ):
            ways[far][place] = min(total, ways[far].get(place, inf))
        met = sorted({place for theirs in ways.values() for place in theirs})
        names = dict(zip(met, uuids_of(footing.ids(self.near[met])), strict=True))
        told = {}
        for far, theirs in ways.items():
            ranked = sorted((round(total, DIGITS), names[place]) for place, total in theirs.items())
            told[far] = tuple(near for _total, near in ranked[:BETWEEN])
        return told


def reach(
    of: UUID, *, depth: int = 3, degree: int = 2, only: PeopleFilter = EVERYBODY, limit: int = 50, offset: int = 0
) -> Reach:
    """How many are one to `depth` ties away and are asked for, and a page of those of one degree, with who is between.

    What is asked for chooses whom is counted, never through whom one goes. On the database a query per degree, and one
    to choose.
    """
    moment = this_moment()

    def look(footing: Footing) -> Reach:
        edge, costs = footing.numbers([str(of)]), np.zeros(1)
        counts: dict[int, int] = {}
        rows: tuple[Reached, ...] = ()
        for number in range(1, depth + 1):
            if number == depth != degree:
                known = len(footing)
                footing.reached(edge, PEOPLE)
                counts[number] = len(_wanted(np.arange(known, len(footing)), footing, only, moment))
                break
            ring = _ring(edge, costs, footing)
            wanted = _wanted(ring.numbers, footing, only, moment)
            counts[number] = len(wanted)
            if number == degree:
                rows = ring.page(wanted, footing, limit, offset, is_direct=number == 1)
            edge, costs = ring.numbers, ring.costs
        return Reach(counts, rows)

    return answered(moment, look)


def _ring(edge: Numbers, costs: Floats, footing: Footing) -> _Ring:
    """The next degree: whoever was not met before, over the strongest way."""
    known, found = len(footing), footing.steps(edge, PEOPLE)
    far = found.far - known
    is_fresh = far >= 0
    place, far, total = found.place[is_fresh], far[is_fresh], (costs[found.place] + found.cost)[is_fresh]
    least = np.full(len(footing) - known, inf)
    np.minimum.at(least, far, total)
    return _Ring(np.arange(known, len(footing)), least, edge, place, far, total)


def _wanted(numbers: Numbers, footing: Footing, only: PeopleFilter, moment: Moment) -> Numbers:
    """The places of those who are asked for; a query, unless everybody is."""
    if only.is_open or not len(numbers):
        return np.arange(len(numbers))
    values = only.values(moment) | {"ids": "{" + ",".join(hex_of(footing.ids(numbers))) + "}"}
    rows = ask(_CHOSEN.replace("@wanted@", only.condition("f.id")), PEOPLE, moment, **values)
    return np.array([place for [place] in rows], np.int64)
