# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brings a mailbox in while one process after another is killed with signal 9, until it is in all the same."""

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

import psycopg

from plein.operate.places import DATABASE
from plein.tests.trials.own import OwnPlein, children_of

READER = "connectors.mail.child"
#: Who may be killed: the process that writes, the one that reads for it, the database's process that works for it, and
#: the whole database server at once.
WRITER, READ, BACKEND, SERVER = "writer", "reader", "backend", "server"
PATIENCE = 900.0
_PROGRESS = """
    SELECT coalesce(max((counts->>'messages')::int) FILTER (WHERE counts->>'stage' = 'messages'), 0)
      FROM channels_mail_import WHERE workspace_id = %s
"""


@dataclass(frozen=True, order=True)
class Blow:
    """One kill: after how many messages, how much later, and of whom."""

    after: int
    later: float
    victim: str


def blows(victims: Sequence[str], messages: int, chance: random.Random) -> list[Blow]:
    """Kills spread over an import, at places nobody chose; the first ones while it still looks what is in it."""
    order = [READ, *chance.sample(victims, len(victims))]
    places = sorted(chance.randrange(0, max(1, int(messages * 0.8))) for _ in order)
    places[:2] = [0, 0]
    return [
        Blow(place, chance.uniform(0.3, 1.2) if place == 0 else chance.uniform(0, 0.25), victim)
        for place, victim in zip(places, order, strict=True)
    ]


@dataclass
class Disturbed:
    """An import that is disturbed, and what was done to it."""

    plein: OwnPlein
    workspace: int
    blows: list[Blow]
    kills: Counter[str] = field(default_factory=Counter)
    #: How far the import was at each kill.
    at: list[int] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    turns: int = 0
    _watcher: psycopg.Connection | None = field(default=None, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *trouble: object) -> None:
        if self._watcher is not None:
            self._watcher.close()

    def by_command(self, start: Callable[[], object]) -> None:
        """Type the same command again and again until it says that it is done."""
        limit = time.monotonic() + PATIENCE
        while True:
            assert time.monotonic() < limit, f"it does not get done: {self}"
            self.turns += 1
            start()
            process = self.plein.processes["command"]
            self.watch(process)
            code = process.wait()
            if code == 0:
                return
            if code != -signal.SIGKILL:
                self.sentences.append(self.plein.said("command").strip().splitlines()[-1])
                assert "Traceback" not in self.plein.said("command"), self.plein.said("command")
            self.plein.start_database()

    def watch(self, writer: subprocess.Popen[bytes], until: Callable[[], bool] = lambda: False) -> None:
        """Deal the next blows to a running writer, each when its time has come."""
        reached = time.monotonic()
        while self.blows and writer.poll() is None and not until():
            time.sleep(0.01)
            blow = self.blows[0]
            progress = self.progress()
            if progress < blow.after:
                reached = time.monotonic()
            elif time.monotonic() - reached >= blow.later and self._deal(blow.victim, writer):
                self.blows.pop(0)
                self.kills[blow.victim] += 1
                self.at.append(progress)
                reached = time.monotonic()

    def progress(self) -> int:
        """How many messages are in; nought while the database is away."""
        try:
            if self._watcher is None or self._watcher.closed:
                self._watcher = self.plein.cluster.connect(DATABASE)
            found = self._watcher.execute(_PROGRESS, [self.workspace]).fetchone()
        except psycopg.OperationalError:
            self._watcher = None
            return 0
        return int(found[0]) if found else 0

    def _deal(self, victim: str, writer: subprocess.Popen[bytes]) -> bool:
        """Kill somebody; whether there was somebody to kill."""
        if victim == WRITER:
            writer.kill()
            return writer.wait() == -signal.SIGKILL
        if victim == READ:
            return kill_one(children_of(writer.pid, READER))
        if victim == SERVER:
            self.plein.stop_database_at_once()
            self.plein.start_database()
            return True
        with suppress(psycopg.OperationalError):
            return kill_one(self.plein.backend_pids())
        return False


def kill_one(pids: list[int]) -> bool:
    """Signal 9 for the first of several; whether there was one."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            return True
    return False
