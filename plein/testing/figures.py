# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lets a trial say what it measured, and prints that after the run: which trial, how long, with which figures."""

from collections.abc import Callable, Mapping

import pytest

type Note = Callable[..., None]


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Note:
    """Write figures of this trial down, by name."""

    def write(**figures: object) -> None:
        for name, value in figures.items():
            record_property(name, _in_words(value))

    return write


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
            terminalreporter.write_line(f"    {key.replace('_', ' ')}: {value}")
