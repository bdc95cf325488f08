# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long `plein run` takes, at first and again, with the example company; and the memory its processes hold."""

import re
import subprocess
import time
from dataclasses import dataclass

from bench.http import Request, Visitor
from bench.processes import memory
from bench.server import CACHE, ROOT, BenchTrouble, Home, answers, end, free_port, plein
from bench.table import Row, below

LONGEST_START = 120
EXAMPLE_LIMIT, AGAIN_LIMIT = 20.0, 5.0
LOADED = re.compile(r"Loaded in (\d+) s")
LINK = re.compile(r"(/sign-in/\S+)")


@dataclass(slots=True)
class _Started:
    process: subprocess.Popen[str]
    port: int
    seconds: float


def _start(home: Home, log: str) -> _Started:
    """Start everything and wait until it answers."""
    port = free_port()
    began = time.monotonic()
    with (home.folder / log).open("w") as output:
        process = subprocess.Popen(
            plein("run", "--port", str(port)), env=home.environment(port, PLEIN_DEMO="1"), cwd=ROOT,
            stdout=output, stderr=output, text=True,
        )  # fmt: skip
    while not answers(port):
        if process.poll() is not None or time.monotonic() - began > LONGEST_START:
            end(process)
            raise BenchTrouble(f"Plein did not start; see {home.folder / log}")
        time.sleep(0.02)
    return _Started(process, port, time.monotonic() - began)


def _memory_rows(started: _Started, link: str, command: str) -> list[Row]:
    """The memory of each process after a look at every main page."""
    visitor = Visitor(started.port)
    visitor.sign_in(link)
    for path in ("/", "/people/", "/organizations/", "/search/?q=van", "/people/?q=jan"):
        visitor.ask(Request(path))
    visitor.leave()
    found = memory(started.process.pid)
    servers = [one for one in found if one.name.startswith("postgres")]
    named = [one for one in found if one not in servers]
    rows = [
        Row(f"Memory of {one.name}", f"{one.resident / 1024:.0f} MB", command, details=_own(one.own)) for one in named
    ]
    own = sum(one.own for one in servers)
    rows.append(
        Row(
            f"Memory of PostgreSQL, {len(servers)} processes",
            f"{sum(one.resident for one in servers) / 1024:.0f} MB", command, details=_own(own),
        )
    )  # fmt: skip
    total = sum(one.own for one in found)
    rows.append(Row("Memory of everything", f"{total / 1024:.0f} MB", command, details=_own(total)))
    return rows


def _own(kilobytes: int) -> tuple[str, ...]:
    """Proportional memory, in the place of the first detail."""
    return (f"PSS {kilobytes / 1024:.0f}", *("",) * 7)


def starts(command: str) -> list[Row]:
    """A first start with the example company, then a second start, and the memory its processes hold."""
    home = Home(CACHE / "started")
    home.remove()
    home.folder.mkdir(parents=True, mode=0o700)
    one = f"{command} --only starts"
    first = _start(home, "first.txt")
    end(first.process)
    home.stopped()
    loaded = LOADED.search((home.folder / "first.txt").read_text())
    again = _start(home, "again.txt")
    try:
        link = LINK.search((home.folder / "again.txt").read_text())
        held = _memory_rows(again, link.group(1), one) if link else []
    finally:
        end(again.process)
        home.stopped()
    example = "Loading the example company"
    return [
        Row("First start, all included", f"{first.seconds:.1f} s", one),
        below("Second start, until it answers", again.seconds, AGAIN_LIMIT, "s", one),
        below(example, int(loaded.group(1)), EXAMPLE_LIMIT, "s", one, digits=0)
        if loaded
        else Row(example, "did not load", one, f"< {EXAMPLE_LIMIT:g} s", is_good=False),
        *held,
    ]
