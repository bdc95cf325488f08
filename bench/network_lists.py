# SPDX-License-Identifier: AGPL-3.0-or-later
"""What contacts of contacts and the lists of whom we know together cost, on the generated network of 100,000.

Run as ``python -m bench.network_lists`` with PLEIN_HOME set, it gives the network names, jobs and days, if it has none,
asks, and prints the times as JSON.
"""

import importlib
import json
import os
import sys
from collections.abc import Callable
from random import Random
from statistics import quantiles
from typing import Any

import django

from bench.network import COLLEAGUES, OFTEN, SMALL, Timed, timed
from bench.network_fill import SEED, filled
from bench.network_graph import Graph
from bench.server import say
from bench.table import Row
from plein.operate.cluster import cluster_of
from plein.operate.places import places

GOAL = 100
#: What stands in a column that must hold something.
EMPTY = {"text": "''", "character varying": "''", "boolean": "false", "integer": "1", "smallint": "0", "jsonb": "'{}'"}
COLUMNS = """
    SELECT column_name, data_type FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO' AND column_default IS NULL
       AND is_identity = 'NO' AND is_generated = 'NEVER'
"""
RELATIONS = {
    "id": "f.id",
    "kind": "CASE WHEN f.is_person THEN 'person' ELSE 'organization' END",
    "name": "'Somebody ' || f.id",
    "sort_name": "'somebody ' || f.id",
    "place": "(ARRAY['Zwolle', 'Epe', 'Ommen', ''])[1 + get_byte(uuid_send(f.id), 0) %% 4]",
    "workspace_id": "f.workspace_id",
    "circle_id": "f.circle_id",
    "seat_id": "CASE WHEN f.id = ANY (%(ours)s) THEN gen_random_uuid() END",
}
EVERYBODY = """(SELECT far_id AS id, bool_or(to_person) AS is_person, min(workspace_id) AS workspace_id,
    (SELECT min(circle_id) FROM network_half) AS circle_id FROM network_half GROUP BY far_id) f"""
MEMBERSHIPS = {
    "id": "gen_random_uuid()",
    "person_id": "f.near_id",
    "organization_id": "f.far_id",
    "role": "'inkoper'",
    "workspace_id": "f.workspace_id",
    "circle_id": "f.circle_id",
}
ROLES = "network_half f WHERE f.ground = 2 AND NOT f.to_person"
CONTACTS = {
    "low_id": "f.near_id",
    "high_id": "f.far_id",
    "workspace_id": "f.workspace_id",
    "circle_id": "f.circle_id",
    "moments": "4",
    "sum_out": "1",
    "sum_in": "1",
    "first_at": "now() - interval '500 days'",
    "last_at": "now() - get_byte(uuid_send(f.near_id), 1) * interval '2 days'",
}
DAYS = "network_half f WHERE f.ground = 0 AND f.near_id < f.far_id"


def _add(admin: Any, table: str, values: dict[str, str], source: str, parameters: dict[str, Any]) -> None:
    """Rows of a table past all triggers; what must be filled and is not named stays empty."""
    needed = dict(admin.execute(COLUMNS, [table]).fetchall())
    told = {name: "now()" if "timestamp" in kind else EMPTY.get(kind, "0") for name, kind in needed.items()} | values
    told.pop("id", None) if table == "network_contact" else None
    names = ", ".join(told)
    admin.execute(f"INSERT INTO {table} ({names}) SELECT {', '.join(told.values())} FROM {source}", parameters)


def _peopled(cluster: Any, ours: list[Any]) -> None:
    """Give the network names, jobs and days."""
    with cluster.connect("plein") as admin:
        if admin.execute("SELECT count(*) > 1000 FROM relations_relation").fetchone()[0]:
            return
        admin.execute("SET session_replication_role = replica")
        _add(admin, "relations_relation", RELATIONS, EVERYBODY, {"ours": ours})
        _add(admin, "relations_membership", MEMBERSHIPS, ROLES, {})
        _add(admin, "network_contact", CONTACTS, DAYS, {})
        admin.commit()
        admin.autocommit = True
        admin.execute("VACUUM (ANALYZE, FREEZE) relations_relation, relations_membership, network_contact")


def _questions(graph: Graph, us: list[Any]) -> list[tuple[str, list[Callable[[], object]]]]:
    asked = importlib.import_module("plein.network.queries")
    together = importlib.import_module("plein.network.queries.ours")
    ground = importlib.import_module("plein.network.vocabulary").Ground
    random = Random(SEED)  # noqa: S311  # the same for the same seed
    people = [graph.id(one) for one in random.sample(range(graph.people), 2 * OFTEN)]
    pairs = list(zip(people[:OFTEN], people[OFTEN:], strict=True))
    firms = [graph.id(graph.people + one) for one in random.sample(range(graph.organizations), OFTEN)]
    zwolle, friends = asked.PeopleFilter(place="Zwolle"), asked.Lens(grounds=(ground.FRIEND, ground.CONTACT))
    year = asked.Lens(period=asked.Period.YEAR)

    def page(kind: str) -> Callable[[], object]:
        return lambda: list(together.unmet(us, kind).order_by("sort_name", "id")[:50])

    def of(call: Callable[..., object], *arguments: Any, **values: Any) -> Callable[[], object]:
        return lambda: call(*arguments, **values)

    return [
        ("contacts of contacts, 50 named", [of(asked.reach, one) for one, _ in pairs]),
        ("the same of one place", [of(asked.reach, one, only=zwolle) for one, _ in pairs]),
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


def _asked(graph: Graph, us: list[Any]) -> list[Timed]:
    connection = importlib.import_module("django.db").connection
    entered = importlib.import_module("plein.trust.seats").entered
    user = importlib.import_module("plein.trust.models").User.objects.order_by("id").first()
    with entered(user), connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [backend] = cursor.fetchone()
        return [timed(words, asks, backend) for words, asks in _questions(graph, us)]


def main() -> int:
    """Fill what is missing, ask, and say what it cost."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein.settings")
    graph = Graph(SMALL, SEED)
    ours = [graph.id(one) for one in Random(SEED).sample(range(graph.people), COLLEAGUES)]  # noqa: S311
    cluster = cluster_of(places(), say)
    with cluster.in_use():
        django.setup()
        _peopled(cluster, ours)
        with importlib.import_module("plein.core.isolation").no_workspace("bench"):
            told = _asked(graph, ours)
    sys.stdout.write(json.dumps([{"words": one.words, "cpu": one.cpu, "wall": one.wall} for one in told]))
    return 0


def asked(command: str) -> list[Row]:
    """The rows: processor time against wall, each to stay within a tenth of a second."""
    told = json.loads(filled(SMALL).run(sys.executable, "-m", "bench.network_lists"))
    rows = []
    for one in told:
        cpu, wall = (quantiles(one[name], n=20) for name in ("cpu", "wall"))
        words = f"Network of {SMALL:,}, {one['words']}: CPU p50 / p95"
        value = f"{cpu[9]:.1f} / {cpu[18]:.1f} ms"
        details = (f"{wall[9]:.1f}", f"{min(one['wall']):.1f}", "", "", "", "", "", "")
        where = f"{command} --only network-lists"
        rows.append(Row(words, value, where, f"p95 <= {GOAL} ms", cpu[18] <= GOAL, details))
        rows.append(Row(f"  {one['words']}: wall p95", f"{wall[18]:.1f} ms", where))
    return rows


if __name__ == "__main__":
    sys.exit(main())
