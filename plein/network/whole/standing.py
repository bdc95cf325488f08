# SPDX-License-Identifier: AGPL-3.0-or-later
"""How everybody in a network stands: all figures of a night."""

from dataclasses import dataclass

import numpy as np

from plein.network.whole.between import betweenness
from plein.network.whole.cores import cores
from plein.network.whole.graph import Floats, Graph, Nodes, Places
from plein.network.whole.groups import groups
from plein.network.whole.ranks import pagerank
from plein.network.whole.trees import Bridges, bridges, components
from plein.network.whole.triangles import triangles

#: Shortest ways begin at so many drawn by lot: fewer the more ties there are.
FEWEST, MOST, WORK = 16, 512, 300_000_000
#: Somebody joins another group when they know so many in it; smaller groups than that are none.
SEVERAL, SMALLEST, JOINS = 2, 3, 3


@dataclass(frozen=True, slots=True)
class Standing:
    """Of each node, and of all together.

    `joins` has of each up to three groups beside their own, -1 where there are fewer.
    """

    rank: Floats
    core: Nodes
    between: Floats
    only_way_to: Nodes
    group: Nodes
    joins: Places
    sizes: Places
    parts: int
    largest_part: int
    bridges: Bridges
    triangles: int


def standing(graph: Graph) -> Standing:
    """All of it. The same network gives the same figures."""
    label = components(graph)
    _labels, parts = np.unique(label, return_counts=True)
    parting = _smaller(graph, label, bridges(graph, label))
    group = groups(graph)
    return Standing(
        rank=pagerank(graph),
        core=cores(graph),
        between=betweenness(graph, _drawn(graph)),
        only_way_to=_only_ways(graph, parting),
        group=group,
        joins=_joins(graph, group),
        sizes=np.bincount(group),
        parts=len(parts),
        largest_part=int(parts.max(initial=0)),
        bridges=parting,
        triangles=triangles(graph),
    )


def _drawn(graph: Graph) -> Places:
    count = min(len(graph), MOST, max(FEWEST, WORK // (len(graph.ends) + 1)))
    return np.sort(np.random.default_rng(1).permutation(len(graph))[:count])


def _smaller(graph: Graph, label: Nodes, found: Bridges) -> Bridges:
    """Each from the larger side to the smaller one, most cut off first."""
    whole = np.bincount(label, minlength=len(graph))[label[found.near]].astype(np.int32)
    is_smaller = 2 * found.cut_off <= whole
    near, far = np.where(is_smaller, found.near, found.far), np.where(is_smaller, found.far, found.near)
    beyond = np.where(is_smaller, found.cut_off, whole - found.cut_off)
    order = np.lexsort((far, near, -beyond))
    return Bridges(near[order], far[order], beyond[order])


def _only_ways(graph: Graph, parting: Bridges) -> Nodes:
    """To how many nobody else leads: who stands at a bridge leads to the smaller side of it."""
    told = np.zeros(len(graph), np.int32)
    np.add.at(told, parting.near, parting.cut_off)
    return told


def _joins(graph: Graph, group: Nodes) -> Places:
    """The groups beside their own in which each knows several, most ties first."""
    count = len(graph)
    told = np.full((count, JOINS), -1, np.int64)
    if not len(graph.ends):
        return told
    sizes = np.bincount(group)
    near, theirs = graph.nears, group[graph.ends]
    is_other = (theirs != group[near]) & (sizes[theirs] >= SMALLEST)
    keys, many = np.unique(near[is_other].astype(np.int64) * len(sizes) + theirs[is_other], return_counts=True)
    keys, many = keys[many >= SEVERAL], many[many >= SEVERAL]
    near, theirs = keys // len(sizes), keys % len(sizes)
    order = np.lexsort((theirs, -many, near))
    near, theirs = near[order], theirs[order]
    place = np.arange(len(near)) - np.searchsorted(near, near, "left")
    kept = place < JOINS
    told[near[kept], place[kept]] = theirs[kept]
    return told
