# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Plein of one's own to measure: its folder is kept between runs, its processes end with the measuring."""

import contextlib
import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench.http import Visitor
from plein.operate.cluster import Cluster, cluster_of
from plein.operate.places import DATABASE, Places

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "bench"
READY_SECONDS = 60
STOP_SECONDS = 20


class BenchTrouble(RuntimeError):
    """Something that keeps a figure from being measured; the message says what."""


def say(text: str) -> None:
    """One line of progress."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def plein(*words: str) -> list[str]:
    """The command line of a `plein` command."""
    return [sys.executable, "-m", "plein.cli.main", *words]


def free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether the web server on this port says that it is ready."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asking.request("GET", "/healthz")
        return asking.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


def end(process: subprocess.Popen[Any]) -> None:
    """End a process that we started: first kindly, then for certain."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def size_on_disk(folder: Path) -> int:
    """Bytes that a folder takes."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += path.lstat().st_blocks * 512
    return total


@dataclass(frozen=True, slots=True)
class Running:
    """A web server with its database, and whom to ask what."""

    folder: Path
    cluster: Cluster
    port: int
    web: int
    way_in: dict[str, str]

    @property
    def database(self) -> int:
        """The process id of the database server."""
        return int((self.cluster.data / "postmaster.pid").read_text().split()[0])

    def connect(self) -> psycopg.Connection:
        """A connection as the administrator, who sees everything and may read the statistics."""
        return self.cluster.connect(DATABASE)

    def visitor(self) -> Visitor:
        """Somebody signed in through the one-time link."""
        visitor = Visitor(self.port)
        visitor.sign_in(self.way_in["link"])
        return visitor


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of a Plein to measure."""

    folder: Path

    def environment(self, port: int, **more: str) -> dict[str, str]:
        """The environment of this Plein's processes, without whatever the reader's own has set."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PLEIN_", "DATABASE_"))}
        mine = {"PLEIN_HOME": str(self.folder), "PLEIN_PORT": str(port), "PLEIN_DEMO": "0"}
        return kept | mine | {"PYTHONPATH": str(ROOT)} | more

    def cluster(self) -> Cluster:
        """The embedded database of this folder."""
        return cluster_of(Places(self.folder), say)

    def run(self, *command: str) -> str:
        """Run a command of this Plein and return what it printed; its progress goes through."""
        done = subprocess.run(
            command, env=self.environment(free_port()), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            raise BenchTrouble(f"`{' '.join(command[2:])}` ended with {done.returncode}")
        return done.stdout

    def way_in(self, *, with_password: bool = False) -> dict[str, str]:
        """The owner's address, a one-time link and perhaps a password; makes the tables when they are missing."""
        words = ["--password"] if with_password else []
        found: dict[str, str] = json.loads(self.run(sys.executable, "-m", "bench.account", *words))
        return found

    @contextlib.contextmanager
    def served(self, *, with_password: bool = False, **more: str) -> Iterator[Running]:
        """The database and one web server process, for as long as the block lasts."""
        cluster, port = self.cluster(), free_port()
        with cluster.in_use(), (self.folder / "log" / "web.log").open("ab") as log:
            way_in = self.way_in(with_password=with_password)
            process = subprocess.Popen(
                plein("web", "--port", str(port)), env=self.environment(port, **more), cwd=ROOT, stdout=log, stderr=log
            )
            try:
                _wait_until_ready(process, port, self.folder / "log" / "web.log")
                yield Running(self.folder, cluster, port, process.pid, way_in)
            finally:
                end(process)

    def stopped(self) -> None:
        """Wait until the database has gone, so that the folder can be moved or removed."""
        self.cluster().wait_until_stopped(STOP_SECONDS)

    def remove(self) -> None:
        """Remove the folder with all that is in it, the database included."""
        if not self.folder.exists():
            return
        self.stopped()
        places = Places(self.folder)
        if places.cluster.exists():
            shutil.rmtree(places.cluster, ignore_errors=True)
        shutil.rmtree(self.folder)


def _wait_until_ready(process: subprocess.Popen[Any], port: int, log: Path) -> None:
    limit = time.monotonic() + READY_SECONDS
    while not answers(port):
        if process.poll() is not None or time.monotonic() > limit:
            raise BenchTrouble(f"the web server did not start; see {log}")
        time.sleep(0.05)


def _stamp(words: tuple[str, ...]) -> str:
    """What the data in a folder was made by: other words or another generator make other data."""
    digest = hashlib.sha256(" ".join(words).encode())
    for path in sorted((ROOT / "plein" / "generate").rglob("*")):
        if path.suffix in (".py", ".sql", ".csv") and "tests" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Filled:
    """A folder with generated data: how long it took and how large it is; `seconds` is of the run that made it."""

    home: Home
    seconds: float
    bytes: int
    command: str


def filled(name: str, *words: str, fresh: bool = False) -> Filled:
    """A Plein filled by `plein generate`, made when it is not there or was made by another generator."""
    home = Home(CACHE / name)
    note = home.folder / "made.json"
    stamp = _stamp(words)
    known = json.loads(note.read_text()) if note.exists() else {}
    if fresh or known.get("stamp") != stamp:
        home.remove()
        say(f"Filling {home.folder}: plein generate {' '.join(words)}")
        began = time.monotonic()
        home.run(*plein("generate", *words, "--json"))
        seconds = time.monotonic() - began
        home.stopped()
        known = {"stamp": stamp, "seconds": seconds, "bytes": size_on_disk(Places(home.folder).cluster)}
        note.write_text(json.dumps(known))
    return Filled(home, known["seconds"], known["bytes"], f"plein generate {' '.join(words)}")
