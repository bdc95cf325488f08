# SPDX-License-Identifier: AGPL-3.0-or-later
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from plein.operate.places import Places
from plein.operate.supervisor import is_ready
from plein.operate.tests.conftest import wait_until
from plein.testing.server import free_port

READY_SECONDS = 60


class Running:
    """A whole Plein in a folder of the test's own."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.process: subprocess.Popen[str] | None = None
        self.said = ""

    def command(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "plein.cli.main", *words],
            env=os.environ | {"PLEIN_HOME": str(self.home), "PLEIN_PORT": str(self.port), "PLEIN_DEMO": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def start(self) -> float:
        """Starts it, waits for its welcome, and returns how long that took."""
        begin = time.monotonic()
        self.process, self.said = self.command("run"), ""
        assert self.process.stderr
        for line in self.process.stderr:
            self.said += line
            if "Stop it with" in line or time.monotonic() - begin > READY_SECONDS:
                break
        assert "Plein runs at" in self.said, self.said + self.logs()
        return time.monotonic() - begin

    def logs(self) -> str:
        return "".join(path.read_text(errors="replace")[-2000:] for path in (self.home / "log").glob("*.log"))

    def stop(self) -> float:
        assert self.process
        begin = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=30)
        assert self.process.returncode == 0
        return time.monotonic() - begin

    def database(self) -> str:
        """The process id of the database server, as far as it says so."""
        file = Places(self.home).cluster / "data" / "postmaster.pid"
        return file.read_text().partition("\n")[0] if file.exists() else ""

    def health(self) -> dict[str, object]:
        with urlopen(f"http://localhost:{self.port}/healthz", timeout=5) as answer:  # noqa: S310 — our own address
            found: dict[str, object] = json.loads(answer.read())
            return found


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    made = Running(tmp_path / "home")
    folder = Places(made.home).cluster
    folder.mkdir(parents=True, mode=0o700)
    (folder / "own.conf").write_text("fsync = off\nshared_buffers = '32MB'\n")
    yield made
    if made.process and made.process.poll() is None:
        made.process.kill()
        made.process.communicate()


@pytest.mark.slow
def test_one_command_starts_everything_and_the_second_start_is_quick(running: Running) -> None:
    first = running.start()

    assert re.search(rf"Sign in with this link, which works once: http://localhost:{running.port}/\S+", running.said)
    assert running.health()
    assert running.stop() < 15
    assert not (Places(running.home).cluster / "data" / "postmaster.pid").exists()

    # How quick it is on which machine, `make bench` says; here the two are compared.
    assert running.start() < first
    running.stop()


@pytest.mark.slow
@pytest.mark.nightly
def test_it_recovers_from_kill_9_and_a_second_one_is_told_about_the_first(running: Running) -> None:
    running.start()
    second = running.command("run")
    _, said = second.communicate(timeout=30)

    assert second.returncode == 1
    assert "Plein runs already from" in said
    assert f"http://localhost:{running.port}" in said

    before = running.database()
    os.kill(int(before), signal.SIGKILL)
    wait_until(lambda: running.database() not in ("", before))
    wait_until(lambda: is_ready(running.port), seconds=5)

    assert running.process
    running.process.kill()
    running.process.communicate()
    running.start()
    assert running.health()
    running.stop()


def test_an_unknown_command_is_answered_with_the_known_ones(running: Running) -> None:
    asked = running.command("dance")
    _, said = asked.communicate(timeout=30)

    assert asked.returncode == 2
    assert "doctor" in said
