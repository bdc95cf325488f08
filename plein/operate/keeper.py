# SPDX-License-Identifier: AGPL-3.0-or-later
"""The small process that keeps one database server: its parent, which stops it when nobody uses it any more.

Everybody who uses the database holds a shared lock on one file. The keeper waits for the exclusive lock: when it gets
that, the last user has gone, however it went, and the keeper stops the server. When the keeper itself is killed, the
kernel tells the server to stop.
"""

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import IO

from plein.operate.identity import Identity
from plein.operate.places import socket_folder

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 10_000_000
GRACE_SECONDS = 20


def die_with_parent(signum: int) -> None:
    """Asks the kernel to send this process `signum` when its parent is gone. For the time between fork and exec."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signum, 0, 0, 0)


def _server(programs: Path, cluster: Path, log: Path, identity: Identity) -> subprocess.Popen[bytes]:
    become = identity.become()

    def prepare() -> None:
        if become:
            become()
        # After becoming: changing one's identity makes the kernel forget this wish.
        die_with_parent(signal.SIGINT)

    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_name(f"{log.name}.1"))
    with log.open("ab") as output:
        return subprocess.Popen(
            [programs / "postgres", "-D", cluster / "data"],
            preexec_fn=prepare,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stops the server: first kindly, then without waiting for its clients, never by losing data."""
    for signum in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            server.send_signal(signum)
        try:
            server.wait(timeout=GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return


def _when_unused(users: Path, then: Callable[[], None]) -> None:
    with users.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        then()
        # Held until this process ends: whoever comes now waits, then starts the server anew.
        threading.Event().wait()


def _claim(file: IO[str]) -> bool:
    # Not at the first refusal: somebody may be looking, for an instant, whether there is a keeper.
    limit = time.monotonic() + 2
    while time.monotonic() < limit:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.01)
        else:
            return True
    return False


def main(arguments: list[str]) -> int:
    """Keeps the server of one cluster until it ends or nobody needs it."""
    programs, cluster, log, identity = Path(arguments[0]), Path(arguments[1]), Path(arguments[2]), arguments[3]
    with (cluster / "keeper.lock").open("a") as mine:
        if not _claim(mine):
            return 0
        server = _server(programs, cluster, log, Identity(identity))

        def end(signum: int, frame: FrameType | None) -> None:
            del signum, frame
            with contextlib.suppress(ProcessLookupError):
                server.send_signal(signal.SIGINT)

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        watcher = threading.Thread(
            target=_when_unused, args=(cluster / "users.lock", lambda: stop(server)), daemon=True
        )
        watcher.start()
        code = server.wait()
        if (elsewhere := socket_folder(cluster)).parent != cluster:
            with contextlib.suppress(OSError):
                elsewhere.rmdir()
        return code


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main(sys.argv[1:]))
