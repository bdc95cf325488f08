# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page "Who can introduce me to …" takes, the whole request, with and without a snapshot of the network."""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from uuid import uuid4

import psycopg

from bench.http import Request
from bench.measure import Bench, Operation
from bench.network_fill import SEED, filled
from bench.network_graph import Graph
from bench.server import plein, say
from bench.table import Row, operation_row
from plein.operate.places import DATABASE

COLLEAGUES, OFTEN = 500, 60
#: Milliseconds, from the first byte asked for to the last one that came.
GOAL = 100.0
KINDS = ("person", "organization")
PEOPLE = "relations_relation (id, workspace_id, circle_id, kind, name, sort_name, given_name, seat_id, version,"
PEOPLE += " created_at, updated_at, infix, family_name, headline, place, country, language, about, photo, is_ours,"
PEOPLE += " do_not_contact, do_not_contact_reason, source)"
#: What a tie by contact rests on: as much for each, for only their number is of interest here.
CONTACTS = """
INSERT INTO network_contact (workspace_id, circle_id, low_id, high_id, sum_out, sum_in, moments, written_out,
                             written_in, called_out, called_in, chatted_out, chatted_in, posted_out, posted_in,
                             together, first_at, last_at, is_worn)
SELECT workspace_id, circle_id, near_id, far_id, 2, 3, 12, 4, 5, 0, 1, 0, 0, 0, 0, 2, now() - interval '800 days',
       now() - interval '20 days', false
  FROM network_half WHERE ground = 0 AND near_id < far_id
ON CONFLICT DO NOTHING
"""


def named(admin: psycopg.Connection, graph: Graph) -> None:
    """Give everybody in the network a name, and the first of them a seat; past all triggers, and once."""
    [first] = admin.execute("SELECT id FROM relations_relation WHERE id = %s", [graph.id(0)]).fetchone() or [None]
    if first is not None:
        return
    say("Giving everybody a name")
    [workspace, seat] = admin.execute("SELECT workspace_id, id FROM trust_seat ORDER BY id LIMIT 1").fetchone() or [
        0,
        0,
    ]
    [everyone] = admin.execute(
        "SELECT id FROM trust_circle WHERE kind = 'everyone' AND workspace_id = %s", [workspace]
    ).fetchone() or [0]
    admin.execute("SET session_replication_role = replica")
    admin.execute("UPDATE relations_relation SET seat_id = NULL WHERE seat_id = %s", [seat])
    with admin.cursor() as cursor, cursor.copy(f"COPY {PEOPLE} FROM STDIN") as copy:
        for node in range(graph.nodes):
            is_person = node < graph.people
            name = f"Person {node} Janssen" if is_person else f"Company {node}"
            seated = (seat if node == 0 else uuid4()) if node < COLLEAGUES else None
            copy.write_row(
                [
                    graph.id(node),
                    workspace,
                    everyone,
                    KINDS[not is_person],
                    name,
                    name.lower(),
                    name.split()[0],
                    seated,
                    1,
                    "2026-01-01",
                    "2026-01-01",
                    *[""] * 8,
                    False,
                    False,
                    "",
                    "import",
                ]  # fmt: skip
            )
    columns = "id, workspace_id, circle_id, person_id, organization_id, role, department, source, created_at"
    with admin.cursor() as cursor, cursor.copy(f"COPY relations_membership ({columns}) FROM STDIN") as copy:
        for person, employer in enumerate(graph.employer.tolist()):
            firm = graph.id(graph.people + employer)
            copy.write_row(
                [uuid4(), workspace, everyone, graph.id(person), firm, "adviser", "", "import", "2026-01-01"]
            )
    admin.execute(CONTACTS)
    admin.execute("SET session_replication_role = DEFAULT")
    admin.commit()
    admin.autocommit = True
    for name in ("relations_relation", "relations_membership", "network_contact"):
        admin.execute(f"VACUUM (ANALYZE) {name}")


def _operations(graph: Graph, with_snapshot: bool) -> Iterator[Operation]:
    key = "network-snapshot" if with_snapshot else "network"
    where = f"{graph.nodes:,}" + (", with a snapshot" if with_snapshot else "")
    random = Random(SEED)  # noqa: S311  # the same for the same seed
    people = [graph.id(one) for one in random.sample(range(COLLEAGUES, graph.people), OFTEN)]
    sizes = [0] * graph.organizations
    for employer in graph.employer.tolist():
        sizes[employer] += 1
    firms = [graph.id(graph.people + firm) for firm, size in enumerate(sizes) if 10 <= size <= 550]
    random.shuffle(firms)
    for words, targets, begin in (
        ("to a person, from me", people, "me"),
        ("to a person, from 500 colleagues", people, "colleagues"),
        ("to an organization, from 500 colleagues", firms, "colleagues"),
    ):
        requests = [Request(f"/network/?to={one}&from={begin}", contains='id="ways"') for one in targets[:OFTEN]]
        yield Operation(key, f"Page in a network of {where}: introduction {words}", GOAL, _in_turn(requests))


def _in_turn(requests: Sequence[Request]) -> Callable[[int], Sequence[Request]]:
    return lambda number: [requests[number % len(requests)]]


def pages(nodes: int, command: str, *, with_snapshot: bool) -> list[Row]:
    """The rows of the page."""
    graph, home = Graph(nodes, SEED), filled(nodes)
    with home.cluster().in_use():
        with home.cluster().connect(DATABASE) as admin:
            named(admin, graph)
        if with_snapshot:
            home.run(*plein("network", "snapshot", "--take", "--user", home.way_in()["email"]))
    with home.served(PLEIN_SNAPSHOT=str(int(with_snapshot))) as running:
        visitor = running.visitor()
        measured = Bench(running, visitor).measure(list(_operations(graph, with_snapshot)), rounds=2, often=20)
        visitor.leave()
    return [operation_row(one, command, one.operation.goal) for one in measured]
