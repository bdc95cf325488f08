# SPDX-License-Identifier: AGPL-3.0-or-later
"""Measures operations one visitor at a time: how long each takes, and what it costs web server and database."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from bench.http import Request, Visitor
from bench.processes import contention, cpu_seconds
from bench.server import Running, say

WARM_UP, COUNTED = 4, 3
#: Wall time over processor time of a spin loop up to which the machine counts as quiet, and how much longer to wait.
CALM, MOST = 1.15, 3
#: Milliseconds: what is slower than that is asked for less often, and a round lasts no longer than that.
SLOW, LONGEST_ROUND = 1_000.0, 10_000.0
COUNT_STATEMENTS = """
SELECT coalesce(sum(calls) FILTER (
           WHERE query !~* '^(begin|commit|set|reset|savepoint|release|rollback|discard|show)'), 0),
       coalesce(sum(total_exec_time), 0)
  FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
 WHERE d.datname = current_database() AND query !~ 'pg_stat_statements'
"""


@dataclass(frozen=True, slots=True)
class Operation:
    """Something a visitor does: one request, or a few that one page needs; `make` gives the n-th time's requests."""

    key: str
    words: str
    goal: float | None
    make: Callable[[int], Sequence[Request]]


@dataclass(frozen=True, slots=True)
class Round:
    """The same operation several times in a row, in milliseconds: the wall times, and processor time for each."""

    times: list[float]
    web: float
    database: float
    contention: float

    @property
    def is_calm(self) -> bool:
        """Whether the machine had time for us."""
        return self.contention <= CALM


@dataclass(slots=True)
class Measured:
    """What was measured of one operation. When enough rounds were calm, only those count."""

    operation: Operation
    wanted: int
    rounds: list[Round] = field(default_factory=list)
    pace: float = 0
    bytes: int = 0
    statements: float = 0
    statement_ms: float = 0

    @property
    def is_enough(self) -> bool:
        """Whether there are as many calm rounds as were asked for."""
        return sum(one.is_calm for one in self.rounds) >= self.wanted

    @property
    def counted(self) -> list[Round]:
        """The calm rounds, or all of them on a machine that is too busy for that."""
        return [one for one in self.rounds if one.is_calm] if self.is_enough else self.rounds

    @property
    def times(self) -> list[float]:
        return sorted(time for one in self.counted for time in one.times)

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        times = self.times
        return times[min(len(times) - 1, int(0.95 * len(times)))]

    @property
    def web_cpu(self) -> float:
        return statistics.median(one.web for one in self.counted)

    @property
    def database_cpu(self) -> float:
        return statistics.median(one.database for one in self.counted)

    @property
    def busy(self) -> float:
        """The contention of the busiest round that counts."""
        return max(one.contention for one in self.counted)


@dataclass(slots=True)
class Bench:
    """A running Plein and the visitor who asks it."""

    running: Running
    visitor: Visitor
    times: int = 0

    def once(self, operation: Operation) -> tuple[float, int]:
        """Do it once: milliseconds and bytes."""
        requests = operation.make(self.times)
        self.times += 1
        began = perf_counter()
        size = sum(len(self.visitor.ask(request)) for request in requests)
        return (perf_counter() - began) * 1000, size

    def _as_if_rested(self) -> None:
        """Forget how often was asked lately: nobody searches sixty times a minute but who measures it."""
        with self.running.connect() as admin:
            admin.execute("DELETE FROM trust_rate_count")

    def _warm_up(self, found: Measured) -> None:
        """Several times to warm up, then a few of which the statements are counted; fewer when it is slow."""
        self._as_if_rested()
        for _ in range(WARM_UP):
            found.pace, found.bytes = self.once(found.operation)
            if found.pace > SLOW:
                break
        counted = 1 if found.pace > SLOW else COUNTED
        with self.running.connect() as admin:
            admin.execute("SELECT pg_stat_statements_reset()")
            for _ in range(counted):
                self.once(found.operation)
            row = admin.execute(COUNT_STATEMENTS).fetchone() or (0, 0)
        found.statements, found.statement_ms = float(row[0]) / counted, float(row[1]) / counted

    def _round(self, found: Measured, often: int) -> None:
        often = max(1, min(often, int(LONGEST_ROUND / found.pace)))
        self._as_if_rested()
        before = contention()
        web, database = cpu_seconds(self.running.web), cpu_seconds(self.running.database)
        times = [self.once(found.operation)[0] for _ in range(often)]
        web = (cpu_seconds(self.running.web) - web) / often * 1000
        database = (cpu_seconds(self.running.database) - database) / often * 1000
        found.rounds.append(Round(times, web, database, max(before, contention())))

    def measure(self, operations: Sequence[Operation], *, rounds: int, often: int) -> list[Measured]:
        """Measure operations in turn, round by round, so that whatever else the machine does hits all of them alike.

        On a busy machine there are up to three times as many rounds, until enough of them were calm.
        """
        measured = [Measured(operation, rounds) for operation in operations]
        for found in measured:
            self._warm_up(found)
        for number in range(MOST * rounds):
            waiting = [found for found in measured if not found.is_enough]
            if not waiting:
                break
            say(f"Round {number + 1}, {len(waiting)} of {len(measured)} operations")
            for found in waiting:
                self._round(found, often)
        return measured
