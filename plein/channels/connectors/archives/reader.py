# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads an archive in a process of its own, so that no file can crash, fill or hang the one that brings it in."""

import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, cast

import plein
from plein.channels.base import Cursor
from plein.channels.connectors.archives.frames import AT_MOST_FRAME, LENGTH, from_json
from plein.channels.connectors.archives.limits import ArchiveFailed, Limits, NotAnArchive
from plein.channels.connectors.archives.look import Look, look_from
from plein.channels.connectors.archives.making import Item
from plein.channels.connectors.archives.settings import Settings

_SILENCE_SECONDS = 120.0
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
_PIPE_READ = 256 * 1024


def read_archive(
    path: Path | str, *, settings: Settings | None = None, cursor: Cursor | None = None, limits: Limits | None = None
) -> Generator[tuple[Cursor, Item]]:
    """Yield everything in an archive with the cursor that goes on after it.

    Raise NotAnArchive when it is none, or one that was made to do harm; ArchiveFailed when reading cannot go on.
    """
    order = _order(path, settings, limits) | {"after": int(cursor) if cursor else 0}
    for kind, value in _answers(order):
        if kind == "item":
            number, what, fields = value
            yield str(number), from_json(what, fields)


def look_into(
    path: Path | str,
    *,
    settings: Settings | None = None,
    limits: Limits | None = None,
    on_beat: Callable[[], None] = lambda: None,
) -> Look:
    """Look what is in an archive and whose it is; nothing is kept. `on_beat` is called now and then meanwhile."""
    order = _order(path, settings, limits) | {"only_look": True}
    for kind, value in _answers(order):
        if kind == "look":
            return look_from(value)
        on_beat()
    raise ArchiveFailed("Reading the archive ended without an answer.")


def _order(path: Path | str, settings: Settings | None, limits: Limits | None) -> dict[str, Any]:
    return {
        "path": str(Path(path).resolve()),
        "settings": (settings or Settings()).model_dump(),
        "limits": asdict(limits or Limits()),
        "after": 0,
        "only_look": False,
    }


def _answers(order: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    with _child(order) as process:
        for payload in _frames(cast(IO[bytes], process.stdout)):
            kind, value = json.loads(payload)
            if kind == "end":
                return
            if kind == "refused":
                raise NotAnArchive(value)
            if kind == "failed":
                raise ArchiveFailed(value)
            yield kind, value
            if kind == "look":
                return
        process.kill()
        code = process.wait()
    if code == -signal.SIGPROF:
        raise ArchiveFailed("Reading one item of the archive took too long: it was given up.")
    raise ArchiveFailed("Reading the archive ended early. Nothing is lost: try again, or download it anew.")


@contextmanager
def _child(order: dict[str, Any]) -> Iterator[subprocess.Popen[bytes]]:
    root = str(Path(plein.__file__).resolve().parent.parent)
    # The process that opens foreign files knows no passwords: it gets no more than it needs to start.
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    environment |= {"PYTHONPATH": root, "PYTHONSAFEPATH": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "plein.channels.connectors.archives.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    orders = cast(IO[bytes], process.stdin)
    try:
        # A child that dies at once is noticed when its answers are read.
        with suppress(BrokenPipeError), orders:
            orders.write(json.dumps(order).encode())
        yield process
    finally:
        process.kill()
        process.wait()
        cast(IO[bytes], process.stdout).close()


def _frames(answers: IO[bytes]) -> Iterator[bytes]:
    buffer = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(answers, selectors.EVENT_READ)
        while True:
            at = 0
            while len(buffer) - at >= LENGTH.size:
                length = LENGTH.unpack_from(buffer, at)[0]
                start = at + LENGTH.size
                if length > AT_MOST_FRAME or len(buffer) - start < length:
                    break
                at = start + length
                yield bytes(memoryview(buffer)[start:at])
            del buffer[:at]
            if not selector.select(_SILENCE_SECONDS):
                return
            chunk = os.read(answers.fileno(), _PIPE_READ)
            if not chunk:
                return
            buffer += chunk
