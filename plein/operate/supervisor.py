# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plein's process tree: the database, the web server and the worker, watched, restarted and stopped together."""

import contextlib
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from plein.operate.cluster import Cluster, ClusterTrouble
from plein.operate.keeper import die_with_parent
from plein.operate.places import Places

LOCAL = "127.0.0.1"
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
STEADY_SECONDS = 60
STOP_SECONDS = 10
READY_SECONDS = 60
Say = Callable[[str], None]


class AlreadyRunning(Exception):
    """Another Plein runs from the same folder, or something else has its port."""


def refuse_busy_port(port: int, host: str = LOCAL) -> None:
    """Raises AlreadyRunning when somebody listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise AlreadyRunning(f"Port {port} may not be used here; set PLEIN_PORT to a number above 1023.") from error
        except OSError as error:
            raise AlreadyRunning(
                f"Port {port} is taken by another program; set PLEIN_PORT to a free one, for example "
                f"PLEIN_PORT={port + 1} make run."
            ) from error


@contextlib.contextmanager
def alone(places: Places, address: str) -> Iterator[None]:
    """Makes sure that one supervisor works in one folder; says who the other is."""
    with (places.run / "supervisor.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            other = file.read().strip() or "another process"
            raise AlreadyRunning(f"Plein runs already from {places.home} ({other}).") from None
        file.seek(0)
        file.truncate()
        file.write(f"process {os.getpid()}, {address}\n")
        file.flush()
        yield
        file.truncate(0)


def is_ready(port: int) -> bool:
    """Whether the web server says that everything is ready."""
    asking = http.client.HTTPConnection(LOCAL, port, timeout=5)
    try:
        asking.request("GET", "/healthz")
        return asking.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


@dataclass
class Child:
    """One process that must run."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = 0.0
    due: float = 0.0

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=_die_with_supervisor,
                # Ctrl-C goes to the supervisor only, which stops the others in order.
                start_new_session=True,
            )
        self.started = time.monotonic()

    def watch(self, say: Say) -> None:
        """Starts the process when it is due, and plans its return when it has died: later each time it dies young."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.process = None
        self.wait = (
            FIRST_WAIT if now - self.started > STEADY_SECONDS else min(LONGEST_WAIT, max(FIRST_WAIT, self.wait * 2))
        )
        self.due = now + self.wait
        say(f"The {self.name} ended ({_ending(code)}); it starts again in {self.wait:g} s. Its log is {self.log}.")

    def end(self, signum: int) -> None:
        if self.process and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(signum)


def _die_with_supervisor() -> None:
    die_with_parent(signal.SIGTERM)


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def plein(*words: str) -> list[str]:
    """The command line of another `plein` command in this installation."""
    return [sys.executable, "-m", "plein.cli.main", *words]


class Supervisor:
    """Keeps the children and the database running until it is told to stop."""

    def __init__(self, children: list[Child], cluster: Cluster | None, say: Say) -> None:
        self.children, self.cluster, self.say = children, cluster, say
        self.stopping = threading.Event()
        self.complained = False

    def listen(self) -> None:
        """Takes Ctrl-C, a service manager's stop and a closed terminal as one wish: stop everything."""
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, self._stop)

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        del signum, frame
        self.stopping.set()

    def run(self, port: int, ready: Callable[[], None]) -> int:
        """Runs until stopped; calls `ready` once when the web server answers."""
        limit = time.monotonic() + READY_SECONDS
        told = False
        try:
            while not self.stopping.is_set():
                self._watch_database()
                for child in self.children:
                    child.watch(self.say)
                if not told and is_ready(port):
                    told = True
                    ready()
                elif not told and time.monotonic() > limit:
                    limit += READY_SECONDS
                    self.say(f"Not ready yet; see {', '.join(str(child.log) for child in self.children)}.")
                self.stopping.wait(0.5 if told else 0.05)
        finally:
            self.end()
        return 0

    def _watch_database(self) -> None:
        if self.cluster is None or self.cluster.is_kept():
            return
        try:
            if not self.complained:
                self.say("The database went away; starting it again.")
            self.cluster.ensure_running()
            self.complained = False
        except (ClusterTrouble, OSError) as trouble:
            if not self.complained:
                self.say(f"{trouble} Plein tries again by itself.")
            self.complained = True
            self.stopping.wait(LONGEST_WAIT / 6)

    def end(self) -> None:
        """Stops the children: first kindly, then for certain."""
        self.say("Stopping.")
        for child in self.children:
            child.end(signal.SIGTERM)
        limit = time.monotonic() + STOP_SECONDS
        for child in self.children:
            if child.process is None:
                continue
            try:
                child.process.wait(timeout=max(0.1, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.end(signal.SIGKILL)
                child.process.wait()
