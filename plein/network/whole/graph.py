# SPDX-License-Identifier: AGPL-3.0-or-later
"""A network as two arrays: the neighbours of all nodes one after another, and where those of each begin."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

type Nodes = NDArray[np.int32]
type Places = NDArray[np.int64]
type Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Graph:
    """Nodes are numbers from 0. `starts` has one more than there are nodes; neighbours stand in order, each once."""

    starts: Places
    ends: Nodes

    @classmethod
    def of(cls, nodes: int, one: NDArray[np.integer], other: NDArray[np.integer]) -> "Graph":
        """From one to the other, as given; both directions must be among them where there are two."""
        keys = one.astype(np.int64) * nodes + other
        keys.sort()
        is_first = np.ones(len(keys), bool)
        is_first[1:] = keys[1:] != keys[:-1]
        keys = keys[is_first]
        near = (keys // max(nodes, 1)).astype(np.int32)
        keys -= near.astype(np.int64) * nodes
        starts = np.zeros(nodes + 1, np.int64)
        np.cumsum(np.bincount(near, minlength=nodes), out=starts[1:])
        return cls(starts, keys.astype(np.int32))

    @classmethod
    def undirected(cls, nodes: int, one: NDArray[np.integer], other: NDArray[np.integer]) -> "Graph":
        """Each tie in both directions, without those of somebody with themselves."""
        kept = one != other
        one, other = one[kept], other[kept]
        return cls.of(nodes, np.concatenate((one, other)), np.concatenate((other, one)))

    def __len__(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def degrees(self) -> Places:
        """How many neighbours each has."""
        return np.diff(self.starts)

    @property
    def nears(self) -> Nodes:
        """Whose neighbour each of `ends` is."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.degrees)

    def around(self, nodes: NDArray[np.integer]) -> tuple[Nodes, Nodes]:
        """The ties of some nodes: from whom, to whom."""
        many = self.degrees[nodes]
        before = np.cumsum(many) - many
        place = np.arange(int(many.sum())) + np.repeat(self.starts[nodes] - before, many)
        return np.repeat(nodes.astype(np.int32), many), self.ends[place]

    def least(self, values: NDArray[np.int32], empty: NDArray[np.int32]) -> NDArray[np.int32]:
        """The least of the values of each one's ties; `empty` for who has none."""
        return self._reduced(np.minimum, values, empty)

    def greatest(self, values: NDArray[np.int32], empty: NDArray[np.int32]) -> NDArray[np.int32]:
        """The greatest of them."""
        return self._reduced(np.maximum, values, empty)

    def _reduced(self, of: np.ufunc, values: NDArray[np.int32], empty: NDArray[np.int32]) -> NDArray[np.int32]:
        told = empty.copy()
        some = np.flatnonzero(self.degrees)
        if len(some):
            told[some] = of.reduceat(values, self.starts[some])
        return told

    def sums(self, values: Floats) -> Floats:
        """The sum of the values of each one's ties."""
        told = np.zeros(len(self))
        some = np.flatnonzero(self.degrees)
        if len(some):
            told[some] = np.add.reduceat(values, self.starts[some])
        return told
