# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far it is from one to all others, along ties that have lengths."""

import numpy as np

from plein.network.whole.graph import Floats, Graph


def distances(graph: Graph, lengths: Floats, source: int) -> Floats:
    """The length of the shortest way to each; infinite where there is none. `lengths` are those of `ends`."""
    told = np.full(len(graph), np.inf)
    told[source] = 0
    changed = np.array([source])
    while len(changed):
        many = graph.degrees[changed]
        place = np.arange(int(many.sum())) + np.repeat(graph.starts[changed] - np.cumsum(many) + many, many)
        far, reached = graph.ends[place], np.repeat(told[changed], many) + lengths[place]
        before = told[far]
        np.minimum.at(told, far, reached)
        changed = np.unique(far[told[far] < before])
    return told
