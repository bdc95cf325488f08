# SPDX-License-Identifier: AGPL-3.0-or-later
"""One step of a search from many relations at once, as arrays: what the database found comes in one line of bytes.

What is a tie to follow is decided as in `following`: in the step itself.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from plein.core.finding.finder import scoped
from plein.network.queries.following import Moment, Way
from plein.network.queries.numbering import Floats, Halves, Numbers, hex_of
from plein.network.strength import costs_of, weights_within

_ALL = """
    SELECT array_send(array_agg(u.place)), array_send(array_agg(h.far_id)), array_send(array_agg(h.weight)),
           array_send(array_agg(h.is_lasting)), array_send(array_agg(h.asked_until > %(at)s))
      FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY u (id, place)
      JOIN network_half h ON {h} AND h.near_id = u.id AND h.to_person AND @conditions@
"""
#: A lasting tie and one that fades have thresholds of their own in the same index.
_WITHIN = """
    SELECT array_send(array_agg(u.place)), array_send(array_agg(h.far_id)), array_send(array_agg(h.weight)),
           array_send(array_agg(h.asked_until > %(at)s))
      FROM unnest(%(ids)s::uuid[], %(lasting)s::boolean[], %(least)s::float8[])
           WITH ORDINALITY u (id, is_lasting, least, place)
      JOIN network_half h ON {h} AND h.near_id = u.id AND h.is_lasting = u.is_lasting AND h.weight >= u.least
           AND h.to_person AND @conditions@
"""
_FAR = """
    SELECT array_send(array_agg(h.far_id)) FROM unnest(%(ids)s::uuid[]) u (id)
      JOIN network_half h ON {h} AND h.near_id = u.id AND h.to_person AND @conditions@
"""
_FARTHER = """
    WITH near AS MATERIALIZED (
        SELECT DISTINCT h.far_id AS id FROM network_half h
         WHERE {h} AND h.near_id = %(id)s AND h.far_id <> %(id)s AND h.to_person AND @conditions@)
    SELECT (SELECT array_send(array_agg(id)) FROM near), (
        SELECT array_send(array_agg(h.far_id)) FROM near u
          JOIN network_half h ON {h} AND h.near_id = u.id AND h.to_person AND @conditions@)
