# SPDX-License-Identifier: AGPL-3.0-or-later
"""Servers of others that a trial starts on this machine: waiting until one is up, and asking one in JSON."""

import json
import socket
import subprocess
import time
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any

START_SECONDS = 60


def wait_until_up(
    name: str, process: "subprocess.Popen[bytes]", is_up: Callable[[], object], said: Callable[[], str]
) -> None:
    """Wait until `is_up` raises no OSError any more; raises with what the server `said` when it ended, or never is."""
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        if process.poll() is not None:
            raise RuntimeError(f"{name} did not start: {said()[-2_000:]}")
        try:
            is_up()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{name} did not answer.")


def knock(port: int) -> None:
    """Connect and hang up; raises OSError where nobody listens."""
    socket.create_connection(("127.0.0.1", port), timeout=1).close()


def ask(port: int, method: str, target: str, body: dict[str, Any] | None = None, token: str = "") -> dict[str, Any]:
    """Ask a server something in JSON, as whoever holds the token; raises when it refuses."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        connection.request(method, target, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
    finally:
        connection.close()
    if answer.status != 200:
        raise RuntimeError(f"It refuses {method} {target}: {answer.status} {text[:300]}")
    found: dict[str, Any] = json.loads(text or "{}")
    return found
