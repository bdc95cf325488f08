# SPDX-License-Identifier: AGPL-3.0-or-later
"""What row-level security costs: the same Plein with it and with lock 2 alone, in turns within one run."""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import LiteralString

import psycopg
from psycopg.sql import SQL, Identifier

from bench.measure import Bench, Operation
from bench.processes import cpu_seconds
from bench.server import Running
from bench.table import Row

TURNS, OFTEN, WARM_UP = 7, 25, 5
#: How much more time a list or a page of a record may take because of it.
MOST = 10.0
GUARDED = (
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relrowsecurity ORDER BY 1"
)


def _switch(admin: psycopg.Connection, tables: Sequence[str], switched: LiteralString) -> None:
    for table in tables:
        admin.execute(SQL("ALTER TABLE {} " + switched + " ROW LEVEL SECURITY").format(Identifier(table)))
    admin.commit()


@contextmanager
def without(admin: psycopg.Connection) -> Iterator[None]:
    """Row-level security off on every table that has it, for as long as the block lasts."""
    tables = [str(row[0]) for row in admin.execute(GUARDED).fetchall()]
    _switch(admin, tables, "DISABLE")
    try:
        yield
    finally:
        _switch(admin, tables, "ENABLE")


def _turn(bench: Bench, operation: Operation) -> tuple[float, float]:
    """Milliseconds of one time: the median by the clock, and of both processors."""
    for _ in range(WARM_UP):
        bench.once(operation)
    pids = (bench.running.web, bench.running.database)
    before = sum(cpu_seconds(pid) for pid in pids)
    times = [bench.once(operation)[0] for _ in range(OFTEN)]
    return statistics.median(times), (sum(cpu_seconds(pid) for pid in pids) - before) / OFTEN * 1000


def costs(running: Running, bench: Bench, chosen: Sequence[Operation], command: str) -> list[Row]:
    """For each operation the median over the turns of how much longer it takes with row-level security, in percent."""
    pairs: dict[str, list[tuple[tuple[float, float], tuple[float, float]]]] = {one.key: [] for one in chosen}
    with running.connect() as admin:
        for number in range(TURNS):
            for one in chosen:
                first = _turn(bench, one) if number % 2 else None
                with without(admin):
                    bare = _turn(bench, one)
                pairs[one.key].append((first or _turn(bench, one), bare))
    return [_row(one, pairs[one.key], command) for one in chosen]


def _row(operation: Operation, pairs: Sequence[tuple[tuple[float, float], tuple[float, float]]], command: str) -> Row:
    clock, processor = (statistics.median((on[at] / off[at] - 1) * 100 for on, off in pairs) for at in (0, 1))
    guarded, bare = (statistics.median(pair[at][0] for pair in pairs) for at in (0, 1))
    words = f"Row security: {operation.words}, {guarded:.1f} ms against {bare:.1f}, CPU {processor:+.1f} %"
    return Row(words, f"{clock:+.1f} %", command, f"<= {MOST:g} %", clock <= MOST)
