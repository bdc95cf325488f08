# SPDX-License-Identifier: AGPL-3.0-or-later
"""How fast an address book on a server of others comes in at the first visit: `python -m bench.books_elsewhere`.

The server is one in memory; where Radicale is installed a second one is that. It stands on this machine.
"""

import contextlib
import importlib.util
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.measure import CALM
from bench.processes import contention, cpu_seconds
from bench.server import CACHE, ROOT, BenchTrouble, Home, end, free_port, plein, say
from bench.table import Row, below, table
from plein.channels.connectors.dav.tests.fake import BOOK, FakeDav, card
from plein.testing.peers import running

COMMAND = "python -m bench.books_elsewhere"
CARDS, GOAL_SECONDS = 5_000, 20.0
WORD = "app-word"
PATIENCE_SECONDS = 30.0
CONFIG = """[server]
hosts = 127.0.0.1:{port}
[auth]
type = none
[storage]
filesystem_folder = {folder}
[logging]
level = error
"""


def somebody(number: int) -> str:
    """An invented card: one in three has work, one in five an address, one in seven a birthday, one in four a tag."""
    more = [f"N:Person{number};Bench;;;", f"EMAIL;TYPE=INTERNET,WORK:bench{number}@post.example"]
    more += [f"TEL;TYPE=CELL:+316{10_000_000 + number}", f"NICKNAME:B{number}", f"NOTE:Number {number}\\, of many"]
    more += [f"ORG:Bedrijf {number % 500};Inkoop", "TITLE:inkoper"] if number % 3 == 0 else []
    more += [f"ADR;TYPE=HOME:;;Dorpsstraat {number % 300};Zwolle;;8011 AB;NL"] if number % 5 == 0 else []
    more += [f"BDAY:{1950 + number % 50}-03-{1 + number % 28:02d}"] if number % 7 == 0 else []
    more += ["CATEGORIES:klant"] if number % 4 == 0 else []
    return card(f"Bench Person{number}", f"bench-{number}", *more, "X-RING-TONE:bell")


@contextlib.contextmanager
def in_memory() -> Iterator[str]:
    """The address of a server in memory with all of them in one book."""
    fake = FakeDav()
    for number in range(CARDS):
        fake.put(f"{BOOK}{number}.vcf", somebody(number))
    with running(fake) as peer:
        yield peer.url


@contextlib.contextmanager
def radicale() -> Iterator[str]:
    """The address of a Radicale with all of them in one book."""
    port = free_port()
    with tempfile.TemporaryDirectory() as kept:
        book = Path(kept) / "there" / "collection-root" / "us" / "friends"
        book.mkdir(parents=True)
        (book / ".Radicale.props").write_text(json.dumps({"tag": "VADDRESSBOOK", "D:displayname": "Friends"}))
        for number in range(CARDS):
            (book / f"{number}.vcf").write_text(somebody(number), newline="")
        config = Path(kept) / "config"
        config.write_text(CONFIG.format(port=port, folder=Path(kept) / "there"))
        server = subprocess.Popen([sys.executable, "-m", "radicale", "--config", str(config)], cwd=ROOT)
        try:
            _wait(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            end(server)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + PATIENCE_SECONDS
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return
        if server.poll() is not None or time.monotonic() > limit:
            raise BenchTrouble("Radicale did not start")
        time.sleep(0.1)


@dataclass(frozen=True, slots=True)
class First:
    """What a first visit took: seconds until every card is here; processor seconds, ours and the database's."""

    seconds: float
    own: float
    database: float


def first_visit(url: str) -> First:
    """Hear all of it once."""
    home = Home(CACHE / "books-elsewhere")
    home.remove()
    with tempfile.TemporaryDirectory() as folder, home.served() as served:
        secret = Path(folder) / "secret"
        secret.write_text(WORD)
        home.run(
            *plein("connect", "add", "dav", "--name", "bench", "--inside", "--secret-from", str(secret), "--json"),
            *("--policy", "nobody", "--circle", "everyone"),
            *("--set", f"server={url}", "--set", "user_name=us"),
        )
        own, database = os.times(), cpu_seconds(served.database)
        found = json.loads(home.run(*plein("fetch", "bench", "--json")))
        after, database = os.times(), cpu_seconds(served.database) - database
    home.remove()
    if found["problem"] or found["refused"] or found["heard"] != CARDS:
        raise BenchTrouble(f"{found['heard']} heard, {found['refused']} refused {found['problem']}")
    mine = after.children_user + after.children_system - own.children_user - own.children_system
    return First(float(found["seconds"]), mine, database)


def rows(command: str = COMMAND) -> list[Row]:
    """The figures of address books elsewhere."""
    servers = {"a server in memory": in_memory}
    if importlib.util.find_spec("radicale") is not None:
        servers["Radicale"] = radicale
    found = []
    for name, server in servers.items():
        say(f"Hearing {CARDS:,} contacts from {name}")
        with server() as url:
            busy = contention()
            took = first_visit(url)
            busy = max(busy, contention())
        row = below(f"First visit to {CARDS:,} contacts, {name}", took.seconds, GOAL_SECONDS, "s", command)
        is_good = row.is_good or (None if busy > CALM else False)
        each = (f"{seconds / CARDS * 1000:.2f}" for seconds in (took.own, took.database))
        found.append(Row(row.words, row.value, command, row.goal, is_good, ("", "", *each, "", "", "", f"{busy:.2f}")))
    return found


def main() -> int:
    """Print them."""
    sys.stdout.write(table("Address books elsewhere", rows()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
