# SPDX-License-Identifier: AGPL-3.0-or-later
"""Betweenness: on how many of the shortest ways between others somebody stands, from a sample of where these begin.

Brandes, "A faster algorithm for betweenness centrality" (2001), a level at a time.
"""

import numpy as np
from numpy.typing import NDArray

from plein.network.whole.graph import Floats, Graph, Nodes


def betweenness(graph: Graph, begin: NDArray[np.integer]) -> Floats:
    """The share of shortest ways from these to everybody on which each stands in between, 0 to 1."""
    count = len(graph)
    total = np.zeros(count)
    for source in begin:
        total += _from(graph, int(source))
    pairs = len(begin) * max(count - 1, 1)
    told: Floats = total / max(pairs, 1)
    return told


def _from(graph: Graph, source: int) -> Floats:
    ways = np.zeros(len(graph))
    depth = np.full(len(graph), -1, np.int32)
    ways[source], depth[source] = 1, 0
    level = np.array([source])
    steps: list[tuple[Nodes, Nodes]] = []
    while len(level):
        near, far = graph.around(level)
        is_next = depth[far] == -1
        near, far = near[is_next], far[is_next]
        if not len(far):
            break
        level, place = np.unique(far, return_inverse=True)
        depth[level] = len(steps) + 1
        ways[level] = np.bincount(place, ways[near])
        steps.append((near, far))
    depending = np.zeros(len(graph))
    for near, far in reversed(steps):
        share = ways[near] / ways[far] * (1 + depending[far])
        some, place = np.unique(near, return_inverse=True)
        depending[some] += np.bincount(place, share)
    depending[source] = 0
    return depending
