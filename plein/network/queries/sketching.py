# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is near somebody within two ties, through whom, and the ties among them, as arrays."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from plein.network.queries.following import Moment
from plein.network.queries.numbering import Floats, Halves, Numbers, halves_of, nearest, ranks_of
from plein.network.queries.seeing import Lens
from plein.network.queries.tying import Ties, TiesOfDatabase
from plein.network.snapshot.canvas import TiesOfSnapshot
from plein.network.snapshot.walking import OutOfSight, walk

#: So many organizations are offered to choose by.
FIRMS = 40
#: Sums that differ by less are the same sum, added up in another order.
DIGITS = 9
_NO, _LATER = -1, 2**31 - 1
_MIDDLE, _NOBODY = np.zeros(1, np.int64), np.empty(0, np.int64)


class Canvas(Protocol):
    """What a picture is made from: ties through a lens, by number, as the database has them or as a snapshot does."""

    def one(self, id: UUID) -> Numbers:
        """The number of one, alone in an array."""

    def numbers(self, ids: Halves) -> Numbers:
        """The number of each of these."""

    def ids(self, numbers: Numbers) -> Halves:
        """The ids of these numbers."""

    def ties(self, numbers: Numbers) -> Ties:
        """The strongest ties of these."""

    def among(self, told: Numbers, looking: Numbers) -> Ties:
        """The ties that some of those told have with any of them, each once; from and to which place."""

    def same(self, numbers: Numbers) -> NDArray[np.integer]:
        """For each of these the place of one that is the same, and the same place for all that are."""

    def are_among(self, numbers: Numbers, others: Numbers) -> NDArray[np.bool]:
        """Which of these are among the others."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """Who is in a picture, the middle first and then the nearest first, and the ties among them.

    through    by whom of `between` each is nearest, or -1
    ties       from and to whom, by their place among those shown; each once
    firms      the nearest organizations, shown or not
    """

    ids: Halves
    cost: Floats
    is_direct: NDArray[np.bool]
    through: Numbers
    between: Halves
    ties: Ties
    firms: Halves


@dataclass(frozen=True, slots=True)
class _Near:
    """Everybody within two ties, each once: how far, by whom of those in between or -1, and whether there is a tie."""

    number: Numbers
    cost: Floats
    is_person: NDArray[np.bool]
    through: Numbers
    is_direct: NDArray[np.bool]

    def order(self, which: Numbers, most: int, canvas: Canvas) -> tuple[Numbers, Halves]:
        """The nearest of some, the nearest first, and their ids; equal ones in the order of these."""
        places, ids = nearest(lambda some: canvas.ids(self.number[which[some]]), self.cost[which], most)
        return which[places], ids


def sketch(of: UUID, canvas: Canvas, *, limit: int, among: frozenset[UUID] | None) -> Sketch:
    """Who is around somebody within two ties, as many as fit; of some only, with whom stands in between."""
    middle = canvas.one(of)
    near, between = _found(middle, canvas)
    everybody = np.arange(len(near.number))
    if among is None:
        shown, ids = near.order(everybody, max(limit - 1, 0), canvas)
    else:
        shown, ids = _wanted(near, between, canvas.numbers(halves_of(map(str, among))), limit, canvas)
    told = np.concatenate((middle, near.number[shown]))
    # Looked up from the people's side, for organizations have too many.
    looking = np.concatenate((_MIDDLE, near.is_person[shown].nonzero()[0] + 1))
    return Sketch(
        np.concatenate((canvas.ids(middle), ids)),
        np.concatenate(([0.0], near.cost[shown])),
        np.concatenate(([False], near.is_direct[shown])),
        np.concatenate(([_NO], near.through[shown])),
        canvas.ids(between),
        canvas.among(told, looking),
        _firms(near, shown if among is None else _NOBODY, ids, canvas),
    )


def _firms(near: _Near, first: Numbers, ids: Halves, canvas: Canvas) -> Halves:
    """The nearest organizations: those among the nearest of all, whose ids these are, if they are enough of them."""
    is_firm = ~near.is_person[first]
    if len(first) == len(near.number) or np.count_nonzero(is_firm) >= FIRMS:
        return ids[is_firm.nonzero()[0][:FIRMS]]
    return near.order((~near.is_person).nonzero()[0], FIRMS, canvas)[1]


def _found(middle: Numbers, canvas: Canvas) -> tuple[_Near, Numbers]:
    """Everybody within two ties, and the people in between in the order of their ids. Organizations are leaves."""
    direct = canvas.ties(middle)
    between, so_far = _between(direct, middle, canvas)
    second = canvas.ties(between)
    far = np.concatenate((direct.far, second.far))
    cost = np.round(np.concatenate((direct.cost, so_far[second.place] + second.cost)), DIGITS)
    place = canvas.same(far)
    least = np.full(len(far), np.inf)
    np.minimum.at(least, place, cost)
    # Of as near ones the direct tie, and then whoever comes first by id.
    best = (cost == least[place]).nonzero()[0]
    by = np.concatenate((np.full(len(direct.far), _NO), second.place))
    through = np.full(len(far), _LATER)
    np.minimum.at(through, place[best], by[best])
    is_direct = np.zeros(len(far), bool)
    is_direct[place[: len(direct.far)]] = True
    is_person = np.concatenate((direct.is_person, second.is_person))
    once = ((place == np.arange(len(far))) & (far != middle[0])).nonzero()[0]
    return _Near(far[once], least[once], is_person[once], through[once], is_direct[once]), between


def _between(direct: Ties, middle: Numbers, canvas: Canvas) -> tuple[Numbers, Floats]:
    """The people who are tied to the middle, in the order of their ids, and how far each is."""
    place = canvas.same(direct.far)
    least = np.full(len(place), np.inf)
    np.minimum.at(least, place, direct.cost)
    once = ((place == np.arange(len(place))) & direct.is_person & (direct.far != middle[0])).nonzero()[0]
    once = once[np.lexsort(ranks_of(canvas.ids(direct.far[once])))]
    return direct.far[once].astype(np.int64), least[once]


def _wanted(near: _Near, between: Numbers, among: Numbers, limit: int, canvas: Canvas) -> tuple[Numbers, Halves]:
    """The nearest of those who are asked for; with whom stands in between, where somebody has to."""
    which = np.flatnonzero(canvas.are_among(near.number, among))
    place = {number: row for row, number in enumerate(near.number.tolist())}
    shown: set[int] = set()
    for row in near.order(which, len(which), canvas)[0].tolist():
        wanted = {row} if near.is_direct[row] else {row, place[int(between[near.through[row]])]}
        if len(shown | wanted) < limit:
            shown |= wanted
    return near.order(np.array(sorted(shown), np.int64), len(shown), canvas)


def on_canvas[Answer](moment: Moment, lens: Lens, look: Callable[[Canvas], Answer]) -> Answer:
    """What a look finds: in a snapshot, which knows no days on which something was, or in the database."""
    if lens.is_of_now and (way := walk(moment)):
        with suppress(OutOfSight):
            return look(TiesOfSnapshot(way, lens))
    return look(TiesOfDatabase(moment, lens))
