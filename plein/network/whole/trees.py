# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is connected with whom at all, and the ties without which some would not be."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plein.network.whole.graph import Graph, Nodes


def components(graph: Graph) -> Nodes:
    """Of each the least number of all that are connected with it."""
    label = np.arange(len(graph), dtype=np.int32)
    while True:
        new = np.minimum(label, graph.least(label[graph.ends], label))
        while True:
            shorter = new[new]
            if (shorter == new).all():
                break
            new = shorter
        if (new == label).all():
            return label
        label = new


@dataclass(frozen=True, slots=True)
class Forest:
    """A tree through each component: who comes before whom, level by level from the roots."""

    parent: Nodes
    levels: tuple[Nodes, ...]


def forest(graph: Graph, label: Nodes) -> Forest:
    """Breadth first from the one with the least number in each component."""
    parent = np.full(len(graph), -1, np.int32)
    is_met = np.zeros(len(graph), bool)
    level = np.flatnonzero(label == np.arange(len(graph))).astype(np.int32)
    is_met[level] = True
    levels = []
    while len(level):
        levels.append(level)
        near, far = graph.around(level)
        is_new = ~is_met[far]
        near, far = near[is_new], far[is_new]
        parent[far] = near
        level = np.unique(far[parent[far] == near])
        is_met[level] = True
    return Forest(parent, tuple(levels))


@dataclass(frozen=True, slots=True)
class Bridges:
    """Ties that are the only way between two sides: from whom to whom, and how many are beyond."""

    near: Nodes
    far: Nodes
    cut_off: Nodes


def bridges(graph: Graph, label: Nodes) -> Bridges:
    """Tarjan's, on any spanning tree: below a bridge no tie leaves the subtree."""
    tree = forest(graph, label)
    parent = tree.parent
    size = np.ones(len(graph), np.int32)
    for level in reversed(tree.levels[1:]):
        np.add.at(size, parent[level], size[level])
    number = _numbered(tree, size)
    least, most = _farthest(graph, parent, number)
    for level in reversed(tree.levels[1:]):
        np.minimum.at(least, parent[level], least[level])
        np.maximum.at(most, parent[level], most[level])
    far = np.flatnonzero((parent >= 0) & (least >= number) & (most < number + size)).astype(np.int32)
    return Bridges(parent[far], far, size[far])


def _numbered(tree: Forest, size: Nodes) -> Nodes:
    """Numbers so that everybody below somebody has the ones right after theirs."""
    number = np.zeros(len(size), np.int32)
    roots = tree.levels[0] if tree.levels else np.zeros(0, np.int32)
    number[roots] = np.cumsum(size[roots]) - size[roots]
    for level in tree.levels[1:]:
        level = level[np.argsort(tree.parent[level], kind="stable")]
        above = tree.parent[level]
        before = np.cumsum(size[level]) - size[level]
        first = np.searchsorted(above, above, "left")
        number[level] = number[above] + 1 + before - before[first]
    return number


def _farthest(graph: Graph, parent: Nodes, number: Nodes) -> tuple[Nodes, Nodes]:
    """The least and the greatest number that each reaches by a tie that is not in the tree; at least its own."""
    near, far = graph.nears, graph.ends
    is_tree: NDArray[np.bool] = (parent[near] == far) | (parent[far] == near)
    reached = np.where(is_tree, number[near], number[far])
    return np.minimum(graph.least(reached, number), number), np.maximum(graph.greatest(reached, number), number)
