# SPDX-License-Identifier: AGPL-3.0-or-later
"""``python -m bench``: see docs/develop/benchmarks.md."""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from bench import (
    address_book,
    books_elsewhere,
    first_sync,
    hearing,
    live,
    matching,
    misbehaving,
    network,
    network_lists,
    network_snapshot,
    recognition,
    rivals,
    whole_book,
)
from bench.backup import backed_up
from bench.bulk import bulk
from bench.export import exported
from bench.http import Refused
from bench.mailbox import as_expected, imported
from bench.measure import Bench
from bench.operations import operations
from bench.phone import painted
from bench.processes import memory
from bench.row_security import costs
from bench.server import CACHE, ROOT, BenchTrouble, Filled, Running, filled
from bench.soak import soaked
from bench.starting import starts
from bench.subjects import find_subjects
from bench.table import Row, keep, operation_row, table
from bench.weight import weights
from plein.testing.figures import gather, line

COMMAND = "python -m bench"
SEED = "1"
#: Free disk that a million people need while they are made.
ROOM = 40e9
#: The lists and pages of records on which the cost of row-level security is measured.
GUARDED = ("list", "list-place", "view", "person", "organization", "rest-list")
#: Keys of figures that need no generated people.
APART = (
    "live",
    "hearing",
    "misbehaving",
    "elsewhere",
    "starts",
    "mail",
    "contacts",
    "sets",
    "network",
    "network-lists",
    "network-snapshot",
    "matching",
    "book",
    "febrl",
    "recognition",
    "rivals",
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much data to measure with, and how much longer than the goals an operation may take there."""

    name: str
    people: int
    moments: int
    patience: float
    command: str


USUAL = Size("people-100000", 100_000, 500_000, 1, COMMAND)
LARGE = Size("people-1000000", 1_000_000, 5_000_000, 2, f"{COMMAND} --large")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=COMMAND, description="Measures Plein and prints one table.")
    parser.add_argument("what", nargs="?", choices=("all", "rivals"), default="all")
    parser.add_argument("--large", action="store_true", help="1,000,000 people and 5,000,000 moments")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and the smaller mailbox")
    parser.add_argument("--fresh", action="store_true", help="make the data anew")
    parser.add_argument("--remove", action="store_true", help="remove the data afterwards")
    parser.add_argument("--only", action="append", default=[], metavar="KEY", help="figures whose key begins so")
    parser.add_argument(
        "--serve", action="store_true", help="rivals: keep the servers up for a load client of your own"
    )
    return parser


def _wants(only: list[str], key: str) -> bool:
    return not only or any(key.startswith(one) for one in only)


def _filling(made: Filled, size: Size) -> list[Row]:
    words = f"Filling, {size.people:,} people, {size.moments:,} moments"
    return [
        Row(words, f"{made.seconds:.0f} s", made.command),
        Row("Filling, space on disk", f"{made.bytes / 1e9:.2f} GB", made.command),
    ]


def _served_memory(running: Running, size: Size) -> list[Row]:
    """The memory of the measured web server and its database after the measuring."""
    rows = []
    for words, pid in (("web server", running.web), ("database", running.database)):
        found = memory(pid)
        resident, own = sum(one.resident for one in found) / 1024, sum(one.own for one in found) / 1024
        details = (f"PSS {own:.0f}", *("",) * 7)
        rows.append(Row(f"Memory of the {words} after that", f"{resident:.0f} MB", size.command, details=details))
    return rows


def _operations(size: Size, arguments: argparse.Namespace) -> list[Row]:
    rounds, often = (2, 10) if arguments.quick else (5, 20)
    made = filled(
        size.name, "--people", str(size.people), "--moments", str(size.moments), "--seed", SEED, fresh=arguments.fresh
    )
    with made.home.served() as running:
        made.home.run(sys.executable, "-m", "bench.own_fields")
        visitor = running.visitor()
        with running.connect() as admin:
            subjects = find_subjects(admin)
        chosen = [
            one for one in operations(visitor, subjects, running.way_in["token"]) if _wants(arguments.only, one.key)
        ]
        measured = Bench(running, visitor).measure(chosen, rounds=rounds, often=often)
        rows = _filling(made, size) if not arguments.only else []
        rows += [
            operation_row(one, size.command, one.operation.goal and one.operation.goal * size.patience)
            for one in measured
        ]
        rows += weights(visitor, size.command) if _wants(arguments.only, "weight") else []
        if _wants(arguments.only, "phone"):
            rows += painted(running, visitor, subjects, f"{size.command} --only phone")
        if _wants(arguments.only, "row-security"):
            # A connection that was idle for so long is closed.
            visitor.leave()
            guarded = [one for one in operations(visitor, subjects, running.way_in["token"]) if one.key in GUARDED]
            rows += costs(running, Bench(running, visitor), guarded, f"{size.command} --only row-security")
        rows += soaked(running, visitor, f"{size.command} --only soak") if _wants(arguments.only, "soak") else []
        rows += _served_memory(running, size) if not arguments.only else []
        rows += exported(made, running, f"{size.command} --only export") if _wants(arguments.only, "export") else []
        rows += bulk(made, running, visitor, f"{size.command} --only bulk") if _wants(arguments.only, "bulk") else []
        visitor.leave()
    if _wants(arguments.only, "backup"):
        rows += backed_up(made, f"{size.command} --only backup")
    if arguments.remove:
        made.home.remove()
    return rows


def _rest(arguments: argparse.Namespace) -> list[Row]:
    parts: dict[str, Callable[[], list[Row]]] = {
        "starts": lambda: starts(COMMAND),
        "live": lambda: live.rows(f"{COMMAND} --only live"),
        "hearing": lambda: hearing.rows(f"{COMMAND} --only hearing"),
        "first-sync": lambda: first_sync.rows(f"{COMMAND} --only first-sync"),
        "misbehaving": lambda: misbehaving.rows(f"{COMMAND} --only misbehaving"),
        "elsewhere": lambda: books_elsewhere.rows(f"{COMMAND} --only elsewhere"),
        "mail": lambda: imported(COMMAND, quick=arguments.quick),
        "contacts": lambda: address_book.rows(
            f"{COMMAND} --only contacts", count=address_book.QUICK if arguments.quick else address_book.USUAL
        ),
        "sets": lambda: as_expected(quick=arguments.quick),
        "network": lambda: network.asked(COMMAND),
        "network-lists": lambda: network_lists.asked(COMMAND),
        "network-snapshot": lambda: network_snapshot.snapshots(f"{COMMAND} --only network-snapshot"),
        "matching": lambda: matching.rows(COMMAND, quick=arguments.quick),
        "book": lambda: whole_book.rows(f"{COMMAND} --only book", quick=arguments.quick),
        "febrl": lambda: whole_book.febrl_rows(f"{COMMAND} --only febrl"),
        "recognition": lambda: recognition.rows(f"{COMMAND} --only recognition", quick=arguments.quick),
        "rivals": lambda: rivals.rows(quick=arguments.quick, fresh=arguments.fresh),
    }
    return [row for key, part in parts.items() if _wants(arguments.only, key) for row in _tried(key, part)]


def _tried(key: str, part: Callable[[], list[Row]]) -> list[Row]:
    """The rows of a part, or one that says why there are none: the other parts are worth their time."""
    try:
        return part()
    except (BenchTrouble, Refused, subprocess.CalledProcessError) as trouble:
        return [Row(f"{key}: {trouble}", "no figure", f"{COMMAND} --only {key}", is_good=False)]


def _rows(size: Size, arguments: argparse.Namespace) -> list[Row]:
    if arguments.what == "rivals":
        return rivals.rows(quick=arguments.quick, fresh=arguments.fresh, serve=arguments.serve)
    free = shutil.disk_usage(ROOT).free
    if arguments.large and free < ROOM:
        raise BenchTrouble(f"this needs {ROOM / 1e9:.0f} GB of free disk, and there are {free / 1e9:.0f}")
    rows: list[Row] = []
    if not arguments.only or any(one not in APART for one in arguments.only):
        rows += _operations(size, arguments)
    if arguments.large and _wants(arguments.only, "contacts"):
        rows += address_book.rows(f"{COMMAND} --large --only contacts", count=address_book.LARGE)
    return rows if arguments.large else rows + _rest(arguments)


def main() -> int:
    """Measure what was asked for, print it, and keep it as JSON; a goal that was missed is a word, not an error."""
    arguments = _parser().parse_args()
    size = LARGE if arguments.large else USUAL
    try:
        rows = _rows(size, arguments)
    except BenchTrouble as trouble:
        sys.stderr.write(f"Nothing was measured: {trouble}.\n")
        return 1
    if rows:
        title = f"Plein with {size.people:,} people and {size.moments:,} moments"
        sys.stdout.write(table("Plein on the workload of the others" if arguments.what == "rivals" else title, rows))
        gather(line(row.words, row.goal, row.value, row.verdict) for row in rows if row.goal)
        if not arguments.only:
            keep(CACHE / "results" / f"{'rivals' if arguments.what == 'rivals' else size.name}.json", rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
