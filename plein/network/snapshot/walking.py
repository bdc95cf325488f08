# SPDX-License-Identifier: AGPL-3.0-or-later
"""Steps through a snapshot, by number; for whom it does not answer, through the database.

The same as `queries.stepping`, with numbers for ids: those of the snapshot, and above them those whom one question
meets that are not in it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, reduce
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from plein.network.queries import stepping
from plein.network.queries.following import Moment, Way
from plein.network.queries.numbering import Floats, Halves, Numbering, Numbers, halves_of
from plein.network.queries.stepping import Ends, Steps
from plein.network.snapshot.graph import GROUND, IS_ACQUAINTANCE, LASTING, SHARED, SPARE
from plein.network.snapshot.sight import Near, Sight, sight
from plein.network.strength import costs_of

type Fars = NDArray[np.integer]
type Kinds = NDArray[np.uint8]
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000
_NOT = -1


class OutOfSight(Exception):
    """A question met more than a snapshot is made for; the database answers it."""


@dataclass(frozen=True, slots=True)
class Found:
    """Ties in an array: from which of those asked for, to whom, and where the rest of each stands."""

    place: Numbers
    far: Fars
    weights: Floats
    kinds: Kinds
    tie: Numbers

    @property
    def weight(self) -> Floats:
        return self.weights[self.tie]

    @property
    def kind(self) -> Kinds:
        return self.kinds[self.tie]


class Walk:
    """A question that is answered from a snapshot; it must only be asked for ties to people one knows."""

    def __init__(self, seen: Sight, moment: Moment) -> None:
        self.sight, self.graph, self.moment = seen, seen.graph, moment
        self.size = len(seen.graph)
        self.others = Numbering()

    @cached_property
    def at(self) -> int:
        """The moment of the question as PostgreSQL counts them."""
        since = self.moment.at - _EPOCH
        return (since.days * 86_400 + since.seconds) * _SECOND + since.microseconds

    def numbers(self, ids: Halves) -> Numbers:
        """The number of each of these; who is not in the snapshot gets one."""
        numbers = self.graph.numbers(ids)
        unknown = (numbers < 0).nonzero()[0]
        if len(unknown):
            numbers[unknown] = self.others.numbers(ids[unknown]) + self.size
            if len(self.others) > SPARE:
                raise OutOfSight
        return numbers

    def number(self, id: UUID) -> int:
        """The number of one."""
        number = self.graph.number(id)
        return number if number >= 0 else int(self.numbers(halves_of([str(id)]))[0])

    def ids(self, numbers: Numbers) -> Halves:
        """The ids of these numbers."""
        if not len(self.others):
            return self.graph.ids.take(numbers, axis=0)
        inside = numbers < self.size
        told = np.empty((len(numbers), 2), np.uint64)
        told[inside] = self.graph.ids[numbers[inside]]
        told[~inside] = self.others.ids[numbers[~inside] - self.size]
        return told

    def first_of(self, numbers: Fars, without: Iterable[Numbers] = ()) -> NDArray[np.bool]:
        """Which of these is the first or only one of its kind: each once, and none of some others."""
        slot, places = self.graph.scratch.slot, numbers.astype(np.int64, copy=False)
        order = np.arange(len(numbers), dtype=np.int32)
        slot[places] = order
        for others in without:
            slot[others] = _NOT
        is_first: NDArray[np.bool] = slot[places] == order
        return is_first

    def each_once(self, numbers: Fars, without: Iterable[Numbers] = ()) -> Numbers:
        """These without repetition and without some others, in any order."""
        return numbers[self.first_of(numbers, without)].astype(np.int64)

    def reached(self, numbers: Numbers, way: Way) -> Fars:
        """The people tied to these, as often as they are."""
        if len(numbers) == 1:
            return self.reached_from(int(numbers[0]), way)
        return self._reached(numbers, way)

    def reached_from(self, number: int, way: Way) -> Fars:
        """The people tied to one."""
        alone = self._of_one(number, way)
        return self._reached(np.array([number]), way) if alone is None else alone

    def _reached(self, numbers: Numbers, way: Way) -> Fars:
        known, asked = self._parted(numbers)
        if self.sight.hidden is None and not way.only_askable:
            ends = self.graph.shared if way.to_ask else self.graph.middles
            places = places_between(self.graph.starts[known], ends[known])
            told: list[Fars] = [self.graph.far.take(places)]
        else:
            told = [one.far for one in self._found(known, way)]
        if len(asked):
            told.append(self.numbers(stepping.reached(self.ids(asked), self.moment, way)))
        return told[0] if len(told) == 1 else np.concatenate(told)

    def _of_one(self, number: int, way: Way) -> Fars | None:
        """The people tied to one, where they stand; None where there is more to it."""
        graph, hidden = self.graph, self.sight.hidden
        if way.only_askable or number >= self.size or self.sight.marked[number]:
            return None
        if hidden is not None and hidden.near[hidden.near.searchsorted(number) % len(hidden.near)] == number:
            return None
        return graph.far[graph.starts[number] : (graph.shared if way.to_ask else graph.middles)[number]]

    def steps(self, numbers: Numbers, way: Way, within: Floats | None = None, to: Ends | None = None) -> Steps:
        """All ties of these to people; those that cost no more than each is given with, if it is.

        With `to` only those to who stands at such an end are of use: others may be left out.
        """
        is_known = self.is_known(numbers)
        told = [self._costed(one, way, is_known, within) for one in self._found(numbers, way, within, to)]
        if is_known is not None:
            told.append(self._asked(numbers, np.flatnonzero(~is_known), way, within))
        return told[0] if len(told) == 1 else reduce(Steps.beside, told)

    def are_at(self, ends: Ends, numbers: Numbers) -> NDArray[np.bool]:
        """Which of these stand at such an end."""
        return self.graph.scratch.marks(ends.far)[numbers]

    def group(self, ids: frozenset[str]) -> Numbers:
        """The numbers of some, in the order of their ids: of ourselves, who are asked for often."""
        known = self.sight.groups.get(ids)
        if known is None:
            known = self.numbers(halves_of(sorted(ids)))
            if not len(self.others):
                self.sight.groups[ids] = known
        return known

    def near(self, ours: Numbers, way: Way) -> Ends:
        """The ties of such a group to others, in the order of these."""
        if self.is_known(ours) is not None:
            found = self.steps(ours, way)
            return Ends.of(found.only(~np.isin(found.far, ours)))
        key = (ours.tobytes(), way)
        known = self.sight.near.get(key)
        if known is None:
            known = self.sight.near[key] = self._near(ours, way)

        def costs(ties: Numbers) -> Floats:
            return costs_of(known.weight[ties], known.is_lasting[ties], fading=self.moment.fading)

        def is_askable(ties: Numbers) -> NDArray[np.bool]:
            return self.graph.is_askable(known.far[ties], self.at)

        cheapest = float(costs(known.strongest).min(initial=np.inf))
        return Ends(known.place, known.far, cheapest, costs, is_askable)

    def _near(self, ours: Numbers, way: Way) -> Near:
        told = [self._others(one, ours) for one in self._found(ours, way)]
        place, far, weight, kind = (np.concatenate(each) for each in zip(*told, strict=True))
        order = np.argsort(far, kind="stable")
        weight, is_lasting = weight[order], (kind[order] & LASTING) > 0
        each = (np.flatnonzero(is_lasting), np.flatnonzero(~is_lasting))
        strongest = [one[weight[one].argmax()] for one in each if len(one)]
        return Near(place[order], far[order], weight, is_lasting, np.array(strongest, np.int64))

    def _others(self, found: Found, ours: Numbers) -> tuple[Numbers, Fars, Floats, Kinds]:
        kept = ~np.isin(found.far, ours)
        return found.place[kept], found.far[kept], found.weight[kept], found.kind[kept]

    def _costed(self, found: Found, way: Way, is_known: NDArray[np.bool] | None, within: Floats | None) -> Steps:
        """What these ties cost, and whether one may ask whom they lead to."""
        cost = costs_of(found.weight, (found.kind & LASTING) > 0, fading=self.moment.fading)
        place, far = found.place, found.far
        if is_known is not None or within is not None:
            kept = np.ones(len(place), bool) if is_known is None else is_known[place]
            if within is not None:
                kept &= cost <= within[place]
            place, far, cost = place[kept], far[kept], cost[kept]
        if way.only_askable:
            return Steps(place, far, cost, np.ones(len(far), bool))
        return Steps(place, far, cost, self.graph.is_askable(far, self.at))

    def _asked(self, numbers: Numbers, which: Numbers, way: Way, within: Floats | None) -> Steps:
        """The ties of some of these, as the database has them."""
        ids = self.ids(numbers[which])
        if within is None:
            found = stepping.steps(ids, self.moment, way)
        else:
            found = stepping.steps_within(ids, within[which], self.moment, way)
        return Steps(which[found.place], self.numbers(found.far), found.cost, found.is_askable)

    def is_known(self, numbers: Numbers) -> NDArray[np.bool] | None:
        """For which of these the snapshot answers; None when it does for all."""
        marked = self.sight.marked
        if len(self.others):
            inside = numbers < self.size
            is_asked = ~inside | marked[np.where(inside, numbers, 0)]
        else:
            is_asked = marked.take(numbers)
        return ~is_asked if is_asked.any() else None

    def _parted(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """For whom the snapshot answers, and for whom the database does."""
        is_known = self.is_known(numbers)
        return (numbers, numbers[:0]) if is_known is None else (numbers[is_known], numbers[~is_known])

    def _found(
        self, numbers: Numbers, way: Way, within: Floats | None = None, to: Ends | None = None
    ) -> Iterator[Found]:
        """What the snapshot has of these, and what the reader sees beside it; some of what is of no use is left out."""
        graph, hidden = self.graph, self.sight.hidden
        inside = np.minimum(numbers, self.size - 1) if len(self.others) else numbers
        begin, end = graph.starts[inside], (graph.shared if way.to_ask else graph.middles)[inside]
        yield self._of_use(begin, end, way, within, to)
        if hidden is not None:
            at = np.minimum(np.searchsorted(hidden.near, numbers), len(hidden.near) - 1)
            which = np.flatnonzero(hidden.near[at] == numbers)
            if len(which):
                place, tie = ties_between(hidden.starts[at[which]], hidden.starts[at[which] + 1])
                kept = IS_ACQUAINTANCE[hidden.kind[tie] & GROUND] & self.graph.person[hidden.far[tie]]
                if way.to_ask:
                    kept &= (hidden.kind[tie] & SHARED) > 0
                yield self._chosen(which[place[kept]], tie[kept], hidden.far, hidden.weight, hidden.kind, way)

    def _of_use(self, begin: Fars, end: Fars, way: Way, within: Floats | None, to: Ends | None) -> Found:
        """The ties of the snapshot from where each begins to where it ends, as far as they may be of use."""
        graph = self.graph
        if to is not None:
            place, tie = ties_to(graph.scratch.marks(to.far), graph.far, begin, end)
            return self._chosen(place, tie, graph.far, graph.weight, graph.kind, way)
        place, tie = ties_between(begin, end)
        if within is not None:
            fading, lasting = stepping.least_weights(within, self.moment)
            least = np.where((graph.kind[tie] & LASTING) > 0, lasting[place], fading[place])
            kept = (graph.weight[tie] >= least).nonzero()[0]
            place, tie = place[kept], tie[kept]
        return self._chosen(place, tie, graph.far, graph.weight, graph.kind, way)

    def _chosen(self, place: Numbers, tie: Numbers, far: Fars, weight: Floats, kind: Kinds, way: Way) -> Found:
        """Those of some ties that a way follows."""
        ends = far.take(tie).astype(np.int64)
        if way.only_askable:
            kept = self.graph.is_askable(ends, self.at)
            place, tie, ends = place[kept], tie[kept], ends[kept]
        return Found(place, ends, weight, kind, tie)


def ties_between(begin: NDArray[np.integer], end: NDArray[np.integer]) -> tuple[Numbers, Numbers]:
    """Each of these with all places from where it begins to where it ends: which, and at which place."""
    return np.arange(len(begin)).repeat(end - begin), places_between(begin, end)


def ties_to(to: NDArray[np.bool], far: Fars, begin: Fars, end: Fars) -> tuple[Numbers, Numbers]:
    """Those of such ties that lead to some: of thousands these are few, and of the others no more is looked at."""
    tie = places_between(begin, end)
    kept = to.take(far.take(tie)).nonzero()[0]
    return (end - begin).cumsum().searchsorted(kept, "right"), tie[kept]


def places_between(begin: NDArray[np.integer], end: NDArray[np.integer]) -> Numbers:
    """All places from where each of these begins to where it ends."""
    many = (end - begin).astype(np.int64)
    places: Numbers = (begin - many.cumsum() + many).repeat(many)
    places += np.arange(len(places))
    return places


def walk(moment: Moment) -> Walk | None:
    """A walk through the snapshot of the reader in force, or None: then the database answers. One query, or none."""
    seen = sight(moment)
    return None if seen is None else Walk(seen, moment)
