# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many threes there are who all know each other."""

import numpy as np

from plein.network.whole.graph import Graph

AT_ONCE = 4_000_000


def triangles(graph: Graph) -> int:
    """Each tie is followed from who knows fewer to who knows more, so that nobody famous is looked at for everybody."""
    count = len(graph)
    rank = np.empty(count, np.int64)
    rank[np.argsort(graph.degrees, kind="stable")] = np.arange(count)
    near, far = graph.nears, graph.ends
    kept = rank[near] < rank[far]
    onward = Graph.of(count, rank[near[kept]], rank[far[kept]])
    keys = onward.nears.astype(np.int64) * count + onward.ends
    wedges = np.cumsum(onward.degrees[onward.ends])
    total, first = 0, 0
    while first < len(keys):
        last = max(first + 1, int(np.searchsorted(wedges, (wedges[first - 1] if first else 0) + AT_ONCE, "right")))
        middle = onward.ends[first:last]
        _middle, end = onward.around(middle)
        begin = np.repeat((keys[first:last] // count), onward.degrees[middle])
        wanted = begin * count + end
        found = np.searchsorted(keys, wanted)
        total += int((keys[np.minimum(found, len(keys) - 1)] == wanted).sum())
        first = last
    return total