"""
#: The head of an array as it is sent, before its values, each of which has its length before it.
_HEAD = 20
#: A weight is a sum of logarithms that database and program round each in their way.
_ROUNDED = 1e-9


@dataclass(frozen=True, slots=True)
class Steps:
    """Ties to people: from which of those asked for, by its place, to whom, and what each costs.

    `far` are ids, or the numbers that whoever asks gives them.
    """

    place: Numbers
    far: NDArray[Any]
    cost: Floats
    is_askable: NDArray[np.bool]

    def only(self, kept: NDArray[np.bool]) -> "Steps":
        """Some of them."""
        return Steps(self.place[kept], self.far[kept], self.cost[kept], self.is_askable[kept])

    def in_order(self, order: Numbers) -> "Steps":
        """In another order."""
        return Steps(self.place[order], self.far[order], self.cost[order], self.is_askable[order])

    def at(self, places: Numbers) -> "Steps":
        """The same ties, of those at other places; those at -1 are left out."""
        told = places[self.place]
        return Steps(told, self.far, self.cost, self.is_askable).only(told >= 0)

    def beside(self, other: "Steps") -> "Steps":
        """Both together."""
        return Steps(
            np.concatenate((self.place, other.place)),
            np.concatenate((self.far, other.far)),
            np.concatenate((self.cost, other.cost)),
            np.concatenate((self.is_askable, other.is_askable)),
        )


@dataclass(frozen=True, slots=True)
class Ends:
    """The ties of a group to others, in the order of these: few of many are looked at, and only these are worked out.

    `far` are numbers; `cheapest` is no more than any of them costs. `costs` and `is_askable` are asked by place.
    """

    place: Numbers
    far: NDArray[Any]
    cheapest: float
    costs: Callable[[Numbers], Floats]
    is_askable: Callable[[Numbers], NDArray[np.bool]]

    @classmethod
    def of(cls, found: Steps) -> "Ends":
        """Those of ties that were worked out already."""
        found = found.in_order(np.argsort(found.far, kind="stable"))
        cheapest = float(found.cost.min(initial=np.inf))
        return cls(found.place, found.far, cheapest, found.cost.__getitem__, found.is_askable.__getitem__)

    def around(self, far: Numbers) -> tuple[Numbers, Numbers]:
        """Where the ties to these begin, and where they end."""
        return self.far.searchsorted(far, "left"), self.far.searchsorted(far, "right")


NONE = Steps(np.empty(0, np.int64), np.empty((0, 2), np.uint64), np.empty(0), np.empty(0, bool))


def steps(ids: Halves, moment: Moment, way: Way) -> Steps:
    """All ties of these relations to people. One query."""
    if not len(ids):
        return NONE
    place, far, weight, is_lasting, is_askable = _asked(_ALL, moment, way, ids=_array(hex_of(ids)))
    if place is None:
        return NONE
    cost = costs_of(read(weight, ">f8"), read(is_lasting, "u1") == 1, fading=moment.fading)
    return Steps(read(place, ">i8") - 1, read_ids(far), cost, read(is_askable, "u1") == 1)


def steps_within(ids: Halves, within: Floats, moment: Moment, way: Way) -> Steps:
    """The ties to people of each of these relations that cost no more than it is given with. One query."""
    if not len(ids):
        return NONE
    fading, lasting = least_weights(within, moment)
    place, far, weight, is_askable = _asked(
        _WITHIN,
        moment,
        way,
        ids=_array(2 * hex_of(ids)),
        lasting=_array(len(ids) * ["f"] + len(ids) * ["t"]),
        least=_array(map(repr, np.concatenate((fading, lasting)).tolist())),
    )
    if place is None:
        return NONE
    found = read(place, ">i8") - 1
    cost = costs_of(read(weight, ">f8"), found >= len(ids), fading=moment.fading)
    return Steps(found % len(ids), read_ids(far), cost, read(is_askable, "u1") == 1)


def least_weights(within: Floats, moment: Moment) -> tuple[Floats, Floats]:
    """What a tie that fades and one that lasts must weigh to cost no more than this; a little less is let pass."""
    fading, lasting = (weights_within(within, is_lasting=one, fading=moment.fading) for one in (False, True))
    return fading - _ROUNDED, lasting - _ROUNDED


def reached(ids: Halves, moment: Moment, way: Way) -> Halves:
    """The people tied to these relations, as often as they are. One query."""
    [far] = _asked(_FAR, moment, way, ids=_array(hex_of(ids))) if len(ids) else [None]
    return NONE.far if far is None else read_ids(far)


def around(id: UUID, moment: Moment, way: Way) -> tuple[Halves, Halves]:
    """The people tied to a relation, and those tied to them, as often as they are. One query."""
    near, far = _asked(_FARTHER, moment, way, id=id)
    return NONE.far if near is None else read_ids(near), NONE.far if far is None else read_ids(far)


def _asked(sql: str, moment: Moment, way: Way, **values: Any) -> Sequence[bytes | None]:
    with connection.cursor() as cursor:
        statement = scoped(sql).replace("@conditions@", way.conditions())
        cursor.execute(statement, {"today": moment.today, "at": moment.at, **values})
        found: Sequence[bytes | None] = cursor.fetchone()
        return found


def _array(values: Iterable[str]) -> str:
    return "{" + ",".join(values) + "}"


def read(sent: bytes | None, kind: str) -> NDArray[Any]:
    """The values of an array as PostgreSQL sends it."""
    row = np.dtype([("length", ">i4"), ("value", kind)])
    return np.frombuffer(sent or b"", row, offset=_HEAD)["value"]


def read_ids(sent: bytes | None) -> Halves:
    return np.ascontiguousarray(read(sent, "V16")).view(np.uint64).reshape(-1, 2)
