# SPDX-License-Identifier: AGPL-3.0-or-later
"""What questions to the network cost, on a generated network: processor time of asker and database, and wall.

Run as ``python -m bench.network`` with PLEIN_HOME set, it asks and prints the times as JSON.
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

import django

from bench.network_graph import Graph
from bench.server import CACHE, Home, say
from bench.table import Row
from plein.operate.cluster import Cluster, cluster_of
from plein.operate.places import places

NODES, SEED, OFTEN, COLLEAGUES = 100_000, 1, 60, 500
INDEXES = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'network_half' AND indexname <> 'network_half_pkey'"
)
COLUMNS = (
    "workspace_id, circle_id, near_id, far_id, ground, is_lasting, weight, starts_on, ends_on, is_shared, to_person,"
    " asked_until, is_used"
)


@dataclass(frozen=True, slots=True)
class Timed:
    """What a question cost, in milliseconds."""

    words: str
    cpu: list[float]
    wall: list[float]


def _fill(cluster: Cluster, graph: Graph) -> None:
    """Write the halves past all triggers; they are the only table these questions read."""
    strength = importlib.import_module("plein.network.strength")
    now = importlib.import_module("plein.core.ids").now
    with cluster.connect("plein") as admin:
        [workspace] = admin.execute("SELECT min(id) FROM trust_workspace").fetchone() or [0]
        [everyone] = admin.execute(
            "SELECT id FROM trust_circle WHERE kind = 'everyone' AND workspace_id = %s", [workspace]
        ).fetchone() or [0]
        [hidden] = admin.execute(
            "INSERT INTO trust_circle (workspace_id, kind, key, parts) VALUES (%s, 'people', 'bench', ARRAY[1000000])"
            " RETURNING id",
            [workspace],
        ).fetchone() or [0]
        indexes = admin.execute(INDEXES).fetchall()
        for name, _definition in indexes:
            admin.execute(f"DROP INDEX {name}")
        admin.execute("SET session_replication_role = replica")
        with admin.cursor() as cursor, cursor.copy(f"COPY network_half ({COLUMNS}) FROM STDIN") as copy:
            for row in graph.halves(workspace, everyone, hidden, strength.faded(now())):
                copy.write_row(row)
        admin.execute("SET session_replication_role = DEFAULT")
        for _name, definition in indexes:
            admin.execute(definition)
        admin.execute("VACUUM (ANALYZE, FREEZE) network_half")


def _database_cpu(pid: int) -> float:
    return int(Path("/proc", str(pid), "schedstat").read_text().split()[0]) / 1e6


def _timed(words: str, asks: list[Callable[[], object]], backend: int) -> Timed:
    asks[0]()
    cpu, wall = [], []
    for ask in asks:
        before, own, began = _database_cpu(backend), time.thread_time(), time.perf_counter()
        ask()
        wall.append((time.perf_counter() - began) * 1000)
        cpu.append((time.thread_time() - own) * 1000 + _database_cpu(backend) - before)
    return Timed(words, cpu, wall)


def _questions(graph: Graph) -> list[tuple[str, list[Callable[[], object]]]]:
    degrees = importlib.import_module("plein.network.queries.degrees")
    following = importlib.import_module("plein.network.queries.following")
    search = importlib.import_module("plein.network.queries.introducing")
    random = Random(SEED)  # noqa: S311  # the same for the same seed
    people = random.sample(range(graph.people), OFTEN * 2)
    pairs = list(zip(people[:OFTEN], people[OFTEN:], strict=True))
    ours = frozenset(str(graph.ids[one]) for one in random.sample(range(graph.people), COLLEAGUES))
    members: dict[int, list[str]] = {}
    for person, employer in enumerate(graph.employer):
        members.setdefault(employer, []).append(str(graph.ids[person]))
    firms = [them for them in members.values() if 10 <= len(them) <= 550]
    moment = following.this_moment()

    def introduce(targets: list[str]) -> Callable[[], object]:
        return lambda: search.paths(search.Search(ours, frozenset(targets), moment))

    def of(name: str, *arguments: Any, **values: Any) -> Callable[[], object]:
        return lambda: getattr(degrees, name)(*arguments, **values)

    return [
        ("degree 2", [of("degrees", graph.ids[one], depth=2) for one, _ in pairs]),
        ("degree 3", [of("degrees", graph.ids[one], depth=3) for one, _ in pairs]),
        ("introduction to a person, 500 colleagues", [introduce([str(graph.ids[one])]) for one, _ in pairs]),
        ("introduction to an organization, 500 colleagues", [introduce(random.choice(firms)) for _ in pairs]),
        ("mutual", [of("mutual", graph.ids[one], graph.ids[other]) for one, other in pairs]),
        ("ego, 300", [of("ego", graph.ids[one]) for one, _ in pairs]),
    ]


def _asked(graph: Graph) -> list[Timed]:
    connection = importlib.import_module("django.db").connection
    entered = importlib.import_module("plein.trust.seats").entered
    user = importlib.import_module("plein.trust.models").User.objects.order_by("id").first()
    with entered(user), connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [backend] = cursor.fetchone()
        return [_timed(words, asks, backend) for words, asks in _questions(graph)]


def main() -> int:
    """Fill, ask, and say what it cost."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein.settings")
    cluster = cluster_of(places(), say)
    with cluster.in_use():
        django.setup()
        graph = Graph(NODES, SEED)
        _fill(cluster, graph)
        no_workspace = importlib.import_module("plein.core.isolation").no_workspace
        with no_workspace("bench"):
            told = _asked(graph)
    sys.stdout.write(json.dumps([asdict(one) for one in told]))
    return 0


def asked(command: str) -> list[Row]:
    """The rows of the network: processor time against wall, for PostgreSQL alone."""
    home = Home(CACHE / "network")
    home.remove()
    with home.cluster().in_use():
        home.way_in()
        told = json.loads(home.run(sys.executable, "-m", "bench.network"))
    home.remove()
    rows = []
    for one in told:
        cpu, wall = (quantiles(one[name], n=20) for name in ("cpu", "wall"))
        words = f"Network of {NODES:,}, {one['words']}: CPU p50 / p95"
        details = (f"{wall[9]:.1f}", f"{min(one['wall']):.1f}", "", "", "", "", "", "")
        rows.append(Row(words, f"{cpu[9]:.1f} / {cpu[18]:.1f} ms", f"{command} --only network", details=details))
        rows.append(Row(f"  {one['words']}: wall p95", f"{wall[18]:.1f} ms", f"{command} --only network"))
    return rows


if __name__ == "__main__":
    sys.exit(main())
