# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who can introduce us to somebody: the best simple paths of at most four ties, exactly.

The search goes from the targets towards ourselves. It keeps every path that may still be among the best, and never one
path per person: under a limit on the number of ties the best path to somebody in between need not be part of the best
path. What bounds it is the cost of the worst of the best paths that are known to exist. All paths of as many ties are
made longer at once, in arrays: people are numbers here (ourselves first, then the targets).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import nsmallest

import numpy as np
from numpy.typing import NDArray

from plein.network.queries.following import Moment, Way
from plein.network.queries.footing import Footing, answered
from plein.network.queries.numbering import Floats, Numbers
from plein.network.queries.reluctance import NOBODY, Reluctance
from plein.network.queries.stepping import Steps

#: The most ties in a path.
LONGEST = 4
ASKING = Way(to_ask=True)
INFINITE = float("inf")
#: So many targets are asked for their ties together with ourselves.
FEW = 20
#: Sums that differ by less are the same sum, added up in another order.
DIGITS, SLACK = 9, 1e-8

#: No ties.
NONE = Steps(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0, bool))

#: From one of us to the target, with what it costs.
type Found = tuple[float, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Search:
    """A question: from any of us to any of the targets.

    `everybody` also goes through people who may not be asked: what could have been, to count it. Who asked not to be
    asked about one person is never among them, for that number would tell of it. With `through` nobody else is in
    between.
    """

    sources: frozenset[str]
    targets: frozenset[str]
    moment: Moment
    most: int = 5
    longest: int = LONGEST
    everybody: bool = False
    reluctance: Reluctance = NOBODY
    through: frozenset[str] | None = None


@dataclass(slots=True)
class _Best:
    """The best paths that are known, each once."""

    most: int
    paths: dict[tuple[int, ...], float] = field(default_factory=dict)
    bound: float = INFINITE

    def add(self, costs: Floats, people: Sequence[Numbers]) -> None:
        for cost, *who in zip(costs.tolist(), *(one.tolist() for one in people), strict=True):
            path = tuple(who)
            self.paths[path] = min(round(cost, DIGITS), self.paths.get(path, INFINITE))
        if len(self.paths) >= self.most:
            self.bound = nsmallest(self.most, self.paths.values())[-1]
            if len(self.paths) > 8 * self.most:
                self.paths = {path: cost for path, cost in self.paths.items() if cost <= self.bound}


@dataclass(frozen=True, slots=True)
class _Labels:
    """Paths that end at a target, of as many ties each: what they cost, and who is on them, the target last."""

    cost: Floats
    people: tuple[Numbers, ...]

    @property
    def heads(self) -> Numbers:
        return self.people[0]

    @property
    def targets(self) -> Numbers:
        return self.people[-1]

    def longer(self, heads: Numbers, which: Numbers) -> tuple[Numbers, ...]:
        """Who is on some of these with somebody before them."""
        return (heads, *(one[which] for one in self.people))


@dataclass(frozen=True, slots=True)
class _Last:
    """Ties that end paths: of which label, to whom of us, and what they cost."""

    label: Numbers
    source: Numbers
    cost: Floats


@dataclass(frozen=True, slots=True)
class _Reluctant:
    """Who is not asked about which target, and how much a path gets longer through whom, by number."""

    cost: Floats | None
    refused: Numbers
    known: int

    @classmethod
    def of(cls, reluctance: Reluctance, footing: Footing, known: int) -> "_Reluctant":
        if not reluctance.refused and not reluctance.costs:
            return cls(None, np.empty(0, np.int64), known)
        pairs = sorted(reluctance.refused)
        persons = footing.numbers(person for person, _target in pairs)
        targets = footing.numbers(target for _person, target in pairs)
        numbers = footing.numbers(reluctance.costs)
        cost = np.zeros(len(footing))
        cost[numbers] = list(reluctance.costs.values())
        return cls(cost, (persons * known + targets)[targets < known], known)

    def costs(self, people: Numbers) -> Floats | float:
        """How much longer a path is through each of these."""
        if self.cost is None:
            return 0.0
        return np.where(people < len(self.cost), self.cost[np.minimum(people, len(self.cost) - 1)], 0.0)

    def may(self, people: Numbers, targets: Numbers) -> NDArray[np.bool] | bool:
        """Whether each may be asked about the target beside it."""
        if not len(self.refused):
            return True
        return ~np.isin(people * self.known + targets, self.refused)


class _Looking:
    """A search under way."""

    def __init__(self, search: Search, footing: Footing, *, is_counting: bool = False) -> None:
        self.search, self.footing = search, footing
        # To count who is passed by, the same people are asked for twice: what the first search found is kept.
        self.is_counting = is_counting
        self._asked: list[tuple[Numbers, Floats, Steps]] = []
        self._asked_last: list[tuple[Numbers, Floats, Steps]] = []
        targets = search.targets - search.sources
        self.ours = len(search.sources)
        self.known = self.ours + len(targets)
        if self.ours and targets:
            footing.begin(search.sources, targets)
            self.reluctant = _Reluctant.of(search.reluctance, footing, self.known)
            self.through = None if search.through is None else footing.numbers(sorted(search.through))
            together = self.known if len(targets) <= FEW else self.ours
            self._near, found = footing.ends(self.ours, together, ASKING)
            self._first = found if len(targets) <= FEW else None
        else:
            self.known = 0

    def paths(self, *, everybody: bool, known: _Best | None = None) -> _Best:
        """The best paths; those that are known already bound the search."""
        best = known or _Best(self.search.most)
        if not len(self._near.far):
            return best
        targets = np.arange(self.ours, self.known)
        labels = _Labels(np.zeros(len(targets)), (targets,))
        for ties in range(1, self.search.longest + 1):
            self._complete(labels, best, everybody=everybody)
            if ties == self.search.longest or not len(labels.cost):
                break
            is_last = ties == self.search.longest - 1
            labels = self._longer(labels, best.bound, everybody=everybody, is_last=is_last)
        return best

    def _last(self, heads: Numbers, *, everybody: bool) -> _Last:
        """The last ties, from these to us."""
        which = self.footing.are_at(self._near, heads).nonzero()[0]
        label, tie = _pairs(*self._near.around(self.footing.keys(heads[which])))
        label, source = which[label], self._near.place[tie]
        cost = self._near.costs(tie) + self.reluctant.costs(source)
        if not everybody:
            # A target need not be somebody who may be asked.
            may = self._near.is_askable(tie) | (heads[label] < self.known)
            label, source, cost = label[may], source[may], cost[may]
        return _Last(label, source, cost)

    def _complete(self, labels: _Labels, best: _Best, *, everybody: bool) -> None:
        """The labels whose first one is tied to one of us, as paths."""
        last = self._last(labels.heads, everybody=everybody)
        cost = labels.cost[last.label] + last.cost
        may = (cost <= best.bound + SLACK) & self.reluctant.may(last.source, labels.targets[last.label])
        kept = _cheapest(last.label, last.source, cost, may.nonzero()[0])
        if len(kept) > best.most:
            enough = np.partition(cost[kept], best.most - 1)[best.most - 1]
            kept = kept[cost[kept] <= enough + SLACK]
        best.add(cost[kept], labels.longer(last.source[kept], last.label[kept]))

    def _longer(self, labels: _Labels, bound: float, *, everybody: bool, is_last: bool) -> _Labels:
        """The labels with one tie more; where the next tie is the last one, only those from which it leads to us."""
        cheapest = self._near.cheapest
        heads, head = _each_once(labels.heads, len(self.footing))
        within = np.full(len(heads), -1.0)
        np.maximum.at(within, head, bound + SLACK - labels.cost - cheapest)
        open_ones = (within >= 0).nonzero()[0]
        found = self._step(heads[open_ones], within[open_ones], bound, everybody=everybody, is_last=is_last)
        kept = (found.far >= self.known) & (found.is_askable | everybody)
        if is_last:
            kept &= self.footing.are_at(self._near, found.far)
        if self.through is not None:
            kept &= np.isin(found.far, self.through)
        found = found.only(kept)
        rest = self._least(found.far, everybody=everybody) if is_last else np.full(len(found.far), cheapest)
        order = head.argsort(kind="stable")
        many = np.bincount(head, minlength=len(heads))
        near, ends = open_ones[found.place], many.cumsum()
        row, place = _pairs(ends[near] - many[near], ends[near])
        label, far = order[place], found.far[row]
        cost = labels.cost[label] + found.cost[row] + self.reluctant.costs(far)
        may = (cost + rest[row] <= bound + SLACK) & self.reluctant.may(far, labels.targets[label])
        for one in labels.people:
            may &= one[label] != far
        new = _cheapest(label, far, cost, may.nonzero()[0])
        return _Labels(cost[new], labels.longer(far[new], label[new]))

    def _least(self, heads: Numbers, *, everybody: bool) -> Floats:
        """What the cheapest last tie of each of these costs."""
        last = self._last(heads, everybody=everybody)
        least = np.full(len(heads), INFINITE)
        np.minimum.at(least, last.label, last.cost)
        return least

    def _step(self, heads: Numbers, within: Floats, bound: float, *, everybody: bool, is_last: bool) -> Steps:
        """The ties of these people that may be on one of the best paths."""
        if self._first is not None and (heads < self.known).all():
            # Places are those of all targets, in their order: so are the heads.
            place = np.full(self.known, -1)
            place[heads] = np.arange(len(heads))
            return self._first.at(place)
        far = np.full(len(heads), INFINITE) if bound == INFINITE else within
        known, is_new = self._remembered(heads, far, is_last=is_last)
        new = np.flatnonzero(is_new)
        way = Way(to_ask=True, only_askable=not everybody and not self.is_counting)
        if not len(new):
            return known
        bounds, to = None if bound == INFINITE else within[new], self._near if is_last else None
        found = self.footing.steps(heads[new], way, bounds, to)
        if self.is_counting:
            (self._asked_last if is_last else self._asked).append((heads[new], far[new], found))
        return known.beside(found.at(new)) if len(known.place) else found.at(new)

    def _remembered(self, heads: Numbers, within: Floats, *, is_last: bool) -> tuple[Steps, NDArray[np.bool]]:
        """What an earlier search found of these people as far as that, and whom it did not ask for."""
        known, is_new = NONE, np.ones(len(heads), bool)
        for asked, far, found in self._asked + self._asked_last if is_last else self._asked:
            if len(asked):
                at = np.minimum(asked.searchsorted(heads), len(asked) - 1)
                hit = np.flatnonzero(is_new & (asked[at] == heads) & (far[at] >= within))
                places = np.full(len(asked), -1)
                places[at[hit]] = hit
                known, is_new[hit] = known.beside(found.at(places)), False
        return known, is_new

    def told(self, best: _Best) -> list[Found]:
        """The best paths by id; equal ones in the order of their ids."""
        near = [(cost, path) for path, cost in best.paths.items() if cost <= best.bound]
        met = sorted({person for _cost, path in near for person in path})
        names = dict(zip(met, self.footing.texts(met), strict=True))
        return nsmallest(best.most, ((cost, tuple(names[person] for person in path)) for cost, path in near))


def _each_once(numbers: Numbers, many: int) -> tuple[Numbers, Numbers]:
    """These numbers in their order, each once, and at which place each of these is; all are less than `many`."""
    place = np.zeros(many, np.int64)
    place[numbers] = 1
    once = place.nonzero()[0]
    place[once] = np.arange(len(once))
    return once, place[numbers]


def _pairs(begin: Numbers, end: Numbers) -> tuple[Numbers, Numbers]:
    """Each of these with all places from where it begins to where it ends: which, and at which place."""
    many = end - begin
    place = (begin - many.cumsum() + many).repeat(many)
    place += np.arange(len(place))
    return np.arange(len(many)).repeat(many), place


def _cheapest(one: Numbers, other: Numbers, cost: Floats, kept: Numbers) -> Numbers:
    """Of `kept`, for each two the cheapest: parallel ties count once."""
    if len(kept) < 2:
        return kept
    first, second = one[kept], other[kept]
    pair = first * (int(second.max()) + 1) + second
    order = pair.argsort()
    pair = pair[order]
    is_again = pair[1:] == pair[:-1]
    if not is_again.any():
        return kept
    is_one_of_many = np.zeros(len(kept), bool)
    is_one_of_many[1:] = is_again
    is_one_of_many[:-1] |= is_again
    many = kept[order[is_one_of_many]]
    many = many[np.lexsort((cost[many], other[many], one[many]))]
    is_first = np.ones(len(many), bool)
    is_first[1:] = (one[many[1:]] != one[many[:-1]]) | (other[many[1:]] != other[many[:-1]])
    return np.concatenate((kept[order[~is_one_of_many]], many[is_first]))


def paths(search: Search) -> list[Found]:
    """The best paths, the best first; equal ones in the order of their ids."""
    return answered(search.moment, lambda footing: _paths(search, footing))


def paths_and_unused(search: Search) -> tuple[list[Found], int]:
    """The best paths, and how many there would be among the best if everybody might be asked."""
    return answered(search.moment, lambda footing: _paths_and_unused(search, footing))


def _paths(search: Search, footing: Footing) -> list[Found]:
    looking = _Looking(search, footing)
    return looking.told(looking.paths(everybody=search.everybody)) if looking.known else []


def _paths_and_unused(search: Search, footing: Footing) -> tuple[list[Found], int]:
    looking = _Looking(search, footing, is_counting=True)
    if not looking.known:
        return [], 0
    best = looking.paths(everybody=False)
    found = looking.told(best)
    wider = looking.told(looking.paths(everybody=True, known=best))
    return found, len({path for _cost, path in wider} - {path for _cost, path in found})
