# SPDX-License-Identifier: AGPL-3.0-or-later
"""The workload that other systems were measured with, on Plein, by the same load client: what each operation costs.

Data and client are not Plein's: ``gen_data.py`` and ``bench.py`` in ``../shared/bench/rivals``, when they are there.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.server import CACHE, ROOT, BenchTrouble, Filled, Running, filled, say
from bench.table import Row
from plein.operate.cluster import installed_programs
from plein.operate.places import DATABASE, PORT

SIZES = (100_000, 10_000)
PUBLISHED = Path(__file__).parent / "rivals.json"
COMMAND = "python -m bench rivals"
FLAT = 1.3
SURNAME = "Quennell"


def _folder() -> Path | None:
    folder = Path(os.environ.get("SHARED", ROOT.parent / "shared")) / "bench" / "rivals"
    return folder if (folder / "gen_data.py").is_file() and (folder / "bench.py").is_file() else None


def _filled(folder: Path, contacts: int, *, fresh: bool) -> Filled:
    data = CACHE / f"workload-{contacts}"
    if not (data / "deals.csv").exists():
        say(f"Making the workload with {contacts:,} contacts")
        subprocess.run([sys.executable, folder / "gen_data.py", "--contacts", str(contacts), "--out", data], check=True)
    return filled(f"rivals-{contacts}", "--from", str(data), fresh=fresh)


def _operations(contact: str) -> list[dict[str, Any]]:
    """What the others were asked for, at Plein's own addresses."""
    new = {
        "name": "Nieuwe Bankmeting{n}", "email": "new{n}@example.com", "phone": "+4930{n}",
        "organization": "", "role": "", "place": "", "audience": "everyone",
    }  # fmt: skip
    return [
        {"name": "contact_list", "requests": [{"path": "/people/", "contains": "</table>"}]},
        {"name": "contact_filter", "requests": [{"path": f"/people/?q={SURNAME}", "contains": SURNAME}]},
        {"name": "contact_detail", "requests": [{"path": f"/relations/{contact}/", "contains": 'id="timeline"'}]},
        {"name": "search", "requests": [{"path": f"/search/?q={SURNAME}", "contains": SURNAME}]},
        {"name": "home", "requests": [{"path": "/", "contains": "</main>"}]},
        {"name": "create_contact", "requests": [{"path": "/people/new/", "form": new, "expect": [302]}]},
    ]


def _contact_zero(running: Running) -> str:
    """The contact of the first 200 activities, known by his address."""
    with running.connect() as admin:
        row = admin.execute(
            "SELECT l.relation_id FROM relations_contact_point p"
            " JOIN relations_contact_point_link l ON l.workspace_id = p.workspace_id AND l.contact_point_id = p.id"
            " WHERE p.kind = 'email' AND p.value LIKE '%.0@example.com'"
        ).fetchone()
    if row is None:
        raise BenchTrouble("the workload has no contact 0")
    return str(row[0])


def write_spec(running: Running, contacts: int) -> Path:
    """A description of this server for bench.py; it holds a password, so only its owner may read it."""
    pid_file = running.folder / "run" / "bench-web.pid"
    pid_file.write_text(f"{running.web}\n")
    psql = str(installed_programs() / "psql")
    fields = {"email": running.way_in["email"], "password": running.way_in["password"]}
    spec = {
        "name": f"plein_{contacts}",
        "base": f"http://127.0.0.1:{running.port}",
        "login": {"page": "/sign-in/", "post": "/sign-in/", "fields": fields, "csrf": True},
        "pid": str(pid_file),
        "pg_pid": str(running.cluster.data / "postmaster.pid"),
        "pg_stat": [
            psql,
            "-h",
            str(running.cluster.socket),
            "-p",
            str(PORT),
            "-U",
            "postgres",
            DATABASE,
        ],
        "ops": _operations(_contact_zero(running)),
    }
    path = CACHE / "specs" / f"plein_{contacts}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(spec, indent=1) + "\n")
    return path


@dataclass(frozen=True, slots=True)
class _Cost:
    """What one operation cost Plein at both sizes, in milliseconds of processor time."""

    large: float
    small: float
    details: tuple[str, ...]


def _costs(result: dict[str, Any]) -> dict[str, _Cost]:
    large, small = (result[f"plein_{contacts}"]["ops"] for contacts in SIZES)
    found = {}
    for name, one in large.items():
        other = small[name]
        details = (
            f"{one['p50_ms']:.1f}", f"{one['min_ms']:.1f}", f"{one['app_cpu_ms']:.1f}", f"{one['db_cpu_ms']:.1f}",
            f"{one['sql']:g}", f"{one['sql_ms']:.1f}", f"{one['bytes'] / 1000:.0f}", f"{one['contention']:.2f}",
        )  # fmt: skip
        found[name] = _Cost(one["app_cpu_ms"] + one["db_cpu_ms"], other["app_cpu_ms"] + other["db_cpu_ms"], details)
    return found


def _rows(costs: dict[str, _Cost]) -> list[Row]:
    published = json.loads(PUBLISHED.read_text())
    goal = published["goal"]
    found = []
    for name, cost in costs.items():
        must = name in published["must"]
        found.append(Row(f"{name}, CPU at 100,000", f"{cost.large:.1f} ms", COMMAND, details=cost.details))
        for rival, theirs in published["rivals"].items():
            times = (theirs[name]["app"] + theirs[name]["db"]) / cost.large
            words = f"  {rival}, {theirs[name]['app'] + theirs[name]['db']} ms, times as much"
            limit, good = (f">= {goal}x", times >= goal) if must else ("", None)
            found.append(Row(words, f"{times:.1f}x", COMMAND, limit, good))
        growth = cost.large / cost.small
        found.append(Row("  at 100,000 over at 10,000", f"{growth:.2f}x", COMMAND, f"<= {FLAT}x", growth <= FLAT))
    return found


def _measure(folder: Path, specs: list[Path], *, quick: bool) -> dict[str, Any]:
    out = CACHE / "results" / "rivals-raw.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    rounds = ["--rounds", "3", "--per-round", "8"] if quick else ["--rounds", "5", "--per-round", "20"]
    # Its progress and its own table are for whoever runs it by hand.
    subprocess.run(
        [sys.executable, folder / "bench.py", *specs, *rounds, "--tp-rounds", "0", "--out", out],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(out.read_text())
    return found


def _serve(specs: list[Path]) -> None:
    say("Both servers are up; Ctrl-C ends them. Point the load client at:")
    for path in specs:
        say(f"  {path}")
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()


def rows(*, quick: bool, fresh: bool, serve: bool = False) -> list[Row]:
    """Measure Plein on the others' workload: what it costs, and what they cost in proportion."""
    folder = _folder()
    if folder is None:
        say("The workload of the others is not here: ../shared/bench/rivals holds no gen_data.py and bench.py.")
        return [Row("On the workload of the others", "their workload is not here", COMMAND)]
    made = [_filled(folder, contacts, fresh=fresh) for contacts in SIZES]
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(one.home.served(with_password=True)) for one in made]
        specs = [write_spec(one, contacts) for one, contacts in zip(running, SIZES, strict=True)]
        if serve:
            _serve(specs)
            return []
        found = _rows(_costs(_measure(folder, specs, quick=quick)))
    filling = [
        Row(f"Loading the workload of {contacts:,} contacts", f"{one.seconds:.0f} s", "plein generate --from DIR")
        for one, contacts in zip(made, SIZES, strict=True)
    ]
    return [*filling, *found]
