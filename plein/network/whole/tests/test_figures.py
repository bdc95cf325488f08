# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures about networks drawn by lot are those that NetworkX and igraph have."""

import igraph
import networkx
import numpy as np
import pytest

from plein.network.whole.between import betweenness
from plein.network.whole.cores import cores
from plein.network.whole.graph import Graph
from plein.network.whole.groups import groups, modularity
from plein.network.whole.ranks import pagerank
from plein.network.whole.trees import bridges, components
from plein.network.whole.triangles import triangles

type Drawn = tuple[Graph, "networkx.Graph[int]"]


def both(theirs: "networkx.Graph[int]") -> Drawn:
    edges = np.array(list(theirs.edges)).reshape(-1, 2)
    return Graph.undirected(len(theirs), edges[:, 0], edges[:, 1]), theirs


@pytest.fixture(params=range(12))
def drawn(request: pytest.FixtureRequest) -> Drawn:
    """Sparse and dense ones, trees with a few ties more, and none at all."""
    seed: int = request.param
    if seed == 0:
        return both(networkx.empty_graph(7))
    if seed < 5:
        theirs = networkx.random_labeled_tree(60, seed=seed)
        theirs.add_edges_from(networkx.gnm_random_graph(60, 6, seed=seed).edges)
        return both(theirs)
    return both(networkx.gnm_random_graph(80, 25 * seed, seed=seed))


def test_who_is_connected_with_whom(drawn: Drawn) -> None:
    graph, theirs = drawn

    label = components(graph)

    assert {frozenset(np.flatnonzero(label == one).tolist()) for one in set(label.tolist())} == {
        frozenset(them) for them in networkx.connected_components(theirs)
    }


def test_bridges_are_the_only_ways_and_cut_off_what_they_say(drawn: Drawn) -> None:
    graph, theirs = drawn

    found = bridges(graph, components(graph))

    pairs = list(zip(found.near.tolist(), found.far.tolist(), found.cut_off.tolist(), strict=True))
    assert {frozenset(pair[:2]) for pair in pairs} == {frozenset(pair) for pair in networkx.bridges(theirs)}
    for near, far, cut_off in pairs:
        apart = theirs.copy()
        apart.remove_edge(near, far)
        assert len(networkx.node_connected_component(apart, far)) == cut_off


def test_ranks_cores_triangles_and_betweenness(drawn: Drawn) -> None:
    graph, theirs = drawn

    rank = igraph.Graph(n=len(graph), edges=list(theirs.edges)).pagerank()
    assert np.allclose(pagerank(graph, close=1e-10), rank, atol=1e-8)
    core = networkx.core_number(theirs)
    assert cores(graph).tolist() == [core[node] for node in range(len(graph))]
    assert triangles(graph) == sum(networkx.triangles(theirs).values()) // 3
    between = networkx.betweenness_centrality(theirs, normalized=False)
    share = [2 * between[node] / (len(graph) * (len(graph) - 1)) for node in range(len(graph))]
    assert np.allclose(betweenness(graph, np.arange(len(graph))), share)


def test_groups_are_as_good_as_those_of_others(drawn: Drawn) -> None:
    graph, theirs = drawn

    label = groups(graph)

    if len(graph.ends):
        them = networkx.community.louvain_communities(theirs, seed=1)
        assert modularity(graph, label) > networkx.community.modularity(theirs, them) - 0.05
    assert (np.diff(np.bincount(label)) <= 0).all()


def test_groups_that_are_there_are_found() -> None:
    theirs = networkx.planted_partition_graph(6, 40, 0.4, 0.01, seed=3)
    graph, _theirs = both(theirs)

    label = groups(graph)

    assert [len(set(label[40 * one : 40 * one + 40].tolist())) for one in range(6)] == [1] * 6
    assert len(set(label.tolist())) == 6
