# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Plein with a generated network, kept between runs; run as ``python -m bench.network_fill NODES`` it fills it."""

import hashlib
import importlib
import json
import os
import sys
from pathlib import Path

import django

from bench.network_graph import Graph, Ties
from bench.server import CACHE, ROOT, Home, say
from plein.operate.cluster import Cluster, cluster_of
from plein.operate.places import places

SEED = 1
#: The network of a million and its index fit into this, as on a machine that was meant for it.
MEMORY = "shared_buffers = '4GB'\n"
MADE_BY = ("bench/network_graph.py", "bench/network_fill.py")
INDEXES = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'network_half' AND indexname <> 'network_half_pkey'"
)


def _fill(cluster: Cluster, graph: Graph, ties: Ties) -> None:
    """Write the halves past all triggers; they are the only table these questions read."""
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
        admin.execute("SET maintenance_work_mem = '1GB'")
        for is_ended in (False, True):
            names, rows = graph.sent(ties, workspace, everyone, hidden, is_ended=is_ended)
            statement = f"COPY network_half ({', '.join(names)}) FROM STDIN (FORMAT binary)"
            with admin.cursor() as cursor, cursor.copy(statement) as copy:
                for part in rows:
                    copy.write(part)
        admin.execute("SET session_replication_role = DEFAULT")
        for _name, definition in indexes:
            admin.execute(definition)
        admin.commit()
        admin.autocommit = True
        admin.execute("VACUUM (ANALYZE, FREEZE) network_half")
        admin.execute("CHECKPOINT")


def main() -> int:
    """Fill the Plein of PLEIN_HOME."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein.settings")
    cluster = cluster_of(places(), say)
    with cluster.in_use():
        django.setup()
        graph = Graph(int(sys.argv[1]), SEED)
        strength = importlib.import_module("plein.network.strength")
        now = importlib.import_module("plein.core.ids").now
        _fill(cluster, graph, graph.ties(strength.faded(now())))
    return 0


def _stamp() -> str:
    # A later Plein may derive ties anew, and nothing here is there to derive them from.
    steps = sorted(one.name for one in Path(ROOT, "plein", "network", "migrations").glob("*.py"))
    made_by = [Path(ROOT, name).read_bytes() for name in MADE_BY]
    return hashlib.sha256(b"".join((*made_by, *map(str.encode, steps)))).hexdigest()


def filled(nodes: int, *, fresh: bool = False) -> Home:
    """A Plein with a network of so many people and organizations; made when it is not there, or was made otherwise."""
    home = Home(CACHE / f"network-{nodes}")
    note = home.folder / "made.json"
    known = json.loads(note.read_text()) if note.exists() else {}
    if fresh or known.get("stamp") != _stamp():
        home.remove()
        say(f"Making a network of {nodes:,}")
        with home.cluster().in_use():
            home.way_in()
            home.run(sys.executable, "-m", "bench.network_fill", str(nodes))
        home.stopped()
        # Read at the next start.
        (home.cluster().folder / "own.conf").write_text(MEMORY)
        note.write_text(json.dumps({"stamp": _stamp()}))
    else:
        # The tables may be those of an older Plein.
        home.way_in()
    return home


if __name__ == "__main__":
    sys.exit(main())
