# SPDX-License-Identifier: AGPL-3.0-or-later
"""What questions to the network cost, on a generated network: processor time of asker and database, and wall.

Run as ``python -m bench.network NODES`` with PLEIN_HOME set, it asks and prints the times as JSON.
"""

import importlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

import django

from bench.measure import CALM
from bench.network_fill import SEED, filled
from bench.network_graph import Graph
from bench.network_page import pages
from bench.processes import contention
from bench.server import say
from bench.table import Row
from plein.operate.cluster import cluster_of
from plein.operate.places import places

SMALL, LARGE = 100_000, 1_000_000
OFTEN, COLLEAGUES = 60, 500
#: Processor time at the median and at the 95th percentile, in the large network.
GOALS = {
    "degree 2": (0.8, 1.5),
    "degree 3": (6, 22),
    "introduction to a person, 500 colleagues": (20, 60),
    "introduction to an organization, 500 colleagues": (110, 200),
    "mutual": (0.3, 0.6),
    "ego, 300": (20, 60),
}


@dataclass(frozen=True, slots=True)
class Timed:
    """What a question cost, in milliseconds."""

    words: str
    cpu: list[float]
    wall: list[float]


def database_cpu(pid: int) -> float:
    return int(Path("/proc", str(pid), "schedstat").read_text().split()[0]) / 1e6


