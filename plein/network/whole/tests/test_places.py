# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where everybody stands: nobody on anybody, nothing over anything, the same each time."""

import numpy as np
import pytest

from plein.network.whole.graph import Graph
from plein.network.whole.groups import groups
from plein.network.whole.places import MOST_GROUPS, MOST_PEOPLE, Laid, outside_of, whole, within
from plein.network.whole.ranks import pagerank
from plein.network.whole.shores import rings_of


def villages(people: int, many: int, *, far: float = 0.05) -> Graph:
    """So many villages in which people know each other, and some who know somebody elsewhere."""
    random = np.random.default_rng(7)
    one = random.integers(0, people, people * 5)
    size = people // many
    other = np.minimum((one // size) * size + random.integers(0, size, len(one)), people - 1)
    is_far = random.random(len(one)) < far
    other[is_far] = random.integers(0, people, int(is_far.sum()))
    return Graph.undirected(people, one, other)


def laid(graph: Graph) -> Laid:
    return whole(graph, groups(graph), pagerank(graph), np.arange(len(graph)))


@pytest.mark.parametrize(("people", "many"), [(9, 1), (40, 4), (600, 12), (6000, 80)])
def test_islands_lie_beside_each_other_and_people_on_them(people: int, many: int) -> None:
    graph = villages(people, many)
    found = laid(graph)

    apart = np.hypot(*(found.middles[:, None] - found.middles[None]).transpose(2, 0, 1))
    apart += np.eye(len(apart)) * 1e6
    assert (apart >= found.radii[:, None] + found.radii[None] - 1e-3).all()
    inside = np.hypot(*(found.spots - found.middles[found.island]).T)
    assert (inside <= found.radii[found.island]).all()
    assert len(found.who) <= MOST_PEOPLE + 12 * MOST_GROUPS and len(found.middles) <= MOST_GROUPS
    for number in range(len(found.middles)):
        those = found.spots[found.island == number]
        between = np.hypot(*(those[:, None] - those[None]).transpose(2, 0, 1)) + np.eye(len(those)) * 1e6
        assert between.min(initial=1e6) >= 0.75 * found.step


def test_the_same_network_is_laid_the_same_and_one_tie_more_is_no_other_island() -> None:
    graph = villages(600, 12)
    one, other = laid(graph), laid(graph)

    assert (one.who == other.who).all() and np.array_equal(one.spots, other.spots)
    assert np.array_equal(one.middles, other.middles)


def test_who_knows_people_elsewhere_stands_at_the_side_that_faces_them() -> None:
    graph = villages(600, 6, far=0.02)
    group = groups(graph)
    found = laid(graph)
    towards = outside_of(graph, group, found).towards[found.who]
    stands = found.spots - found.middles[found.island]
    leads = np.hypot(*towards.T) > 0.15

    agreed = (towards[leads] * stands[leads]).sum(axis=1) / np.hypot(*towards[leads].T) / np.hypot(*stands[leads].T)
    assert leads.sum() > 10 and agreed.mean() > 0.5


def test_a_group_alone_is_laid_in_parts_and_a_small_one_in_one() -> None:
    graph = villages(900, 30, far=0.3)
    rank, group = pagerank(graph), np.zeros(len(graph), np.int32)
    found = whole(graph, group, rank, np.arange(len(graph)))
    outside = outside_of(graph, group, found)

    assert len(within(graph, np.arange(900), rank, outside).middles) > 3
    assert len(within(graph, np.arange(12), rank, outside).middles) == 1


def test_rings_hold_everybody() -> None:
    for count in range(1, 1200):
        rings = rings_of(count)
        assert sum(rings.many) == count and min(rings.many) > 0
        for radius, many in zip(rings.radii, rings.many, strict=True):
            assert many == 1 or 2 * np.pi * radius >= many * 0.85


def test_nobody_and_strangers_have_no_places() -> None:
    none = np.empty(0, np.int64)
    for graph in (Graph.of(0, none, none), Graph.undirected(4, np.array([0, 2]), np.array([1, 3]))):
        assert not len(laid(graph).who)
