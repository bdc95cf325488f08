# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole Plein in a folder of its own, with a database of its own, whose processes may be killed one by one."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import psycopg

from plein.operate.cluster import Cluster, cluster_of
from plein.operate.places import APP, DATABASE, Places
from plein.operate.supervisor import is_ready
from plein.testing.home import ROOT
from plein.testing.server import free_port
from plein.tests.trials.visitor import Visitor

#: What a trial need not wait for: no power is cut, so what was written to the system is there afterwards.
QUICK = "fsync = off\nshared_buffers = '64MB'\n"
#: Left out of the environment of Plein's processes: what belongs to the tests themselves.
OF_TESTS = ("DJANGO_ALLOW_ASYNC_UNSAFE", "DATABASE_URL", "DATABASE_OWNER_URL", "PLEIN_POOL")
READY_SECONDS = 30


class OwnPlein:
    """The database runs as long as the block lasts; web and worker when they are wanted."""

    def __init__(self, home: Path) -> None:
        self.places = Places(home)
        self.port = free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.links: dict[str, str] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self.cluster: Cluster = cluster_of(self.places)
        (self.cluster.folder / "own.conf").write_text(QUICK)
        self._stack.enter_context(self.cluster.in_use())
        return self

    def __exit__(self, *trouble: object) -> None:
        for name in list(self.processes):
            self.end(name)
        self._stack.close()
        self.cluster.wait_until_stopped(READY_SECONDS)

    def spawn(self, *words: str, module: str = "plein.cli.main", name: str = "command") -> subprocess.Popen[bytes]:
        """Start a command; what it says goes to a file, so that it never waits for a reader."""
        environment = {key: value for key, value in os.environ.items() if key not in OF_TESTS}
        environment |= {"PLEIN_HOME": str(self.places.home), "PLEIN_PORT": str(self.port), "PLEIN_DEMO": "0"}
        self.places.create()
        with self._file(name, "out").open("wb") as out, self._file(name, "err").open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *words], cwd=ROOT, env=environment, stdout=out, stderr=said
            )
        self.processes[name] = process
        return process

    def run(self, *words: str) -> Any:
        """Carry a command out and read what it hands over."""
        assert self.spawn(*words, "--json").wait(60) == 0, self.said("command")
        return self.handed_over("command")

    def handed_over(self, name: str) -> Any:
        """The JSON that a command printed."""
        return json.loads(self._file(name, "out").read_text())

    def said(self, name: str) -> str:
        """What a process said to people, most lately."""
        return self._file(name, "err").read_text(errors="replace")[-4000:]

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Start web or worker, as the supervisor would."""
        process = self.spawn(name, name=name)
        if name == "web":
            self.wait_until(lambda: is_ready(self.port))
        return process

    def end(self, name: str) -> None:
        """Stop a process that may have ended already."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def add_user(self, email: str, workspace: str = "") -> int:
        """An owner, of a workspace of their own when it has a name; returns its number."""
        where = ("--new-workspace", workspace) if workspace else ()
        made = self.run("user", "add", email, "--role", "owner", "--language", "en", *where)
        self.links[email] = urlsplit(made["link"]).path
        return int(self.ask("SELECT workspace_id FROM trust_seat WHERE id = %s", made["seat"])[0][0])

    def visitor(self, email: str) -> Visitor:
        """Somebody in a browser, signed in by their link."""
        visitor = Visitor(self.port)
        visitor.sign_in(self.links[email])
        return visitor

    def ask(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What the database holds, whoever may see it."""
        with self.cluster.connect(DATABASE) as admin:
            return admin.execute(statement.encode(), parameters).fetchall()

    def server_pid(self) -> int:
        """The process id of the database server."""
        return int((self.cluster.data / "postmaster.pid").read_text().splitlines()[0])

    def backend_pids(self) -> list[int]:
        """The processes of the database that work for Plein just now."""
        found = self.ask("SELECT pid FROM pg_stat_activity WHERE usename = %s AND datname = %s", APP, DATABASE)
        return [row[0] for row in found]

    def stop_database_at_once(self) -> None:
        """What an immediate restart begins with: every process of the database ends without tidying up."""
        os.kill(self.server_pid(), signal.SIGQUIT)
        self.wait_until(lambda: not self.cluster.is_kept())

    def start_database(self) -> None:
        """Start it again, and wait until it has recovered."""
        self.wait_until(self._runs)

    def _runs(self) -> bool:
        self.cluster.ensure_running()
        try:
            self.ask("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def wait_until(self, condition: Callable[[], bool], seconds: float = READY_SECONDS) -> float:
        """Wait for something to become true; returns how long that took."""
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < seconds, f"it did not happen in {seconds} seconds; {self.logs()}"
            time.sleep(0.02)
        return time.monotonic() - began

    def logs(self) -> str:
        """The last words of every process, for when a trial fails."""
        return "\n".join(f"{name}: {self.said(name)}" for name in self.processes)

    def _file(self, name: str, kind: str) -> Path:
        return self.places.log / f"{name}.{kind}"


def children_of(pid: int, word: str) -> list[int]:
    """The children of a process, and theirs, with a word in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, IndexError, ValueError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if parent == pid and word in (entry / "cmdline").read_text():
                    found.append(int(entry.name))
    return found
