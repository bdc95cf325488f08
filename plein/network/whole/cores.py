# SPDX-License-Identifier: AGPL-3.0-or-later
"""k-cores: in a core of k everybody knows at least k of the others."""

import numpy as np

from plein.network.whole.graph import Graph, Nodes


def cores(graph: Graph) -> Nodes:
    """The largest k of which each is in a core. Who knows the fewest is taken away, again and again."""
    left = graph.degrees.astype(np.int32)
    core = np.zeros(len(graph), np.int32)
    is_here = np.ones(len(graph), bool)
    k = 0
    alive = np.arange(len(graph))
    while len(alive):
        k = max(k, int(left[alive].min()))
        leaving = alive[left[alive] <= k].astype(np.int64)
        while len(leaving):
            core[leaving] = k
            is_here[leaving] = False
            _from, touched = graph.around(leaving)
            touched = touched[is_here[touched]]
            if not len(touched):
                break
            some, times = np.unique(touched, return_counts=True)
            left[some] -= times.astype(np.int32)
            leaving = some[left[some] <= k].astype(np.int64)
        alive = alive[is_here[alive]]
    return core
