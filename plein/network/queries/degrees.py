# SPDX-License-Identifier: AGPL-3.0-or-later
"""Contacts of the first, second and third degree, and whom two people both know."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection

from plein.core.finding.finder import scoped
from plein.network.queries.following import PEOPLE, Moment, Way, neighbours, this_moment
from plein.network.queries.numbering import Halves, Numbering, halves_of, uuids_of
from plein.network.queries.stepping import around, reached
from plein.network.snapshot.walking import OutOfSight, Walk, walk
from plein.network.strength import strength_of

#: So few are sooner compared one by one.
FEW = 500
_MUTUAL = """
    SELECT h.far_id FROM network_half h WHERE {h} AND h.near_id = %(one)s AND h.to_person AND @conditions@
    INTERSECT
    SELECT h.far_id FROM network_half h WHERE {h} AND h.near_id = %(other)s AND h.to_person AND @conditions@
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


def _ask(sql: str, way: Way, moment: Moment, **values: Any) -> list[tuple[Any, ...]]:
    statement = scoped(sql).replace("@conditions@", way.conditions())
    with connection.cursor() as cursor:
        cursor.execute(statement, {"today": moment.today, "at": moment.at, **values})
        return list(cursor.fetchall())


def degrees(of: UUID, *, depth: int = 3, with_last: bool = False) -> list[Degree]:
    """The people who are one, two and three ties away; of the last degree only how many, unless asked. Two queries."""
    moment, names, told = this_moment(), Numbering(), []
    if way := walk(moment):
        with suppress(OutOfSight):
            return _from_snapshot(way, of, depth, with_last=with_last)
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


def _from_snapshot(way: Walk, of: UUID, depth: int, *, with_last: bool) -> list[Degree]:
    """The same, by number."""
    edge = np.array([way.number(of)])
    met, told = [edge], []
    for number in range(1, depth + 1):
        found = way.reached(edge, PEOPLE)
        if number < depth or with_last:
            edge = way.each_once(found, met)
            met.append(edge)
            told.append(Degree(number, len(edge), way.ids(edge)))
        else:
            told.append(Degree(number, int(np.count_nonzero(way.first_of(found, met)))))
    return told


def mutual(one: UUID, other: UUID) -> list[UUID]:
    """Whom both know, by id; one query."""
    moment = this_moment()
    if way := walk(moment):
        with suppress(OutOfSight):
            return _mutual_from_snapshot(way, one, other)
    rows = _ask(_MUTUAL, PEOPLE, moment, one=one, other=other)
    return sorted(row[0] for row in rows if row[0] not in (one, other))


def _mutual_from_snapshot(way: Walk, one: UUID, other: UUID) -> list[UUID]:
    ends = (way.number(one), way.number(other))
    near, far = (way.reached_from(end, PEOPLE) for end in ends)
    if len(near) + len(far) < FEW:
        told = set(near.tolist()).intersection(far.tolist()).difference(ends)
        return sorted(uuids_of(way.ids(np.array(list(told), np.int64)))) if told else []
    met = way.graph.scratch.met
    met[near] = True
    met[list(ends)] = False
    both = way.each_once(far[met[far]])
    met[near] = False
    return sorted(uuids_of(way.ids(both)))


def knows(of: UUID, others: list[UUID]) -> dict[UUID, float]:
    """Which of these somebody knows directly, and how well."""
    theirs = neighbours([str(of)], this_moment()).get(str(of), {})
    return {one: strength_of(theirs[str(one)].cost) for one in others if str(one) in theirs}
