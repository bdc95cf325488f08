# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real web server in front of the test database, for tests that speak HTTP or drive a browser."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from plein.operate.places import OWNER, places
from plein.testing.database import TestDatabase
from plein.testing.home import ROOT

START_SECONDS = 30


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def wait_for(process: subprocess.Popen[bytes], url: str, log: Path | None = None) -> None:
    """Wait until a server answers, or say what it wrote."""
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit and process.poll() is None:
        try:
            with urlopen(f"{url}/healthz", timeout=2):  # noqa: S310 — our own address
                return
        except (URLError, OSError):
            time.sleep(0.1)
    written = log.read_text(errors="replace")[-3000:] if log else ""
    raise RuntimeError(f"the test server did not answer:\n{written}")


@pytest.fixture(scope="session")
def server_process(test_database: TestDatabase, django_db_setup: None) -> Iterator[str]:
    """One web process for the whole run; its base URL."""
    del django_db_setup
    port = free_port()
    url = f"http://localhost:{port}"
    environment = os.environ | {
        "DATABASE_URL": test_database.url(),
        "DATABASE_OWNER_URL": test_database.url(OWNER),
        "PLEIN_PORT": str(port),
        "PLEIN_URL": url,
        # A pool would need a second to notice that its database was renewed.
        "PLEIN_POOL": "0",
    }
    log = places().log / "test-server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "plein.cli.main", "web"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    try:
        wait_for(process, url, log)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
def server(server_process: str, transactional_db: None) -> str:
    """The base URL of a server that sees what the test writes; the database is fresh again after the test."""
    del transactional_db
    return server_process
