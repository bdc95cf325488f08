# SPDX-License-Identifier: AGPL-3.0-or-later
"""Networks of which others published the figures: the examples of LDBC Graphalytics, and real ones."""

import csv
import gzip
import io
import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from plein.network.whole.distances import distances
from plein.network.whole.graph import Graph
from plein.network.whole.ranks import pagerank
from plein.network.whole.trees import components
from plein.network.whole.triangles import triangles
from plein.testing.figures import Judge

pytestmark = pytest.mark.sweep
DATA = Path(os.environ.get("PLEIN_SWEEP_DATA", ".")) / "networks"
REAL = {
    "UKfaculty": ("UKfaculty-edges.csv", "from", "to"),
    "enron-network": ("enron-network-messages.csv.gz", "from_id", "to_id"),
    "snap-CollegeMsg.txt.gz": ("snap-CollegeMsg.txt.gz", "", ""),
}


def lines(archive: tarfile.TarFile, name: str) -> list[list[str]]:
    member = archive.extractfile(name)
    assert member is not None
    return [line.split() for line in member.read().decode().splitlines()]


class Example:
    """A graph of LDBC's with what is expected of it."""

    def __init__(self, archive: tarfile.TarFile, edges: str, nodes: str, *, is_directed: bool) -> None:
        self.archive = archive
        self.names = [int(line[0]) for line in lines(archive, nodes)]
        number = {name: place for place, name in enumerate(self.names)}
        rows = [(number[int(a)], number[int(b)], float(length[0])) for a, b, *length in lines(archive, edges)]
        if not is_directed:
            rows += [(b, a, length) for a, b, length in rows]
        self.one, self.other = (np.array([row[place] for row in rows]) for place in (0, 1))
        self.onward = Graph.of(len(self.names), self.one, self.other)
        self.lengths = np.array([row[2] for row in sorted(rows)])

    def expected(self, name: str) -> list[float]:
        told = {int(line[0]): float(line[1]) for line in lines(self.archive, name)}
        return [told[one] for one in self.names]


def differences(archive: tarfile.TarFile) -> Iterator[tuple[str, bool]]:
    for kind in ("directed", "undirected"):
        name = f"example/example-{kind}"
        one = Example(archive, f"{name}.e", f"{name}.v", is_directed=kind == "directed")
        inward = Graph.of(len(one.names), one.other, one.one)
        rank = pagerank(inward, out=one.onward.degrees, times=2, close=0)
        yield f"{name}-PR", bool(np.allclose(rank, one.expected(f"{name}-PR"), rtol=1e-12, atol=0))
        length = distances(one.onward, one.lengths, one.names.index(1 if kind == "directed" else 2))
        yield f"{name}-SSSP", bool(np.allclose(length, one.expected(f"{name}-SSSP"), rtol=1e-12, atol=0))
        whole = Graph.undirected(len(one.names), one.one, one.other)
        label = [one.names[place] for place in components(whole)]
        yield f"{name}-WCC", label == one.expected(f"{name}-WCC")
    for kind in ("dir", "undir"):
        one = Example(archive, f"sssp/{kind}-input.e", f"sssp/{kind}-input.v", is_directed=kind == "dir")
        length = distances(one.onward, one.lengths, one.names.index(1))
        yield f"sssp/{kind}", bool(np.allclose(length, one.expected(f"sssp/{kind}-output"), rtol=1e-12, atol=0))


def test_the_examples_of_graphalytics_come_out_as_published(judge: Judge) -> None:
    with tarfile.open(DATA / "ldbc-graphalytics-validation.tar.gz") as archive:
        found = dict(differences(archive))

    wrong = [name for name, is_equal in found.items() if not is_equal]
    judge(
        "network: LDBC Graphalytics, outputs that differ",
        goal=f"0 of {len(found)}",
        measured=f"{len(wrong)} of {len(found)}",
        is_good=not wrong,
    )
    assert not wrong


def ties_of(name: str, one: str, other: str) -> tuple[list[int], list[int]]:
    sent = (DATA / name).read_bytes()
    text = (gzip.decompress(sent) if name.endswith(".gz") else sent).decode()
    if one:
        rows = [(int(row[one]), int(row[other])) for row in csv.DictReader(io.StringIO(text))]
    else:
        rows = [(int(line.split()[0]), int(line.split()[1])) for line in text.splitlines()]
    return [row[0] for row in rows], [row[1] for row in rows]


@pytest.mark.parametrize("name", REAL)
def test_a_real_network_has_the_figures_that_others_counted(name: str, judge: Judge) -> None:
    expected = json.loads((DATA / "expected.json").read_text())[name]
    one, other = (np.array(side) for side in ties_of(*REAL[name]))
    first = min(one.min(), other.min())
    graph = Graph.undirected(expected["nodes"], one - first, other - first)

    _labels, sizes = np.unique(components(graph), return_counts=True)
    rank = pagerank(graph, times=100, close=0)
    top = np.argsort(-rank, kind="stable")[:10]
    found = {
        "undirected_ties": len(graph.ends) // 2,
        "max_degree": int(graph.degrees.max()),
        "wcc": len(sizes),
        "largest_wcc": int(sizes.max()),
        "triangles": triangles(graph),
        "pagerank_undirected_d085_100it_top10": [[int(node + first), round(float(rank[node]), 8)] for node in top],
    }
    wrong = {key: value for key, value in found.items() if value != expected[key]}
    judge(f"network: {name}, figures that differ", goal="0", measured=str(len(wrong)), is_good=not wrong)
    assert not wrong
