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
from plein.network.queries.degrees import degrees
from plein.network.queries.following import PEOPLE, Moment, Way, this_moment
from plein.network.queries.numbering import Floats, Halves, Numbering, Numbers, halves_of, hex_of, uuids_of
from plein.network.queries.people import EVERYBODY, PeopleFilter
from plein.network.queries.stepping import reached, steps
from plein.network.snapshot.walking import walk
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

    ids: Halves
    costs: Floats
    near: Halves
    place: Numbers
    far: Numbers
    total: Floats

    def page(self, wanted: Numbers, limit: int, offset: int, *, is_direct: bool) -> tuple[Reached, ...]:
        """Some of those who are asked for, the closest first, with who is in between."""
        ids, costs = self.ids[wanted], self.costs[wanted]
        order = np.lexsort((ids[:, 1].byteswap(), ids[:, 0].byteswap(), np.round(costs, DIGITS)))
        shown = wanted[order[offset : offset + limit]]
        told = zip(shown.tolist(), uuids_of(self.ids[shown]), self.costs[shown].tolist(), strict=True)
        between: dict[int, tuple[UUID, ...]] = {} if is_direct else self._between(shown)
        return tuple(Reached(id, strength_of(cost), between.get(number, ())) for number, id, cost in told)

    def _between(self, shown: Numbers) -> dict[int, tuple[UUID, ...]]:
        """Who of the degree before leads to each of these, the best first."""
        ways: dict[int, dict[int, float]] = defaultdict(dict)
        kept = np.isin(self.far, shown)
        for far, place, total in zip(
            self.far[kept].tolist(), self.place[kept].tolist(), self.total[kept].tolist(), strict=True
        ):
            ways[far][place] = min(total, ways[far].get(place, inf))
        met = sorted({place for theirs in ways.values() for place in theirs})
        names = dict(zip(met, uuids_of(self.near[met]), strict=True))
        told = {}
        for far, theirs in ways.items():
            ranked = sorted((round(total, DIGITS), names[place]) for place, total in theirs.items())
            told[far] = tuple(near for _total, near in ranked[:BETWEEN])
        return told


def reach(
    of: UUID, *, depth: int = 3, degree: int = 2, only: PeopleFilter = EVERYBODY, limit: int = 50, offset: int = 0
) -> Reach:
    """How many are one to `depth` ties away and are asked for, and a page of those of one degree, with who is between.

    What is asked for chooses whom is counted, never through whom one goes. A query per degree, and one to choose.
    """
    moment, names = this_moment(), Numbering()
    names.numbers(halves_of([str(of)]))
    edge, costs = names.ids, np.zeros(1)
    counts: dict[int, int] = {}
    rows: tuple[Reached, ...] = ()
    for number in range(1, depth + 1):
        known = len(names)
        if number == depth != degree:
            if only.is_open and walk(moment):
                # A snapshot counts in no time.
                counts[number] = degrees(of, depth=depth)[-1].count
            else:
                names.numbers(reached(edge, moment, PEOPLE))
                counts[number] = len(_wanted(names.ids[known:], only, moment))
            break
        ring = _ring(edge, costs, names, moment)
        wanted = _wanted(ring.ids, only, moment)
        counts[number] = len(wanted)
        if number == degree:
            rows = ring.page(wanted, limit, offset, is_direct=number == 1)
        edge, costs = ring.ids, ring.costs
    return Reach(counts, rows)


def _ring(edge: Halves, costs: Floats, names: Numbering, moment: Moment) -> _Ring:
    """The next degree: whoever was not met before, over the strongest way."""
    known, found = len(names), steps(edge, moment, PEOPLE)
    far = names.numbers(found.far) - known
    is_fresh = far >= 0
    place, far, total = found.place[is_fresh], far[is_fresh], (costs[found.place] + found.cost)[is_fresh]
    least = np.full(len(names) - known, inf)
    np.minimum.at(least, far, total)
    return _Ring(names.ids[known:], least, edge, place, far, total)


def _wanted(ids: Halves, only: PeopleFilter, moment: Moment) -> Numbers:
    """The places of those who are asked for; a query, unless everybody is."""
    if only.is_open or not len(ids):
        return np.arange(len(ids))
    values = only.values(moment) | {"ids": "{" + ",".join(hex_of(ids)) + "}"}
    rows = ask(_CHOSEN.replace("@wanted@", only.condition("f.id")), PEOPLE, moment, **values)
    return np.array([place for [place] in rows], np.int64)
