# SPDX-License-Identifier: AGPL-3.0-or-later
"""PageRank: how likely one ends up at somebody who goes from one acquaintance to another at random."""

import numpy as np

from plein.network.whole.graph import Floats, Graph, Places

DAMPING, CLOSE_ENOUGH, MOST = 0.85, 1e-7, 100


def pagerank(graph: Graph, *, out: Places | None = None, times: int = MOST, close: float = CLOSE_ENOUGH) -> Floats:
    """The rank of each; they add up to one.

    `graph` holds of each the ones that lead to it. Where that is another than where it leads to, `out` says to how many
    each leads. Who leads nowhere passes everything on to all alike.
    """
    count = len(graph)
    if not count:
        return np.zeros(0)
    many = graph.degrees if out is None else out
    is_dead = many == 0
    rank = np.full(count, 1 / count)
    for _time in range(times):
        passed = np.divide(rank, many, out=np.zeros(count), where=~is_dead)
        lost = float(rank[is_dead].sum())
        new = (1 - DAMPING + DAMPING * lost) / count + DAMPING * graph.sums(passed[graph.ends])
        moved = float(np.abs(new - rank).sum())
        rank = new
        if moved < close:
            break
    return rank
