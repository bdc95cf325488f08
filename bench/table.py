# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures as one table: what was measured, what it may be, what it cost, and the command that made it."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

from bench.measure import Measured

NOTE = """\
Operations: one visitor, one web process; the figure is the 95th percentile; times and CPU in milliseconds for one
operation; busy is wall time over processor time of a spin loop, 1.00 on a machine that does nothing else."""
OPERATION_HEADS = ("p50", "min", "CPU web", "CPU db", "queries", "SQL ms", "kB", "busy")


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One figure. `goal` says in words what it may be; `is_good` is None where nothing can be said of it.

    That is where there is no goal, and where the machine was too busy with other work to tell.
    """

    words: str
    value: str
    command: str
    goal: str = ""
    is_good: bool | None = None
    details: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        return {None: "busy" if self.goal else "", True: "ok", False: "FAIL"}[self.is_good]


def below(words: str, value: float, limit: float, unit: str, command: str, *, digits: int = 1) -> Row:
    """A figure that must stay under a limit."""
    return Row(words, f"{value:,.{digits}f} {unit}", command, f"< {limit:g} {unit}", value < limit)


def at_least(words: str, value: float, limit: float, unit: str, command: str) -> Row:
    """A figure that must reach a limit."""
    return Row(words, f"{value:,.1f} {unit}", command, f">= {limit:g} {unit}", value >= limit)


def operation_row(found: Measured, command: str, goal: float | None) -> Row:
    """One operation: its 95th percentile against its goal, and what it cost. `busy` is 1.0 on a quiet machine."""
    p95 = found.p95
    details = (
        f"{found.median:.1f}", f"{min(found.times):.1f}", f"{found.web_cpu:.1f}", f"{found.database_cpu:.1f}",
        f"{found.statements:.1f}", f"{found.statement_ms:.1f}", f"{found.bytes / 1000:.0f}",
        f"{found.busy:.2f}",
    )  # fmt: skip
    words = f"{found.operation.words}"
    one = f"{command} --only {found.operation.key}"
    if goal is None:
        return Row(words, f"{p95:.1f} ms", one, details=details)
    is_good = None if p95 >= goal and not found.is_enough else p95 < goal
    return Row(words, f"{p95:.1f} ms", one, f"< {goal:g} ms", is_good, details)


def _lines(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    blank = ("",) * len(OPERATION_HEADS)
    return [(row.words, row.value, row.goal, row.verdict, *(row.details or blank), row.command) for row in rows]


def table(title: str, rows: Sequence[Row]) -> str:
    """The whole table as text; operations show their 95th percentile as the figure."""
    lines = [("", "figure", "goal", "", *OPERATION_HEADS, "made by"), *_lines(rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    text = [title, "=" * len(title)]
    for line in lines:
        cells = [
            cell.ljust(width) if column in (0, 2, 3, len(line) - 1) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        text.append("  ".join(cells).rstrip())
    failed = sum(row.is_good is False for row in rows)
    judged = sum(bool(row.goal) for row in rows)
    unclear = sum(row.verdict == "busy" for row in rows)
    text.append(
        f"{judged - failed - unclear} of {judged} goals reached"
        + (f", {failed} FAILED" if failed else "")
        + (f", {unclear} missed on a machine too busy to tell" if unclear else "")
        + f".\n{NOTE}"
    )
    return "\n".join(text).rstrip() + "\n"


def keep(path: Path, rows: Sequence[Row]) -> None:
    """The same rows as JSON, for whoever compares runs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([dataclasses.asdict(row) for row in rows], indent=1) + "\n")
