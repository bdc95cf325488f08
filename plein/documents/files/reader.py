# SPDX-License-Identifier: AGPL-3.0-or-later
"""Has files read by a process of its own, so that none can crash, fill or hang the one that asks."""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, cast

import plein
from plein.documents.files.limits import Limits

_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")
_PIPE_READ = 256 * 1024
_LARGEST_ANSWER = 16 * 1024 * 1024
#: How much longer than its limit a file may keep us waiting on a busy machine, and how long starting may take there.
_TIMES, _STARTING = 3.0, 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one file: `read` with its words, `empty`, or `refused` with a sentence.

    `reason` is also why not all of it was read; `is_blind` that letters in a picture were not, for want of a program.
    `records` are its invoices and statements as `wire.py` writes them; `flaw` is why one in it could not be read.
    """

    state: str
    kind: str = ""
    text: str = ""
    reason: str = ""
    records: Sequence[dict[str, Any]] = ()
    flaw: str = ""
    is_blind: bool = False


def read_files(files: Sequence[tuple[Path, str]], *, limits: Limits | None = None) -> Iterator[Answer]:
    """The words of each of these files (where it is, what it is called), in their order."""
    limits = limits or Limits()
    left = list(files)
    while left:
        with _child(left, limits) as process:
            for line in _lines(cast(IO[bytes], process.stdout), _patience(limits)):
                left.pop(0)
                yield Answer(**json.loads(line))
                if not left:
                    return
            process.kill()
            code = process.wait()
        # The one it was at ended the process: the others get another one.
        left.pop(0)
        is_slow = code in (-signal.SIGPROF, -signal.SIGKILL)
        yield Answer("refused", reason=_TOO_SLOW if is_slow else _BROKE)


def _patience(limits: Limits) -> float:
    return limits.seconds * _TIMES + _STARTING + limits.looking


_TOO_SLOW = "Reading this file takes too long: it was given up."
_BROKE = "This file broke the program that reads such files. It was not read."


@contextmanager
def _child(files: Sequence[tuple[Path, str]], limits: Limits) -> Iterator[subprocess.Popen[bytes]]:
    root = str(Path(plein.__file__).resolve().parent.parent)
    # The process that opens foreign files knows no passwords: it gets no more than it needs to start.
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    environment |= {"PYTHONPATH": root, "PYTHONSAFEPATH": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "plein.documents.files.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    order: dict[str, Any] = {"limits": asdict(limits), "files": [(str(path), name) for path, name in files]}
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


def _lines(answers: IO[bytes], seconds: float) -> Iterator[bytes]:
    buffer = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(answers, selectors.EVENT_READ)
        until = time.monotonic() + seconds
        while selector.select(max(until - time.monotonic(), 0)):
            chunk = os.read(answers.fileno(), _PIPE_READ)
            if not chunk or len(buffer) > _LARGEST_ANSWER:
                return
            buffer += chunk
            while (end := buffer.find(b"\n")) >= 0:
                line = bytes(buffer[:end])
                del buffer[: end + 1]
                yield line
                until = time.monotonic() + seconds
