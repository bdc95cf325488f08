# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ties of any kind through a lens, as arrays: those of some relations, and those among some, from the database."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from plein.network.queries.following import Moment
from plein.network.queries.numbering import Floats, Halves, Numbering, Numbers, halves_of, hex_of
from plein.network.queries.seeing import Lens, ask
from plein.network.queries.stepping import read, read_ids
from plein.network.strength import costs_of

#: Of one relation no more ties than this are followed in a picture, of those that last and of those that fade.
WIDEST = 500
_SENT = """
    SELECT array_send(array_agg(@near@)), array_send(array_agg(h.far_id)), array_send(array_agg(h.weight)),
           array_send(array_agg(h.is_lasting)), array_send(array_agg(h.ground)), array_send(array_agg(h.to_person)),
           array_send(array_agg(coalesce(h.ends_on < %(today)s, false)))
"""
_TIES = """
        (SELECT h.far_id, h.weight, h.is_lasting, h.ground, h.to_person, h.ends_on FROM network_half h
          WHERE {h} AND h.near_id = u.id AND @which@ AND @conditions@ ORDER BY h.weight DESC, h.far_id LIMIT %(widest)s)
"""
_AROUND = f"""
    {_SENT.replace("@near@", "u.place")} FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY u (id, place) CROSS JOIN LATERAL (
        {_TIES.replace("@which@", "NOT h.is_lasting")} UNION ALL {_TIES.replace("@which@", "h.is_lasting")}) h
"""
_AMONG = f"""
    {_SENT.replace("@near@", "h.near_id")} FROM network_half h
     WHERE {{h}} AND h.near_id = ANY (%(near)s::uuid[]) AND h.far_id = ANY (%(far)s::uuid[]) AND @conditions@
"""


@dataclass(frozen=True, slots=True)
class Ties:
    """Ties of any kind: from which of those asked for, by its place, to whom, what each costs, and what it is.

    `far` are ids, or the numbers that whoever asks gives them.
    """

    place: NDArray[np.integer]
    far: NDArray[Any]
    cost: Floats
    ground: NDArray[np.uint8]
    is_person: NDArray[np.bool]
    is_over: NDArray[np.bool]

    def at(self, places: NDArray[np.integer], far: NDArray[Any]) -> "Ties":
        """The same, from other places and to others."""
        return Ties(places, far, self.cost, self.ground, self.is_person, self.is_over)

    def only(self, kept: NDArray[Any]) -> "Ties":
        """Some of them."""
        return Ties(*(getattr(self, name)[kept] for name in self.__slots__))

    def beside(self, other: "Ties") -> "Ties":
        """Both together."""
        return Ties(*(np.concatenate((getattr(self, name), getattr(other, name))) for name in self.__slots__))


NONE = Ties(
    np.empty(0, np.int64),
    np.empty((0, 2), np.uint64),
    np.empty(0),
    *(np.empty(0, kind) for kind in (np.uint8, bool, bool)),
)


def ties(ids: Halves, moment: Moment, lens: Lens) -> Ties:
    """The strongest ties of these relations. One query."""
    near, found = _asked(_AROUND, moment, lens, ids=ids, widest=WIDEST) if len(ids) else (None, NONE)
    return NONE if near is None else found.at(read(near, ">i8") - 1, found.far)


def among(near: Halves, far: Halves, moment: Moment, lens: Lens) -> tuple[Halves, Ties]:
    """The ties that some have with others, and the ids of whom they are. One query."""
    sent, found = _asked(_AMONG, moment, lens, near=near, far=far)
    return (NONE.far, NONE) if sent is None else (read_ids(sent), found)


def _asked(sql: str, moment: Moment, lens: Lens, **values: Any) -> tuple[bytes | None, Ties]:
    arrays = {
        name: "{" + ",".join(hex_of(value)) + "}" if isinstance(value, np.ndarray) else value
        for name, value in values.items()
    }
    [[near, far, weight, lasting, ground, person, over]] = ask(sql, lens, moment, **arrays)
    if near is None:
        return None, NONE
    cost = costs_of(read(weight, ">f8").astype(np.float64), read(lasting, "u1") == 1, fading=moment.fading)
    grounds = read(ground, ">i2").astype(np.uint8)
    return near, Ties(NONE.place, read_ids(far), cost, grounds, read(person, "u1") == 1, read(over, "u1") == 1)


def each_once(near: NDArray[np.integer], far: NDArray[np.integer], looking: Numbers, many: int) -> NDArray[np.integer]:
    """Where each tie is once: it is found from both sides, where both look."""
    is_looking = np.zeros(many, bool)
    is_looking[looking] = True
    return ((near < far) | ~is_looking.take(far)).nonzero()[0]


class TiesOfDatabase:
    """Each look is a query; relations get a number when they are first met."""

    def __init__(self, moment: Moment, lens: Lens) -> None:
        self.moment, self.lens, self.names = moment, lens, Numbering()

    def one(self, id: UUID) -> Numbers:
        """The number of one."""
        return self.names.numbers(halves_of([str(id)]))

    def numbers(self, ids: Halves) -> Numbers:
        """The number of each of these."""
        return self.names.numbers(ids)

    def ids(self, numbers: Numbers) -> Halves:
        """The ids of these numbers."""
        return self.names.ids[numbers]

    def ties(self, numbers: Numbers) -> Ties:
        """The strongest ties of these."""
        found = ties(self.names.ids[numbers], self.moment, self.lens)
        return found.at(found.place, self.names.numbers(found.far))

    def among(self, told: Numbers, looking: Numbers) -> Ties:
        """The ties that some of those told have with any of them, each once; from and to which place."""
        ids, found = among(self.names.ids[told[looking]], self.names.ids[told], self.moment, self.lens)
        place = np.full(len(self.names), -1)
        place[told] = np.arange(len(told))
        found = found.at(place[self.names.numbers(ids)], place[self.names.numbers(found.far)])
        return found.only(each_once(found.place, found.far, looking, len(told)))

    def same(self, numbers: Numbers) -> Numbers:
        """For each of these the place of one that is the same, and the same place for all that are."""
        slot = np.empty(len(self.names), np.int64)
        slot[numbers] = np.arange(len(numbers))
        return slot[numbers]

    def are_among(self, numbers: Numbers, others: Numbers) -> NDArray[np.bool]:
        """Which of these are among the others."""
        return np.isin(numbers, others)
