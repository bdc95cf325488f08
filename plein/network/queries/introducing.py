# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who can introduce us to somebody: the best simple paths of at most four ties, exactly.

The search goes from the targets towards ourselves. It keeps every path that may still be among the best, and never one
path per person: under a limit on the number of ties the best path to somebody in between need not be part of the best
path. What bounds it is the cost of the worst of the best paths that are known to exist. All paths of as many ties are
made longer at once, in arrays: people are numbers here (ourselves first, then the targets).
"""

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
    asked about one person is never among them, for that number would tell of it.
    """

    sources: frozenset[str]
    targets: frozenset[str]
    moment: Moment
    most: int = 5
    longest: int = LONGEST
    everybody: bool = False
    reluctance: Reluctance = NOBODY


@dataclass(slots=True)
class _Best:
    """The best paths that are known, each once."""

    most: int
    paths: dict[tuple[int, ...], float] = field(default_factory=dict)
    bound: float = INFINITE

    def add(self, costs: Floats, people: Numbers) -> None:
        for cost, path in zip(costs.tolist(), map(tuple, people.tolist()), strict=True):
            self.paths[path] = min(round(cost, DIGITS), self.paths.get(path, INFINITE))
        if len(self.paths) >= self.most:
            self.bound = nsmallest(self.most, self.paths.values())[-1]
            if len(self.paths) > 8 * self.most:
                self.paths = {path: cost for path, cost in self.paths.items() if cost <= self.bound}


@dataclass(frozen=True, slots=True)
class _Labels:
    """Paths that end at a target, of as many ties each: what they cost, and who is on them, the target last."""

    cost: Floats
    people: Numbers

    @property
    def heads(self) -> Numbers:
        return self.people[:, 0]

    @property
    def targets(self) -> Numbers:
        return self.people[:, -1]


@dataclass(frozen=True, slots=True)
class _Last:
    """The ties between ourselves and others, by the other one; `least` is the cheapest of those of the same one."""

    far: Numbers
    cost: Floats
    source: Numbers
    least: Floats

    @classmethod
    def of(cls, far: Numbers, cost: Floats, source: Numbers) -> "_Last":
        if not len(far):
            return cls(far, cost, source, cost)
        firsts = np.flatnonzero(np.concatenate(([True], far[1:] != far[:-1])))
        least = np.minimum.reduceat(cost, firsts)
        return cls(far, cost, source, np.repeat(least, np.diff(np.append(firsts, len(far)))))

    def around(self, keys: Numbers) -> tuple[Numbers, Numbers]:
        """Where the ties of these begin, and where they end."""
        return self.far.searchsorted(keys, "left"), self.far.searchsorted(keys, "right")


@dataclass(frozen=True, slots=True)
class _Reluctant:
    """Who is not asked about which target, and how much a path gets longer through whom, by number."""

    cost: Floats
    refused: Numbers
    known: int

    @classmethod
    def of(cls, reluctance: Reluctance, footing: Footing, known: int) -> "_Reluctant":
        pairs = sorted(reluctance.refused)
        persons = footing.numbers(person for person, _target in pairs)
        targets = footing.numbers(target for _person, target in pairs)
        numbers = footing.numbers(reluctance.costs)
        cost = np.zeros(len(footing))
        cost[numbers] = list(reluctance.costs.values())
        return cls(cost, (persons * known + targets)[targets < known], known)

    def costs(self, people: Numbers) -> Floats:
        """How much longer a path is through each of these."""
        return np.where(people < len(self.cost), self.cost[np.minimum(people, len(self.cost) - 1)], 0.0)

    def may(self, people: Numbers, targets: Numbers) -> NDArray[np.bool]:
        """Whether each may be asked about the target beside it."""
        if not len(self.refused):
            return np.ones(len(people), bool)
        return ~np.isin(people * self.known + targets, self.refused)


