# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lets a trial say what it measured, and prints that after the run: which trial, how long, with which figures.

A figure with a goal gets a line of its own: name, goal, measured, verdict. The same lines go to the file that
`PLEIN_FIGURES` names, where `make nightly` gathers those of all its parts.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Protocol

import pytest

type Note = Callable[..., None]
#: What a figure with a goal is kept as among the properties of a test.
GOAL = "figure with a goal"
#: How long the trials of each commit may take together.
MINUTES = 6


class Judge(Protocol):
    """Writes one figure down beside its goal."""

    def __call__(self, name: str, *, goal: str, measured: object, is_good: bool) -> None: ...


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Note:
    """Write figures of this trial down, by name."""

    def write(**figures: object) -> None:
        for name, value in figures.items():
            record_property(name, _in_words(value))

    return write


@pytest.fixture
def judge(record_property: Callable[[str, object], None]) -> Judge:
    """Write a figure down beside its goal, before the test itself asserts it."""

    def write(name: str, *, goal: str, measured: object, is_good: bool) -> None:
        record_property(GOAL, line(name, goal, _in_words(measured), "ok" if is_good else "FAIL"))

    return write


def line(name: str, goal: str, measured: str, verdict: str) -> str:
    """One figure in words, as it is printed and gathered."""
    return f"{name:<58}  {goal:<24}  {measured:<24}  {verdict}"


def gather(lines: Iterable[str]) -> None:
    """Add lines to the file that `PLEIN_FIGURES` names, if it names one."""
    if path := os.environ.get("PLEIN_FIGURES"):
        with Path(path).open("a") as file:
            file.writelines(f"{one}\n" for one in lines)


def _in_words(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}"
    if isinstance(value, Mapping):
        return ", ".join(f"{number} {name}" for name, number in value.items())
    return f"{value:,}" if isinstance(value, int) else str(value)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was noted."""
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if getattr(report, "when", "") == "call" and report.user_properties
    ]
    if not reports:
        return
    terminalreporter.section("figures of trials")
    for report in sorted(reports, key=lambda one: one.nodeid):
        name = report.nodeid.rpartition("::")[2].removeprefix("test_").replace("_", " ")
        terminalreporter.write_line(f"{report.outcome} in {report.duration:.1f} s: {name}")
        for key, value in report.user_properties:
            if key == GOAL:
                continue
            terminalreporter.write_line(f"    {key.replace('_', ' ')}: {value}")
    judged = [str(value) for report in reports for key, value in report.user_properties if key == GOAL]
    if judged and not os.environ.get("PLEIN_NIGHTLY"):
        minutes = sum(report.duration for report in reports) / 60
        measured = f"{minutes:.1f}, {len(reports)} trials"
        judged.append(
            line("trials of each commit, minutes", f"< {MINUTES}", measured, "ok" if minutes < MINUTES else "FAIL")
        )
    if judged:
        terminalreporter.section("figures and their goals")
        for one in judged:
            terminalreporter.write_line(one)
        gather(judged)
