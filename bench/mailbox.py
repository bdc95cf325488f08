# SPDX-License-Identifier: AGPL-3.0-or-later
"""How fast mail comes in, end to end, and the memory it takes."""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from bench.measure import CALM
from bench.processes import contention, cpu_seconds, memory
from bench.server import CACHE, ROOT, Home, free_port, plein, say
from bench.table import Row, at_least, below

LARGE, SMALL = "enron-12-mailboxes.tar.xz", "enron-demo/enron-2001-08_12.mbox.xz"
OURS = "enron.com"
SPEED_LIMIT, MEMORY_LIMIT = 400.0, 400.0
LOOK_EVERY = 0.25
GENERATED = 5000
SWEEP = "plein.channels.connectors.mail.sweep"


@dataclass(slots=True)
class Watched:
    """The most memory that a process with all its children held at once, in megabytes."""

    pid: int
    peak: float = 0.0
    is_over: bool = False

    def watch(self) -> None:
        """Look until told that it is over."""
        while not self.is_over:
            self.peak = max(self.peak, sum(one.own for one in memory(self.pid)) / 1024)
            time.sleep(LOOK_EVERY)


def _messages(count: int) -> Iterator[bytes]:
    """Invented mail: 200 people of 40 companies write to three of us, who answer half of it."""
    begin = datetime(2025, 1, 6, 8, tzinfo=UTC)
    for number in range(count):
        mail = EmailMessage()
        they, we = f"persoon{number % 200}@bedrijf{number % 40}.example", f"collega{number % 3}@ons.example"
        sender, receiver = (we, they) if number % 2 else (they, we)
        mail["From"], mail["To"] = sender, receiver
        mail["Date"] = format_datetime(begin + timedelta(minutes=7 * number))
        mail["Message-ID"] = f"<{number}@bench.example>"
        if number % 2:
            mail["In-Reply-To"] = f"<{number - 1}@bench.example>"
        mail["Subject"] = f"{'Re: ' if number % 2 else ''}Offerte {number // 2}"
        mail.set_content(f"Goedendag,\n\nHierbij nummer {number} over de levering en de planning.\n\nGroet\n" * 3)
        yield b"From bench@bench.example Mon Jan  6 08:00:00 2025\n" + mail.as_bytes() + b"\n"


def _generated() -> Path:
    path = CACHE / f"generated-{GENERATED}.mbox"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.writelines(_messages(GENERATED))
    return path


def mail_folder() -> Path | None:
    """The folder of real mail beside the source, when it is there."""
    folder = Path(os.environ.get("SHARED", ROOT.parent / "shared")) / "data" / "mail"
    return folder if folder.is_dir() else None


def bring_in(home: Home, *words: str) -> tuple[dict[str, Any], Watched, float, float]:
    """Run an import: what it says, the memory it took, its processor seconds and those of the database."""
    cluster = home.cluster()
    with cluster.in_use(), tempfile.TemporaryFile("w+") as said:
        home.way_in()
        server = int((cluster.data / "postmaster.pid").read_text().split()[0])
        before = cpu_seconds(server)
        own_before = os.times()
        command = plein("import", *words, "--json")
        process = subprocess.Popen(
            command, env=home.environment(free_port()), cwd=ROOT, stdout=said, stderr=subprocess.DEVNULL
        )
        watched = Watched(process.pid)
        watching = threading.Thread(target=watched.watch)
        watching.start()
        code = process.wait()
        watched.is_over = True
        watching.join()
        own = os.times()
        said.seek(0)
        result: dict[str, Any] = json.loads(said.read()) if code == 0 else {}
        own_seconds = own.children_user + own.children_system - own_before.children_user - own_before.children_system
        return result, watched, own_seconds, cpu_seconds(server) - before


def imported(command: str, *, quick: bool) -> list[Row]:
    """Import the large set, the small one when it must be quick, or invented mail where there is no real mail."""
    folder = mail_folder()
    path = folder / (SMALL if quick else LARGE) if folder else _generated()
    say(f"Importing {path.name}")
    home = Home(CACHE / "mail")
    home.remove()
    busy = contention()
    result, watched, own, database = bring_in(home, "mail", str(path), "--ours", OURS if folder else "ons.example")
    busy = max(busy, contention())
    home.remove()
    one = f"{command} --only mail"
    if not result:
        return [Row(f"Mail import, {path.name}", "did not finish", one, is_good=False)]
    many, seconds = int(result["messages"]), float(result["seconds"])
    cost = (
        f"{seconds:.0f} s",
        "",
        f"{own / many * 1000:.2f}",
        f"{database / many * 1000:.2f}",
        "",
        "",
        "",
        f"{busy:.2f}",
    )
    speed = at_least(f"Mail import, {many:,} messages", many / seconds, SPEED_LIMIT, "/s", one)
    return [
        Row(speed.words, speed.value, one, speed.goal, speed.is_good or (None if busy > CALM else False), cost),
        below("Mail import, most memory at once", watched.peak, MEMORY_LIMIT, "MB", one, digits=0),
    ]


def as_expected(*, quick: bool) -> list[Row]:
    """Compare every mail set with the figures expected of it, where the sets are."""
    folder = mail_folder()
    if folder is None:
        return [Row("Mail sets as expected", "no mail sets here", f"python -m {SWEEP} FOLDER")]
    words = [SMALL, "numpy", "imip"] if quick else []
    say("Comparing the mail sets with what is expected of them")
    done = subprocess.run(
        [sys.executable, "-m", SWEEP, str(folder), *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    lines = [line.split() for line in done.stdout.splitlines() if re.search(r"(\s+\d+){7}$", line)]
    equal, explained, unclear = (sum(int(line[column]) for line in lines) for column in (-4, -3, -2))
    value = f"{equal:,} equal, {explained} explained, {unclear} not"
    command = f"python -m {SWEEP} ../shared/data/mail"
    return [Row(f"Mail sets as expected, {len(lines)} sets", value, command, "0 not", done.returncode == 0)]
