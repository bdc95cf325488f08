# SPDX-License-Identifier: AGPL-3.0-or-later
"""Contacts of the first, second and third degree; whom two people both know; and the picture around one of them."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from plein.core.finding.finder import scoped
from plein.network.queries.following import PEOPLE, Moment, Way, neighbours, this_moment
from plein.network.queries.numbering import Halves, Numbering, halves_of, uuids_of
from plein.network.queries.stepping import around, reached
from plein.network.strength import cost_of, strength_of
from plein.network.vocabulary import Ground

EVERYTHING = Way(grounds=tuple(Ground))
#: Of one relation no more ties than this are followed in a picture.
WIDEST = 500
_MUTUAL = """
    SELECT h.far_id FROM network_half h WHERE {h} AND h.near_id = %(one)s AND h.to_person AND @conditions@
    INTERSECT
    SELECT h.far_id FROM network_half h WHERE {h} AND h.near_id = %(other)s AND h.to_person AND @conditions@
"""
_AROUND = """
    SELECT u.id::text, h.far_id::text, h.is_lasting, h.weight, h.to_person FROM unnest(%(ids)s::uuid[]) u (id)
     CROSS JOIN LATERAL (
        (SELECT h.far_id, h.is_lasting, h.weight, h.to_person FROM network_half h
          WHERE {h} AND h.near_id = u.id AND NOT h.is_lasting AND @conditions@ ORDER BY h.weight DESC LIMIT %(widest)s)
         UNION ALL
        (SELECT h.far_id, h.is_lasting, h.weight, h.to_person FROM network_half h
          WHERE {h} AND h.near_id = u.id AND h.is_lasting AND @conditions@ ORDER BY h.weight DESC LIMIT %(widest)s)) h
"""
_AMONG = """
    SELECT h.near_id::text, h.far_id::text, h.is_lasting, h.weight FROM network_half h
     WHERE {h} AND h.near_id = ANY (%(people)s::uuid[]) AND h.far_id = ANY (%(ids)s::uuid[]) AND @conditions@
"""


@dataclass(frozen=True, slots=True)
class Degree:
    """How many people are so many ties away, and who, where that was asked."""

    number: int
    count: int
    _ids: Halves | None = field(default=None, repr=False, compare=False)

    @property
    def ids(self) -> tuple[UUID, ...]:
        return () if self._ids is None else uuids_of(self._ids)


@dataclass(frozen=True, slots=True)
class Bond:
    """Two relations in a picture, and how strong their strongest visible tie is."""

    one: UUID
    other: UUID
    strength: float


@dataclass(frozen=True, slots=True)
class Ego:
    """The picture around somebody: who is near, the most relevant first, and the ties among them."""

    closeness: dict[UUID, float]
    bonds: tuple[Bond, ...]


def _ask(sql: str, way: Way, moment: Moment, **values: Any) -> list[tuple[Any, ...]]:
    statement = scoped(sql).replace("@conditions@", way.conditions())
    with connection.cursor() as cursor:
        cursor.execute(statement, {"today": moment.today, "at": moment.at, **values})
        return list(cursor.fetchall())


def degrees(of: UUID, *, depth: int = 3, with_last: bool = False) -> list[Degree]:
    """The people who are one, two and three ties away; of the last degree only how many, unless asked. Two queries."""
    moment, names, told = this_moment(), Numbering(), []
    names.numbers(halves_of([str(of)]))
    found = [*around(of, moment, PEOPLE)]
    for number in range(1, depth + 1):
        known = len(names)
        names.numbers(found[number - 1])
        edge = names.ids[known:]
        told.append(Degree(number, len(edge), edge if number < depth or with_last else None))
        if len(found) == number < depth:
            found.append(reached(edge, moment, PEOPLE))
    return told


def mutual(one: UUID, other: UUID) -> list[UUID]:
    """Whom both know, by id; one query."""
    rows = _ask(_MUTUAL, PEOPLE, this_moment(), one=one, other=other)
    return sorted(row[0] for row in rows if row[0] not in (one, other))


def ego(of: UUID, *, limit: int = 300) -> Ego:
    """Who is around somebody within two ties of any kind, and the ties among them. Organizations are leaves.

    Three queries.
    """
    moment = this_moment()
    best: dict[str, float] = {str(of): 0.0}
    nearest = _around([str(of)], moment).get(str(of), {})
    best |= {far: cost for far, (cost, _is_person) in nearest.items() if far != str(of)}
    persons = [far for far, (_cost, is_person) in nearest.items() if is_person and far != str(of)]
    direct = dict(best)
    known = {str(of), *persons}
    for near, theirs in _around(persons, moment).items():
        for far, (cost, is_person) in theirs.items():
            total = direct[near] + cost
            known |= {far} if is_person else set()
            if total < best.get(far, float("inf")):
                best[far] = total
    ranked = sorted(best.items(), key=lambda one: (round(one[1], 9), one[0]))[:limit]
    return Ego({UUID(far): strength_of(cost) for far, cost in ranked}, _among(ranked, known, moment))


def _around(ids: list[str], moment: Moment) -> dict[str, dict[str, tuple[float, bool]]]:
    found: dict[str, dict[str, tuple[float, bool]]] = {}
    if not ids:
        return found
    for near, far, is_lasting, weight, is_person in _ask(_AROUND, EVERYTHING, moment, ids=ids, widest=WIDEST):
        cost = cost_of(weight, is_lasting=is_lasting, fading=moment.fading)
        theirs = found.setdefault(near, {})
        if far not in theirs or cost < theirs[far][0]:
            theirs[far] = (cost, is_person)
    return found


def _among(ranked: list[tuple[str, float]], known: set[str], moment: Moment) -> tuple[Bond, ...]:
    """The strongest tie of each pair of them; looked up from the people's side, for organizations have too many."""
    ids = [far for far, _cost in ranked]
    rows = _ask(_AMONG, EVERYTHING, moment, ids=ids, people=[one for one in ids if one in known])
    best: dict[tuple[str, str], float] = {}
    for near, far, is_lasting, weight in rows:
        pair = (min(near, far), max(near, far))
        cost = cost_of(weight, is_lasting=is_lasting, fading=moment.fading)
        best[pair] = min(cost, best.get(pair, float("inf")))
    return tuple(Bond(UUID(one), UUID(other), strength_of(cost)) for (one, other), cost in sorted(best.items()))


def knows(of: UUID, others: list[UUID]) -> dict[UUID, float]:
    """Which of these somebody knows directly, and how well."""
    theirs = neighbours([str(of)], this_moment()).get(str(of), {})
    return {one: strength_of(theirs[str(one)].cost) for one in others if str(one) in theirs}
