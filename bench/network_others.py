# SPDX-License-Identifier: AGPL-3.0-or-later
"""The same questions to NetworkX and igraph, in memory and of what everybody may see; they are no part of Plein.

Neither finds paths of at most four ties around people who may not be asked. What they are asked instead is the one
shortest path from any of the 500, which is less.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from statistics import median

import igraph
import networkx
import numpy as np

from bench.network_graph import COLLEAGUE, CONTACT, FAMILY, FRIEND, KNOWS, REFERRED, Graph
from plein.network.strength import costs_of

OFTEN = 7
GROUNDS = (CONTACT, COLLEAGUE, FAMILY, FRIEND, REFERRED, KNOWS)


@dataclass(frozen=True, slots=True)
class Other:
    """What one question costs elsewhere: CPU at the median, in milliseconds."""

    program: str
    words: str
    cpu: float


def _cpu(ask: Callable[[int], object], nodes: list[int]) -> float:
    told = []
    for node in nodes:
        began = time.process_time()
        ask(node)
        told.append((time.process_time() - began) * 1000)
    return median(told)


def others(graph: Graph, behind: float, seed: int, colleagues: int) -> list[Other]:
    """Load the network into both and ask."""
    ties = graph.ties(behind)
    kept = np.isin(ties.ground, GROUNDS) & ~ties.is_hidden & ~ties.is_ended & (ties.other < graph.people)
    one, other = ties.one[kept], ties.other[kept]
    cost = costs_of(ties.weight[kept], ties.ground[kept] != CONTACT, fading=behind)
    random = Random(seed)  # noqa: S311  # the same for the same seed
    nodes = random.sample(range(graph.people), OFTEN)
    ours = random.sample(range(graph.people), colleagues)
    theirs = networkx.Graph()
    theirs.add_weighted_edges_from(zip(one.tolist(), other.tolist(), cost.tolist(), strict=True))
    nodes = [node for node in nodes if node in theirs]
    ours = [node for node in ours if node in theirs and node not in nodes]
    told = [
        Other("NetworkX", "degree 3", _cpu(
            lambda node: networkx.single_source_shortest_path_length(theirs, node, cutoff=3), nodes)),
        Other("NetworkX", "introduction to a person", _cpu(
            lambda node: networkx.multi_source_dijkstra(theirs, set(ours), node), nodes[:3])),
        Other("NetworkX", "mutual", _cpu(
            lambda node: list(networkx.common_neighbors(theirs, node, ours[0])), nodes)),
    ]  # fmt: skip
    their = igraph.Graph(n=graph.nodes, edges=np.column_stack((one, other)).tolist())
    their.es["cost"] = cost.tolist()
    told += [
        Other("igraph", "degree 3", _cpu(lambda node: their.neighborhood(node, order=3), nodes)),
        Other("igraph", "introduction to a person", _cpu(
            lambda node: their.distances(node, ours, weights="cost"), nodes[:3])),
        Other("igraph", "mutual", _cpu(
            lambda node: set(their.neighbors(node)) & set(their.neighbors(ours[0])), nodes)),
    ]  # fmt: skip
    return told
