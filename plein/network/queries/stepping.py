# SPDX-License-Identifier: AGPL-3.0-or-later
"""One step of a search from many relations at once, as arrays: what the database found comes in one line of bytes.

What is a tie to follow is decided as in `following`: in the step itself.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection

from plein.core.finding.finder import scoped
from plein.network.queries.following import Moment, Way
from plein.network.queries.numbering import Floats, Halves, Numbers, hex_of
from plein.network.strength import costs_of, weights_within

_TOLD = """
    SELECT array_send(array_agg(u.place)), array_send(array_agg(h.far_id)), array_send(array_agg(h.weight)),
           array_send(array_agg(h.is_lasting)), array_send(array_agg(h.asked_until > %(at)s))
"""
_ALL = f"""{_TOLD}
      FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY u (id, place)
      JOIN network_half h ON {{h}} AND h.near_id = u.id AND h.to_person AND @conditions@
"""
#: A lasting tie and one that fades have thresholds of their own in the same index.
_WITHIN = f"""{_TOLD}
      FROM unnest(%(ids)s::uuid[], %(lasting)s::boolean[], %(least)s::float8[])
           WITH ORDINALITY u (id, is_lasting, least, place)
      JOIN network_half h ON {{h}} AND h.near_id = u.id AND h.is_lasting = u.is_lasting AND h.weight >= u.least
           AND h.to_person AND @conditions@
"""
#: The head of an array as it is sent, before its values, each of which has its length before it.
_HEAD = 20
#: A weight is a sum of logarithms that database and program round each in their way.
_ROUNDED = 1e-9


@dataclass(frozen=True, slots=True)
class Steps:
    """Ties to people: from which of those asked for, by its place, to whom, and what each costs."""

    place: Numbers
    far: Halves
    cost: Floats
    is_askable: Any

    def only(self, kept: Any) -> "Steps":
        """Some of them."""
        return Steps(self.place[kept], self.far[kept], self.cost[kept], self.is_askable[kept])


NONE = Steps(np.empty(0, np.int64), np.empty((0, 2), np.uint64), np.empty(0), np.empty(0, bool))


def steps(ids: Halves, moment: Moment, way: Way, *, within: Floats | None = None) -> Steps:
    """All ties of these relations to people; of each no farther than the cost it is given with. One query."""
    if not len(ids):
        return NONE
    values: dict[str, Any] = {"today": moment.today, "at": moment.at}
    if within is None:
        values["ids"] = _array(hex_of(ids))
    else:
        fading = weights_within(within, is_lasting=False, fading=moment.fading) - _ROUNDED
        lasting = weights_within(within, is_lasting=True, fading=moment.fading) - _ROUNDED
        values["ids"] = _array(2 * hex_of(ids))
        values["lasting"] = _array(len(ids) * ["f"] + len(ids) * ["t"])
        values["least"] = _array(map(repr, np.concatenate((fading, lasting)).tolist()))
    sql = _ALL if within is None else _WITHIN
    with connection.cursor() as cursor:
        cursor.execute(scoped(sql).replace("@conditions@", way.conditions()), values)
        place, far, weight, is_lasting, is_askable = cursor.fetchone()
    if place is None:
        return NONE
    cost = costs_of(_read(weight, ">f8"), _read(is_lasting, "u1") == 1, fading=moment.fading)
    return Steps(
        (_read(place, ">i8") - 1).astype(np.int64) % len(ids),
        np.ascontiguousarray(_read(far, "V16")).view(np.uint64).reshape(-1, 2),
        cost,
        _read(is_askable, "u1") == 1,
    )


def _array(values: Any) -> str:
    return "{" + ",".join(values) + "}"


def _read(sent: bytes, kind: str) -> Any:
    """The values of an array as PostgreSQL sends it."""
    row = np.dtype([("length", ">i4"), ("value", kind)])
    return np.frombuffer(sent, row, offset=_HEAD)["value"]
