# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much later connections are heard that are well, while the peers of others misbehave in each of nine ways.

`python -m bench.misbehaving` prints the figures by themselves. One worker, as it comes, visits healthy feeds on this
machine as soon as they are due, alone and then beside feeds whose servers misbehave without end.
"""

import itertools
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from uuid import uuid4

from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from bench.live import working
from bench.server import CACHE, BenchTrouble, Home, Running, plein
from bench.table import Row, table
from plein.testing.peers import MODES, Answer, Behaviour, Peer, Request, running

COMMAND = "python -m bench.misbehaving"
WELL, OF_EACH_MODE, SECONDS = 8, 2, 180.0
GOAL = 1.2
#: A misbehaving server never becomes well again.
FOR_EVER = 10_000


def feed() -> Behaviour:
    """A feed with one entry more each time it is asked for."""
    count = itertools.count(1)

    def answer(request: Request) -> Answer:
        del request
        newest = next(count)
        entries = "".join(
            f"<item><guid>{number}</guid><title>Bericht {number}</title><description>Nieuws</description></item>"
            for number in range(max(1, newest - 20), newest + 1)
        )
        body = f"<rss version='2.0'><channel><title>Nieuws</title>{entries}</channel></rss>".encode()
        return Answer(body, headers={"Content-Type": "application/rss+xml"})

    return answer


def _connect(home: Home, name: str, peer: Peer) -> None:
    """The first connection, as everybody makes one."""
    home.run(
        *plein("connect", "add", "feed", "--name", name, "--inside", "--json", "--set", f"url={peer.url}/feed.xml")
    )


def _likewise(server: Running, names: Sequence[str], peers: Sequence[Peer]) -> None:
    """More connections like the first, to other peers."""
    with server.connect() as line:
        found = line.cursor(row_factory=dict_row).execute(_FIRST).fetchone()
        if found is None:
            raise BenchTrouble("the first connection is gone")
        columns = list(found)
        fresh = {"cursor": "", "succeeded_at": None, "tried_at": None, "failures": 0, "problem": ""}
        for name, peer in zip(names, peers, strict=True):
            url = {"url": f"{peer.url}/feed.xml"}
            row = {**found, **fresh, "id": uuid4(), "name": name, "settings": url, "next_try_at": datetime.now(UTC)}
            values = [Jsonb(value) if isinstance(value, dict) else value for value in (row[key] for key in columns)]
            line.execute(_LIKEWISE.format(", ".join(columns), ", ".join(["%s"] * len(columns))), values)


_FIRST = "SELECT * FROM channels_connection WHERE name = 'well 0'"
_LIKEWISE = "INSERT INTO channels_connection ({}) VALUES ({})"
_DUE = "UPDATE channels_connection SET next_try_at = clock_timestamp() WHERE id = ANY (%s) RETURNING id, next_try_at"
_HEARD = "SELECT id, tried_at, succeeded_at FROM channels_connection WHERE name LIKE 'well %%'"
_WRONG = "SELECT count(*), coalesce(sum(failures), 0) FROM channels_connection WHERE name LIKE 'bad %%'"


def _watched(server: Running, seconds: float) -> tuple[list[float], list[float]]:
    """Seconds from due until heard, and of the visits alone, of the healthy ones; each is due again at once."""
    waits: list[float] = []
    visits: list[float] = []
    with server.connect() as line:
        line.autocommit = True
        everybody = [row[0] for row in line.execute(_HEARD)]
        due = dict(line.execute(_DUE, [everybody]).fetchall())
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(0.1)
            heard = [row for row in line.execute(_HEARD) if row[2] and row[2] > due[row[0]] and row[1] > due[row[0]]]
            waits += [(succeeded - due[one]).total_seconds() for one, _tried, succeeded in heard]
            visits += [(succeeded - tried).total_seconds() for _one, tried, succeeded in heard]
            if heard:
                due |= dict(line.execute(_DUE, [[row[0] for row in heard]]).fetchall())
        # Who was never heard waited all that time.
        now = line.execute("SELECT clock_timestamp()").fetchone()
        late = [(now[0] - at).total_seconds() for at in due.values()] if now else []
    return waits + [one for one in late if waits and one > max(waits)], visits


def _p95(values: list[float]) -> float:
    if len(values) < 20:
        raise BenchTrouble(f"only {len(values)} visits were seen; something else keeps the worker busy")
    return statistics.quantiles(values, n=20)[-1]


def _row(words: str, alone: float, beside: float, command: str) -> Row:
    ratio = beside / alone
    value = f"{ratio:.2f} × ({alone:.2f} s alone, {beside:.2f} s beside)"
    return Row(words, value, command, goal=f"≤ {GOAL:g} ×", is_good=ratio <= GOAL)


def rows(command: str = COMMAND) -> list[Row]:
    """The figures."""
    home = Home(CACHE / "misbehaving")
    home.remove()
    with ExitStack() as stack:
        server = stack.enter_context(home.served())
        good = [stack.enter_context(running(feed())) for _one in range(WELL)]
        _connect(home, "well 0", good[0])
        _likewise(server, [f"well {number}" for number in range(1, WELL)], good[1:])
        bad = [(mode, stack.enter_context(running(feed()))) for mode in MODES for _one in range(OF_EACH_MODE)]
        with working(home, server.port):
            alone = _watched(server, SECONDS)
            for mode, peer in bad:
                peer.moods += [mode] * FOR_EVER
            names = [f"bad {place} {mode}" for place, (mode, _peer) in enumerate(bad)]
            _likewise(server, names, [peer for _mode, peer in bad])
            beside = _watched(server, SECONDS)
            with server.connect() as line:
                wrong = line.execute(_WRONG).fetchone()
    home.remove()
    count, failures = wrong or (0, 0)
    return [
        _row(
            f"From due to heard, {WELL} feeds beside {count} that misbehave, p95",
            *map(_p95, (alone[0], beside[0])),
            command,
        ),
        _row("The visit itself, p95", *map(_p95, (alone[1], beside[1])), command),
        Row(
            "Visits seen alone and beside, and failures of the others",
            f"{len(alone[1])}, {len(beside[1])}, {failures}",
            command,
        ),
    ]


def main(print_rows: Callable[[], list[Row]] = rows) -> int:
    """Print them."""
    sys.stdout.write(table("Misbehaving peers", print_rows()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
