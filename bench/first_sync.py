# SPDX-License-Identifier: AGPL-3.0-or-later
"""The first visit to a large mailbox of a real Dovecot, killed on the way: how fast, and what is lost or doubled.

`python -m bench.first_sync` prints the figures by themselves, and takes another number of mails as its argument.
"""

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.hearing import GOAL_A_SECOND, connect, letter
from bench.processes import memory
from bench.server import CACHE, ROOT, BenchTrouble, Home, Running, free_port, plein
from bench.table import Row, table
from plein.testing import dovecot

COMMAND = "python -m bench.first_sync"
MAILS, KILLS = 100_000, 5
#: Seconds after which a visit is killed, at least and at most.
KILLED_AFTER = (5.0, 25.0)


def _visit(home: Home, seconds: float | None) -> tuple[bool, int]:
    """Visit once, killed with signal 9 after so many seconds; whether it was, and the most memory in bytes."""
    process = subprocess.Popen(
        plein("fetch", "bench", "--json"), env=home.environment(free_port()), cwd=ROOT, stdout=subprocess.DEVNULL
    )
    began, most = time.monotonic(), 0
    while process.poll() is None:
        most = max(most, sum(one.own for one in memory(process.pid)) * 1024)
        if seconds is not None and time.monotonic() - began > seconds:
            process.kill()
            process.wait()
            return True, most
        time.sleep(0.2)
    if process.returncode:
        raise BenchTrouble(f"a visit ended with {process.returncode}")
    return False, most


def _there(running: Running) -> tuple[int, int, int]:
    """How many mails are here, how many of them differ, and how many are without text."""
    with running.connect() as line:
        found = line.execute(
            "SELECT count(*), count(DISTINCT s.external_id), count(*) FILTER (WHERE t.moment_id IS NULL)"
            " FROM moments_source s LEFT JOIN moments_text t ON t.moment_id = s.moment_id"
        ).fetchone()
    if found is None:
        raise BenchTrouble("nothing is there")
    return int(found[0]), int(found[1]), int(found[2])


def rows(command: str = COMMAND, mails: int = MAILS) -> list[Row]:
    """Its figures; a row that says so where there is no Dovecot."""
    if not dovecot.found():
        return [Row("First visit to a Dovecot", "not tried: there is none here (Debian: dovecot-imapd)", command)]
    home, chance, killed, most = Home(CACHE / "first-sync"), random.Random(6), 0, 0  # noqa: S311 — no secret
    home.remove()
    with tempfile.TemporaryDirectory() as folder, dovecot.running() as server, home.served() as running:
        secret = Path(folder) / "secret"
        secret.write_text(dovecot.SECRET)
        for number in range(mails):
            server.deliver(number, letter(number))
        connect(home, server.port, secret)
        began = time.monotonic()
        for _turn in range(KILLS):
            was_killed, used = _visit(home, chance.uniform(*KILLED_AFTER))
            killed, most = killed + was_killed, max(most, used)
        _was_killed, used = _visit(home, None)
        seconds, most = time.monotonic() - began, max(most, used)
        count, different, without = _there(running)
    home.remove()
    speed = mails / seconds
    return [
        Row(
            f"First visit to a Dovecot with {mails:,} mails, killed {killed} times on the way",
            f"{speed:.0f} mails/s, {most / 1e6:.0f} MB",
            command,
            goal=f"≥ {GOAL_A_SECOND:.0f} mails/s",
            is_good=speed >= GOAL_A_SECOND and killed > 0,
        ),
        Row(
            "Of these lost, twice, without text",
            f"{mails - different}, {count - different}, {without}",
            command,
            goal="0, 0, 0",
            is_good=count == different == mails and without == 0,
        ),
    ]


def main() -> int:
    """Print them."""
    sys.stdout.write(table("First visit", rows(mails=int(sys.argv[1]) if len(sys.argv) > 1 else MAILS)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
