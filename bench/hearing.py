# SPDX-License-Identifier: AGPL-3.0-or-later
"""How fast a connection is heard: the first visit to a mailbox, and from a delivery to the timeline.

`python -m bench.hearing` prints the figures by themselves. The mail server is one in memory, on this machine.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path

from bench.live import working
from bench.server import CACHE, BenchTrouble, Home, Running, plein
from bench.table import Row, table
from plein.testing.imap import Box, Post, imap_server

COMMAND = "python -m bench.hearing"
FIRST, DELIVERED = 2000, 20
GOAL_A_SECOND, GOAL_SECONDS, PATIENCE_SECONDS = 200.0, 3.0, 60.0
SECRET = "bench"  # noqa: S105 — of an account in memory


def letter(number: int) -> bytes:
    """Invented mail: 200 people of 40 companies write to us, and we answer half of it."""
    they, we = f"persoon{number % 200}@bedrijf{number % 40}.example", "collega@ons.example"
    sender, receiver = (we, they) if number % 2 else (they, we)
    at = datetime(2025, 1, 6, 8, tzinfo=UTC) + timedelta(minutes=7 * number)
    text = f"Goedendag,\r\n\r\nHierbij nummer {number} over de levering en de planning.\r\n\r\nGroet\r\n" * 3
    return (
        f"From: {sender}\r\nTo: {receiver}\r\nDate: {format_datetime(at)}\r\nMessage-ID: <{number}@bench.example>\r\n"
        f"Subject: Offerte {number // 2}\r\n\r\n{text}"
    ).encode()


def connect(home: Home, port: int, secret: Path) -> None:
    """Note the account; nothing is fetched by that."""
    home.run(
        *plein("connect", "add", "imap", "--name", "bench", "--inside", "--secret-from", str(secret), "--json"),
        *("--policy", "everyone"),
        *(part for one in ("host=127.0.0.1", f"port={port}", "security=none", "user_name=collega@ons.example")
          for part in ("--set", one)),
    )  # fmt: skip


def _first(home: Home) -> tuple[int, float]:
    """How many came in with the first visit, and in how many seconds."""
    found = json.loads(home.run(*plein("fetch", "bench", "--json")))
    if found["problem"]:
        raise BenchTrouble(found["problem"])
    return int(found["imported"]), float(found["seconds"])


def _is_there(running: Running, name: str) -> bool:
    with running.connect() as line:
        found = line.execute("SELECT 1 FROM moments_source WHERE external_id = %s", [name]).fetchone()
    return found is not None


def _wait(is_so: Callable[[], bool], what: str) -> float:
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > PATIENCE_SECONDS:
            raise BenchTrouble(f"{what} took longer than {PATIENCE_SECONDS:.0f} s")
        time.sleep(0.05)
    return time.monotonic() - began


def _delivered(running: Running, post: Post) -> list[float]:
    """Seconds from each delivery until it is on the timeline."""
    found = []
    for number in range(FIRST, FIRST + DELIVERED):
        _wait(lambda: post.idling > 0, "listening")
        name = f"{number}@bench.example"
        post.deliver(letter(number))
        found.append(_wait(partial(_is_there, running, name), "hearing"))
    return found


def rows(command: str = COMMAND) -> list[Row]:
    """The figures of a connection."""
    home, post = Home(CACHE / "hearing"), Post(password=SECRET, boxes={"INBOX": Box(), "Sent": Box("\\Sent")})
    for number in range(FIRST):
        post.boxes["Sent" if number % 2 else "INBOX"].add(letter(number))
    home.remove()
    with tempfile.TemporaryDirectory() as folder, imap_server(post) as port, home.served() as running:
        secret = Path(folder) / "secret"
        secret.write_text(SECRET)
        connect(home, port, secret)
        count, seconds = _first(home)
        with working(home, running.port):
            found = _delivered(running, post)
    home.remove()
    speed, worst = count / seconds, max(found)
    return [
        Row(
            f"First visit to a mailbox of {count:,}",
            f"{speed:.0f} mails/s",
            command,
            goal=f"≥ {GOAL_A_SECOND:.0f} mails/s",
            is_good=speed >= GOAL_A_SECOND,
        ),
        Row(
            f"From delivery to timeline, worst of {DELIVERED}",
            f"{worst:.2f} s",
            command,
            goal=f"< {GOAL_SECONDS:.0f} s",
            is_good=worst < GOAL_SECONDS,
        ),
        Row("From delivery to timeline, median", f"{statistics.median(found):.2f} s", command),
    ]


def main() -> int:
    """Print them."""
    sys.stdout.write(table("Hearing", rows()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
