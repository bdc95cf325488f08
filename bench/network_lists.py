# SPDX-License-Identifier: AGPL-3.0-or-later
"""What contacts of contacts and the lists of whom we know together cost, on the generated network of 100,000.

Run as ``python -m bench.network_lists`` with PLEIN_HOME set, it asks and prints the times as JSON.
"""

import importlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from random import Random
from statistics import quantiles
from typing import Any

import django

from bench.network import COLLEAGUES, OFTEN, SMALL, Timed, timed
from bench.network_fill import SEED, filled
from bench.network_graph import Graph
from bench.network_page import named
from bench.server import say
from bench.table import Row
from plein.operate.cluster import cluster_of
from plein.operate.places import places

GOAL = 100


def _peopled(cluster: Any, graph: Graph) -> None:
    """Everybody has a name, a job and days, as the page of introductions wants them; the first 500 are ours."""
    with cluster.connect("plein") as admin:
        named(admin, graph)


def _questions(graph: Graph, us: list[Any]) -> list[tuple[str, list[Callable[[], object]]]]:
    asked = importlib.import_module("plein.network.queries")
    together = importlib.import_module("plein.network.queries.ours")
    ground = importlib.import_module("plein.network.vocabulary").Ground
    random = Random(SEED)  # noqa: S311  # the same for the same seed
    people = [graph.id(one) for one in random.sample(range(graph.people), 2 * OFTEN)]
    pairs = list(zip(people[:OFTEN], people[OFTEN:], strict=True))
    firms = [graph.id(graph.people + one) for one in random.sample(range(graph.organizations), OFTEN)]
    advisers, friends = asked.PeopleFilter(role="advis"), asked.Lens(grounds=(ground.FRIEND, ground.CONTACT))
    year = asked.Lens(period=asked.Period.YEAR)

    def page(kind: str) -> Callable[[], object]:
        return lambda: list(together.unmet(us, kind).order_by("sort_name", "id")[:50])

    def of(call: Callable[..., object], *arguments: Any, **values: Any) -> Callable[[], object]:
        return lambda: call(*arguments, **values)

    return [
        ("contacts of contacts, 50 named", [of(asked.reach, one) for one, _ in pairs]),
        ("the same of one role", [of(asked.reach, one, only=advisers) for one, _ in pairs]),
        ("third degree, 50 named", [of(asked.reach, one, degree=3) for one, _ in pairs]),
        ("picture of two kinds of ties, 300", [of(asked.ego, one, lens=friends) for one, _ in pairs]),
        ("picture of the last year, 300", [of(asked.ego, one, lens=year) for one, _ in pairs]),
        ("whom both know, ranked", [of(asked.shared, one, other) for one, other in pairs]),
        ("whom nobody of 500 knows", [page("person") for _ in range(10)]),
        ("organizations where nobody of 500 knows anybody", [page("organization") for _ in range(10)]),
        ("whom one of 500 alone knows", [of(together.known_alone, us, whose=one) for one in us[:OFTEN]]),
        ("who of 500 knows an organization", [of(together.who_knows, us, one) for one in firms]),
        ("once strong, silent now, of 500", [of(together.fallen_silent, us, whose=None) for _ in range(10)]),
    ]


def _asked(graph: Graph, us: list[Any]) -> dict[str, list[Timed]]:
    """What each cost the database alone, and with a snapshot."""
    connection = importlib.import_module("django.db").connection
    entered = importlib.import_module("plein.trust.seats").entered
    user = importlib.import_module("plein.trust.models").User.objects.order_by("id").first()
    with entered(user) as actor:
        importlib.import_module("plein.network.actions").take_snapshot(actor=actor)
    with entered(user), connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [backend] = cursor.fetchone()
        with importlib.import_module("plein.network.snapshot.sight").database_alone():
            alone = [timed(words, asks, backend) for words, asks in _questions(graph, us)]
        return {"alone": alone, "snapshot": [timed(words, asks, backend) for words, asks in _questions(graph, us)]}


def main() -> int:
    """Name everybody, ask, and say what it cost."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein.settings")
    graph = Graph(SMALL, SEED)
    ours = [graph.id(one) for one in range(COLLEAGUES)]
    cluster = cluster_of(places(), say)
    with cluster.in_use():
        django.setup()
        _peopled(cluster, graph)
        with importlib.import_module("plein.core.isolation").no_workspace("bench"):
            told = _asked(graph, ours)
    sys.stdout.write(json.dumps({how: [asdict(one) for one in each] for how, each in told.items()}))
    return 0


def asked(command: str) -> list[Row]:
    """The rows: processor time against wall, each to stay within a tenth of a second."""
    told = json.loads(filled(SMALL).run(sys.executable, "-m", "bench.network_lists"))
    rows = []
    for one, other in zip(told["alone"], told["snapshot"], strict=True):
        cpu, wall = (quantiles(one[name], n=20) for name in ("cpu", "wall"))
        words = f"Network of {SMALL:,}, {one['words']}: CPU p50 / p95"
        value = f"{cpu[9]:.1f} / {cpu[18]:.1f} ms"
        details = (f"{wall[9]:.1f}", f"{min(one['wall']):.1f}", "", "", "", "", "", "")
        where = f"{command} --only network-lists"
        rows.append(Row(words, value, where, f"p95 <= {GOAL} ms", cpu[18] <= GOAL, details))
        rows.append(Row(f"  {one['words']}: wall p95", f"{wall[18]:.1f} ms", where))
        quicker = quantiles(other["cpu"], n=20)
        value = f"{quicker[9]:.1f} / {quicker[18]:.1f} ms"
        rows.append(Row(f"  {one['words']}: CPU with a snapshot", value, where))
    return rows


if __name__ == "__main__":
    sys.exit(main())
