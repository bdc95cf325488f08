# SPDX-License-Identifier: AGPL-3.0-or-later
"""Groups of people who know each other rather than others: Louvain, many at once.

Blondel, Guillaume, Lambiotte and Lefebvre, "Fast unfolding of communities in large networks" (2008). Half of them may
move at a time, drawn by lot, so that two do not change places for ever; who has no moving neighbour is left alone.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plein.network.whole.graph import Floats, Graph, Nodes, Places

SWEEPS, LEVELS, ENOUGH = 10, 12, 0.002


@dataclass(slots=True)
class _Level:
    """Groups of the level before as nodes: what ties them, and how much tie each has in all, its own included."""

    graph: Graph
    weight: Floats
    degree: Floats
    total: float

    def moved(self, random: np.random.Generator) -> Places:
        """The group of each, after everybody went where most of their ties are."""
        count = len(self.graph)
        group = np.arange(count)
        size = self.degree.copy()
        active = np.ones(count, bool)
        for _sweep in range(SWEEPS):
            lot = random.random(count) < 0.5
            wanted = active
            active = np.zeros(count, bool)
            changed = 0
            for half in (lot, ~lot):
                movers = np.flatnonzero(wanted & half)
                gone = self._move(movers, group, size)
                changed += len(gone)
                if len(gone):
                    active[self.graph.around(gone)[1]] = True
            if changed <= ENOUGH * count:
                break
        return group

    def _move(self, movers: Places, group: Places, size: Floats) -> Places:
        """Each of these to the group it gains most by; who moved. `group` and `size` follow."""
        movers = movers[self.graph.degrees[movers] > 0]
        if not len(movers):
            return movers
        who, where, weight = self._ties(movers, group)
        gain = weight - self.degree[who] * (size[where] - (group[who] == where) * self.degree[who]) / self.total
        first = np.flatnonzero(np.concatenate(([True], who[1:] != who[:-1])))
        best = np.maximum.reduceat(gain, first)
        is_best = gain >= np.repeat(best, np.diff(np.append(first, len(who))))
        place = np.flatnonzero(is_best)
        place = place[np.concatenate(([True], who[place][1:] != who[place][:-1]))]
        stays = -self.degree[movers] * (size[group[movers]] - self.degree[movers]) / self.total
        own = np.flatnonzero(group[who] == where)
        stays[np.searchsorted(movers, who[own])] = gain[own]
        better = np.flatnonzero(best > stays + 1e-12)
        gone, new = movers[better], where[place[better]]
        np.subtract.at(size, group[gone], self.degree[gone])
        np.add.at(size, new, self.degree[gone])
        group[gone] = new
        return gone

    def _ties(self, movers: Places, group: Places) -> tuple[Places, Places, Floats]:
        """How much ties each of these to each group, in their order."""
        many = self.graph.degrees[movers]
        place = np.arange(int(many.sum())) + np.repeat(self.graph.starts[movers] - np.cumsum(many) + many, many)
        keys = np.repeat(movers * len(group), many) + group[self.graph.ends[place]]
        if self.weight.size:
            order = np.argsort(keys)
            keys, weight = keys[order], self.weight[place[order]]
        else:
            keys.sort()
        first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
        summed = np.add.reduceat(weight, first) if self.weight.size else np.diff(np.append(first, len(keys))) * 1.0
        keys = keys[first]
        who = keys // len(group)
        return who, keys - who * len(group), summed

    def next(self, group: Places, count: int) -> "_Level":
        """The groups as nodes."""
        keys = group[self.graph.nears] * count + group[self.graph.ends]
        order = np.argsort(keys)
        keys = keys[order]
        first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else order
        weight = self.weight[order] if self.weight.size else np.ones(len(keys))
        summed: Floats = np.add.reduceat(weight, first) if len(keys) else weight
        near = keys[first] // count
        far = keys[first] - near * count
        is_between = near != far
        degree: Floats = np.bincount(group, self.degree, count).astype(np.float64)
        graph = Graph.of(count, near[is_between], far[is_between])
        return _Level(graph, summed[is_between], degree, self.total)


def groups(graph: Graph, *, seed: int = 1) -> Nodes:
    """The group of each, numbered by how large they are, the largest first."""
    random = np.random.default_rng(seed)
    label = np.arange(len(graph))
    level = _Level(graph, np.empty(0), graph.degrees.astype(np.float64), float(max(len(graph.ends), 1)))
    for _level in range(LEVELS):
        known, group = np.unique(level.moved(random), return_inverse=True)
        label = group[label]
        if len(known) == len(level.graph):
            break
        level = level.next(group, len(known))
    return by_size(label)


def by_size(label: NDArray[np.integer]) -> Nodes:
    """The same groups with other numbers: the largest is 0."""
    _known, label, many = np.unique(label, return_inverse=True, return_counts=True)
    number = np.empty(len(many), np.int32)
    number[np.argsort(-many, kind="stable")] = np.arange(len(many))
    told: Nodes = number[label]
    return told


def modularity(graph: Graph, label: NDArray[np.integer]) -> float:
    """How much more ties lie within the groups than by chance, at most 1."""
    if not len(graph.ends):
        return 0.0
    inside = float((label[graph.nears] == label[graph.ends]).mean())
    share = np.bincount(label, graph.degrees) / len(graph.ends)
    return inside - float((share**2).sum())
