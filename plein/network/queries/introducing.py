# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who can introduce us to somebody: the best simple paths of at most four ties, exactly.

The search goes from the targets towards ourselves. It keeps every path that may still be among the best, and never one
path per person: under a limit on the number of ties the best path to somebody in between need not be part of the best
path. What bounds it is the cost of the worst of the best paths that are known to exist.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest

from plein.network.queries.following import Moment, Neighbour, Way, neighbours
from plein.network.queries.reluctance import NOBODY, Reluctance

#: The most ties in a path.
LONGEST = 4
ASKING = Way(to_ask=True)
INFINITE = float("inf")
#: Sums that differ by less are the same sum, added up in another order.
DIGITS, SLACK = 9, 1e-8

#: From one of us to the target, with what it costs.
type Found = tuple[float, tuple[str, ...]]


@dataclass(slots=True)
class _Best:
    """The best paths that are known, each once."""

    most: int
    paths: dict[tuple[str, ...], float] = field(default_factory=dict)
    bound: float = INFINITE

    def add(self, found: Iterable[Found]) -> None:
        for cost, path in found:
            self.paths[path] = round(cost, DIGITS)
        if len(self.paths) >= self.most:
            kept = nsmallest(self.most, ((cost, path) for path, cost in self.paths.items()))
            self.bound = kept[-1][0]
            if len(self.paths) > 8 * self.most:
                self.paths = {path: cost for cost, path in kept} | {
                    path: cost for path, cost in self.paths.items() if cost < self.bound
                }

    def ranked(self) -> list[Found]:
        return nsmallest(self.most, ((cost, path) for path, cost in self.paths.items()))


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


def paths(search: Search) -> list[Found]:
    """The best paths, the best first; equal ones in the order of their ids."""
    sources = search.sources
    targets = search.targets - sources
    if not sources or not targets:
        return []
    last = _last_steps(search, targets)
    if not last:
        return []
    cheapest = min(ties[0][0] for ties in last.values())
    best = _Best(search.most)
    labels: list[Found] = [(0.0, (one,)) for one in sorted(targets)]
    for ties in range(1, search.longest + 1):
        for label in labels:
            best.add(_completed(label, last, best.bound, search.reluctance))
        if ties == search.longest:
            break
        labels = _longer(search, labels, targets, best, cheapest, last if ties == search.longest - 1 else None)
    return best.ranked()


def _last_steps(search: Search, targets: frozenset[str]) -> dict[str, list[tuple[float, str]]]:
    """From whom it is one tie to one of us: by relation, the cheapest of us first."""
    found: dict[str, list[tuple[float, str]]] = {}
    for source, theirs in neighbours(search.sources, search.moment, ASKING).items():
        for far, tie in theirs.items():
            if far in search.sources or not (far in targets or _may_stand(tie, search)):
                continue
            found.setdefault(far, []).append((tie.cost + search.reluctance.cost(source), source))
    for ties in found.values():
        ties.sort()
    return found


def _may_stand(tie: Neighbour, search: Search) -> bool:
    return tie.is_person and (tie.is_askable or search.everybody)


def _completed(
    label: Found, last: Mapping[str, Sequence[tuple[float, str]]], bound: float, reluctance: Reluctance
) -> Iterator[Found]:
    cost, path = label
    for tie, source in last.get(path[0], ()):
        if cost + tie > bound + SLACK:
            return
        if not reluctance.refuses(source, path[-1]):
            yield cost + tie, (source, *path)


def _longer(
    search: Search,
    labels: Sequence[Found],
    targets: frozenset[str],
    best: _Best,
    cheapest: float,
    last: Mapping[str, Sequence[tuple[float, str]]] | None,
) -> list[Found]:
    """The labels with one tie more; where the next tie is the last one, only those from which it leads to one of us."""
    within: dict[str, float] = {}
    for cost, path in labels:
        left = best.bound + SLACK - cost - cheapest
        if left >= 0:
            within[path[0]] = max(within.get(path[0], 0.0), left)
    way = Way(to_ask=True, only_askable=not search.everybody)
    found = neighbours(within, search.moment, way)
    longer: list[Found] = []
    for cost, path in labels:
        for far, tie in found.get(path[0], {}).items():
            if not tie.is_person or far in search.sources or far in targets or far in path:
                continue
            if search.reluctance.refuses(far, path[-1]):
                continue
            total = cost + tie.cost + search.reluctance.cost(far)
            if last is not None and far not in last:
                continue
            rest = last[far][0][0] if last is not None else cheapest
            if total + rest <= best.bound + SLACK:
                longer.append((total, (far, *path)))
    longer.sort()
    return longer