def _night(backend: int) -> dict[str, float]:
    """What the figures of a night cost: seconds of processor time, and the most memory the process ever had."""
    influence = importlib.import_module("plein.network.queries.influence")
    before, own = database_cpu(backend), time.process_time()
    influence.make_out()
    seconds = time.process_time() - own + (database_cpu(backend) - before) / 1000
    return {"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def timed(words: str, asks: list[Callable[[], object]], backend: int) -> Timed:
    for ask in asks:
        ask()
    cpu, wall = [], []
    for ask in asks:
        before, own, began = database_cpu(backend), time.thread_time(), time.perf_counter()
        ask()
        wall.append((time.perf_counter() - began) * 1000)
        cpu.append((time.thread_time() - own) * 1000 + database_cpu(backend) - before)
    return Timed(words, cpu, wall)


def questions(
    graph: Graph, *, picture: Callable[[Any], object] | None = None
) -> list[tuple[str, list[Callable[[], object]]]]:
    """What is asked, by name; `picture` makes another of somebody than `ego` does."""
    degrees = importlib.import_module("plein.network.queries")
    following = importlib.import_module("plein.network.queries.following")
    search = importlib.import_module("plein.network.queries.introducing")
    random = Random(SEED)  # noqa: S311  # the same for the same seed
    people = random.sample(range(graph.people), OFTEN * 2)
    pairs = list(zip(people[:OFTEN], people[OFTEN:], strict=True))
    ours = frozenset(str(graph.id(one)) for one in random.sample(range(graph.people), COLLEAGUES))
    members: dict[int, list[int]] = {}
    for person, employer in enumerate(graph.employer.tolist()):
        members.setdefault(employer, []).append(person)
    firms = [them for them in members.values() if 10 <= len(them) <= 550]
    moment = following.this_moment()

    def introduce(targets: list[int]) -> Callable[[], object]:
        them = frozenset(str(graph.id(one)) for one in targets)
        return lambda: search.paths(search.Search(ours, them, moment))

    def of(name: str, *arguments: Any, **values: Any) -> Callable[[], object]:
        return lambda: getattr(degrees, name)(*arguments, **values)

    return [
        ("degree 2", [of("degrees", graph.id(one), depth=2) for one, _ in pairs]),
        ("degree 3", [of("degrees", graph.id(one), depth=3) for one, _ in pairs]),
        ("introduction to a person, 500 colleagues", [introduce([one]) for one, _ in pairs]),
        ("introduction to an organization, 500 colleagues", [introduce(random.choice(firms)) for _ in pairs]),
        ("mutual", [of("mutual", graph.id(one), graph.id(other)) for one, other in pairs]),
        ("ego, 300", [partial(picture or degrees.ego, graph.id(one)) for one, _ in pairs]),
    ]


def _asked(graph: Graph) -> tuple[list[Timed], dict[str, float]]:
    connection = importlib.import_module("django.db").connection
    entered = importlib.import_module("plein.trust.seats").entered
    user = importlib.import_module("plein.trust.models").User.objects.order_by("id").first()
    with entered(user), connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [backend] = cursor.fetchone()
        with importlib.import_module("plein.network.snapshot.sight").database_alone():
            told = [timed(words, asks, backend) for words, asks in questions(graph)]
        return told, _night(backend)


def main() -> int:
    """Ask, and say what it cost; of the small network also what it costs elsewhere."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein.settings")
    nodes = int(sys.argv[1])
    with cluster_of(places(), say).in_use():
        django.setup()
        no_workspace = importlib.import_module("plein.core.isolation").no_workspace
        graph = Graph(nodes, SEED)
        with no_workspace("bench"):
            before = contention()
            told, night = _asked(graph)
            busy = max(before, contention())
    elsewhere = []
    if nodes == SMALL:
        behind = importlib.import_module("plein.network.strength").faded(datetime.now(UTC))
        compare = importlib.import_module("bench.network_others").others
        elsewhere = compare(Graph(nodes, SEED), behind, SEED, COLLEAGUES)
    answer = {"busy": busy, "night": night, "ours": [asdict(one) for one in told]}
    answer["others"] = [asdict(one) for one in elsewhere]
    sys.stdout.write(json.dumps(answer))
    return 0


def _rows(nodes: int, command: str) -> Iterator[Row]:
    home = filled(nodes)
    told = json.loads(home.run(sys.executable, "-m", "bench.network", str(nodes)))
    medians = {}
    for one in told["ours"]:
        cpu, wall = (quantiles(one[name], n=20) for name in ("cpu", "wall"))
        medians[one["words"]] = cpu[9]
        details = (f"{wall[9]:.1f}", f"{min(one['wall']):.1f}", "", "", "", "", "", f"{told['busy']:.2f}")
        words = f"Network of {nodes:,}, {one['words']}: CPU p50 / p95"
        value = f"{cpu[9]:.1f} / {cpu[18]:.1f} ms"
        if nodes == LARGE and (goal := GOALS[one["words"]]):
            is_good = (cpu[9] <= goal[0] and cpu[18] <= goal[1]) or (None if told["busy"] > CALM else False)
            yield Row(words, value, command, f"<= {goal[0]:g} / {goal[1]:g} ms", is_good, details)
        else:
            yield Row(words, value, command, details=details)
        yield Row(f"  {one['words']}: wall p95", f"{wall[18]:.1f} ms", command)
    seconds, megabytes = told["night"]["seconds"], told["night"]["megabytes"]
    value, is_good = f"{seconds:.0f} s, {megabytes:,.0f} MB", seconds < 60 and megabytes < 2000
    words = f"Network of {nodes:,}, figures of a night: CPU, memory"
    wanted = "< 60 s, < 2,000 MB" if nodes == LARGE else ""
    yield Row(words, value, command, wanted, is_good if wanted else None)
    for one in told["others"]:
        ours = next(cpu for words, cpu in medians.items() if words.startswith(one["words"]))
        words = f"{one['program']}, in memory, {nodes:,}: {one['words']}"
        yield Row(words, f"{one['cpu']:,.2f} ms, {one['cpu'] / ours:,.1f} times ours", command)


def asked(command: str) -> list[Row]:
    """The rows of the network: processor time against wall, for PostgreSQL alone; and the whole request of the page."""
    rows = [row for nodes in (SMALL, LARGE) for row in _rows(nodes, f"{command} --only network")]
    return rows + pages(SMALL, command, with_snapshot=False)


if __name__ == "__main__":
    sys.exit(main())
