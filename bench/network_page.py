# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page "Who can introduce me to …" takes, the whole request, in a network of a hundred thousand."""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from uuid import uuid4

import psycopg

from bench.http import Request
from bench.measure import Bench, Operation
from bench.network_fill import SEED, filled
from bench.network_graph import Graph
from bench.server import say
from bench.table import Row, operation_row

NODES, COLLEAGUES, OFTEN = 100_000, 500, 60
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


def _operations(graph: Graph) -> Iterator[Operation]:
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
        yield Operation("network", f"Page: introduction {words}", GOAL, _in_turn(requests))


def _in_turn(requests: Sequence[Request]) -> Callable[[int], Sequence[Request]]:
    return lambda number: [requests[number % len(requests)]]


def pages(command: str) -> list[Row]:
    """The rows of the page."""
    graph = Graph(NODES, SEED)
    with filled(NODES).served() as running:
        with running.connect() as admin:
            named(admin, graph)
        visitor = running.visitor()
        measured = Bench(running, visitor).measure(list(_operations(graph)), rounds=2, often=20)
        visitor.leave()
    return [operation_row(one, command, one.operation.goal) for one in measured]
