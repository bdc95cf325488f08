# SPDX-License-Identifier: AGPL-3.0-or-later
"""From act to other browser: somebody is named by HTTP, and hears of it on an open stream. And what idle streams cost.

`python -m bench.live` prints the figures by themselves.
"""

import http.client
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from bench.http import Request
from bench.processes import cpu_seconds, memory
from bench.server import CACHE, ROOT, BenchTrouble, Home, Running, end, plein
from bench.table import Row, table

COMMAND = "python -m bench.live"
ROUNDS, IDLE, PER_SEAT, WATCHED_SECONDS = 30, 200, 10, 30
GOAL_SECONDS = 1.0
PATIENCE_SECONDS = 20


class Ear:
    """One open stream."""

    def __init__(self, port: int, cookie: str) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        self.line.request("GET", "/notifications/stream", headers={"Cookie": cookie})
        self.answer = self.line.getresponse()
        if self.answer.status != http.client.OK:
            raise BenchTrouble(f"the stream answered {self.answer.status}")

    def hear(self) -> dict[str, Any]:
        """The next thing that is said."""
        while line := self.answer.readline():
            if line.startswith(b"data: "):
                found: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
                return found
        raise BenchTrouble("the stream ended")

    def close(self) -> None:
        self.line.close()


@contextmanager
def working(home: Home, port: int) -> Iterator[None]:
    """A worker beside the web server."""
    with (home.folder / "log" / "worker.log").open("ab") as log:
        process = subprocess.Popen(plein("worker"), env=home.environment(port), cwd=ROOT, stdout=log, stderr=log)
        try:
            yield
        finally:
            end(process)


def _latencies(running: Running, cookie: str, relation: str) -> list[float]:
    visitor, ear = running.visitor(), Ear(running.port, cookie)
    ear.hear()
    found = []
    for number in range(ROUNDS + 1):
        began = time.monotonic()
        visitor.ask(Request(f"/relations/{relation}/moments/new", form={"kind": "note", "text": f"@Guest0 {number}"}))
        while ear.hear()["unread"] <= number:
            pass
        found.append(time.monotonic() - began)
        time.sleep(0.2)
    visitor.leave()
    ear.close()
    # The first one also waits for everything that happens once.
    return found[1:]


def _idle(running: Running, cookies: list[str]) -> tuple[float, float, float]:
    """Kilobytes and processor milliseconds a second that one idle stream takes, and threads of the server."""
    with ExitStack() as stack:
        first = Ear(running.port, cookies[0])
        stack.callback(first.close)
        first.hear()
        before = sum(one.own for one in memory(running.web))
        for number in range(IDLE):
            ear = Ear(running.port, cookies[number % len(cookies)])
            stack.callback(ear.close)
            ear.hear()
        after, cpu = sum(one.own for one in memory(running.web)), cpu_seconds(running.web)
        time.sleep(WATCHED_SECONDS)
        spent = cpu_seconds(running.web) - cpu
        threads = len(list((ROOT.__class__("/proc") / str(running.web) / "task").iterdir()))
    return (after - before) / IDLE, spent / WATCHED_SECONDS / IDLE * 1000, threads


def rows(command: str = COMMAND) -> list[Row]:
    """The figures of streams."""
    home = Home(CACHE / "live")
    home.remove()
    with home.served() as running, working(home, running.port):
        seats = IDLE // PER_SEAT
        made = json.loads(home.run(sys.executable, "-m", "bench.guests", str(seats)))
        cookies = [f"{made['name']}={cookie}" for cookie in made["cookies"]]
        found = _latencies(running, cookies[0], made["relation"])
        kilobytes, milliseconds, threads = _idle(running, cookies[1:] + cookies[:1])
    home.remove()
    middle, worst = statistics.median(found), max(found)
    return [
        Row(
            f"Notification, from act to other browser, worst of {ROUNDS}",
            f"{worst * 1000:.0f} ms",
            command,
            goal=f"< {GOAL_SECONDS * 1000:.0f} ms",
            is_good=worst < GOAL_SECONDS,
        ),
        Row("Notification, median", f"{middle * 1000:.0f} ms", command),
        Row(f"One idle stream of {IDLE}: memory", f"{kilobytes:.0f} kB", command),
        Row(f"One idle stream of {IDLE}: processor", f"{milliseconds:.3f} ms a second", command),
        Row("Threads of the web server meanwhile", f"{threads:.0f}", command),
    ]


def main() -> int:
    """Print them."""
    sys.stdout.write(table("Live", rows()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