class _Looking:
    """A search under way."""

    def __init__(self, search: Search, footing: Footing, *, is_counting: bool = False) -> None:
        self.search, self.footing = search, footing
        # To count who is passed by, the same people are asked for twice: what the first search found is kept.
        self.is_counting = is_counting
        self._asked: list[tuple[Numbers, Floats, Steps]] = []
        targets = search.targets - search.sources
        self.ours = len(search.sources)
        self.known = self.ours + len(targets)
        if self.ours and targets:
            footing.begin(search.sources, targets)
            self.reluctant = _Reluctant.of(search.reluctance, footing, self.known)
            together = self.known if len(targets) <= FEW else self.ours
            self._near, found = footing.ends(self.ours, together, ASKING)
            self._first = found if len(targets) <= FEW else None
        else:
            self.known = 0

    def paths(self, *, everybody: bool, known: _Best | None = None) -> _Best:
        """The best paths; those that are known already bound the search."""
        best = known or _Best(self.search.most)
        last = self._last(everybody=everybody)
        if not len(last.far):
            return best
        targets = np.arange(self.ours, self.known)
        labels = _Labels(np.zeros(len(targets)), targets.reshape(-1, 1))
        for ties in range(1, self.search.longest + 1):
            self._complete(labels, last, best)
            if ties == self.search.longest or not len(labels.cost):
                break
            is_last = ties == self.search.longest - 1
            labels = self._longer(labels, last, best.bound, everybody=everybody, is_last=is_last)
        return best

    def _last(self, *, everybody: bool) -> _Last:
        """From whom it is one tie to one of us."""
        near, may = self._near, self._near.is_askable.copy()
        targets = self.footing.keys(np.arange(self.ours, self.known))
        may[_pairs(near.far.searchsorted(targets, "left"), near.far.searchsorted(targets, "right"))[1]] = True
        kept = near if everybody or may.all() else near.only(may)
        more = self.reluctant.costs(kept.place) if self.reluctant.cost.any() else 0.0
        return _Last.of(kept.far, kept.cost + more, kept.place)

    def _complete(self, labels: _Labels, last: _Last, best: _Best) -> None:
        """The labels whose first one is tied to one of us, as paths."""
        begin, end = last.around(self.footing.keys(labels.heads))
        label, tie = _pairs(begin, end)
        cost = labels.cost[label] + last.cost[tie]
        asked = last.source[tie]
        kept = np.flatnonzero((cost <= best.bound + SLACK) & self.reluctant.may(asked, labels.targets[label]))
        kept = _cheapest(label[kept], asked[kept], cost[kept], kept)
        if len(kept) > best.most:
            enough = np.partition(cost[kept], best.most - 1)[best.most - 1]
            kept = kept[cost[kept] <= enough + SLACK]
        best.add(cost[kept], np.column_stack((asked[kept], labels.people[label[kept]])))

    def _longer(self, labels: _Labels, last: _Last, bound: float, *, everybody: bool, is_last: bool) -> _Labels:
        """The labels with one tie more; where the next tie is the last one, only those from which it leads to us."""
        cheapest = last.cost.min()
        heads, head = _each_once(labels.heads, len(self.footing))
        within = np.full(len(heads), -1.0)
        np.maximum.at(within, head, bound + SLACK - labels.cost - cheapest)
        open_ones = np.flatnonzero(within >= 0)
        found = self._step(heads[open_ones], within[open_ones], bound, everybody=everybody)
        far, rest = found.far, np.full(len(found.cost), cheapest)
        kept = (far >= self.known) & (found.is_askable | everybody)
        if is_last:
            keys = self.footing.keys(far)
            begin = np.minimum(last.far.searchsorted(keys), len(last.far) - 1)
            kept &= last.far[begin] == keys
            rest = last.least[begin]
        order = head.argsort(kind="stable")
        many = np.bincount(head)
        near, ends = open_ones[found.place[kept]], many.cumsum()
        row, place = _pairs(ends[near] - many[near], ends[near])
        label, far, rest = order[place], far[kept][row], rest[kept][row]
        cost = labels.cost[label] + found.cost[kept][row] + self.reluctant.costs(far)
        may = self.reluctant.may(far, labels.targets[label]) & (labels.people[label] != far[:, None]).all(axis=1)
        new = np.flatnonzero((cost + rest <= bound + SLACK) & may)
        new = _cheapest(label[new], far[new], cost[new], new)
        return _Labels(cost[new], np.column_stack((far[new], labels.people[label[new]])))

    def _step(self, heads: Numbers, within: Floats, bound: float, *, everybody: bool) -> Steps:
        """The ties of these people that may be on one of the best paths."""
        if self._first is not None and (heads < self.known).all():
            # Places are those of all targets, in their order: so are the heads.
            place = np.full(self.known, -1)
            place[heads] = np.arange(len(heads))
            return self._first.at(place)
        far = np.full(len(heads), INFINITE) if bound == INFINITE else within
        known, is_new = self._remembered(heads, far)
        new = np.flatnonzero(is_new)
        way = Way(to_ask=True, only_askable=not everybody and not self.is_counting)
        found = self.footing.steps(heads[new], way, None if bound == INFINITE else within[new]) if len(new) else NONE
        if self.is_counting:
            self._asked.append((heads[new], far[new], found))
        return known.beside(found.at(new))

    def _remembered(self, heads: Numbers, within: Floats) -> tuple[Steps, NDArray[np.bool]]:
        """What an earlier search found of these people as far as that, and whom it did not ask for."""
        known, is_new = NONE, np.ones(len(heads), bool)
        for asked, far, found in self._asked:
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
    order = np.lexsort((cost, other, one))
    is_first = np.ones(len(order), bool)
    is_first[1:] = (one[order[1:]] != one[order[:-1]]) | (other[order[1:]] != other[order[:-1]])
    return kept[order[is_first]]


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
