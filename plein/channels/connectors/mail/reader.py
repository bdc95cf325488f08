# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a mail store in a process of its own, so that no file can crash, fill or hang the one that imports.

The parent holds one message at a time. When the child dies over a message, that message is reported as unreadable and
a new child goes on after it. A child that was killed by somebody else, the kernel for instance, first gets a successor
that tries the same message again: a message is given up only when it ends two of them.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

import plein
from plein.channels.base import Cursor, Header, Message, Unreadable
from plein.channels.connectors.mail.frames import AT_MOST_FRAME, LENGTH, Item, from_json, unpack
from plein.channels.connectors.mail.limits import Limits, NotAMailbox, ReaderFailed, RefusedArchive

_SILENCE_SECONDS = 120.0
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
_PIPE_READ = 256 * 1024


def read_messages(
    path: Path | str, *, spool: Path, cursor: Cursor | None = None, limits: Limits | None = None
) -> Iterator[tuple[Cursor, Message | Unreadable]]:
    """Yield every mail of a store with the cursor that resumes after it; files are left in ``spool``.

    Raise NotAMailbox when there is no mail at all, RefusedArchive for a bomb, ReaderFailed when reading cannot go on.
    """
    spool.mkdir(parents=True, exist_ok=True)
    for place, item in _read(Path(path), spool, cursor, limits or Limits(), headers_only=False):
        yield place, cast(Message | Unreadable, item)


def read_pieces(
    path: Path, *, folder: str, mailbox: str, spool: Path, limits: Limits | None = None
) -> Generator[tuple[int, Message | Unreadable]]:
    """Yield the messages of one folder of an account, each a file named by its number there, in that order.

    Every file is one message, whatever its bytes look like. Raise ReaderFailed when reading cannot go on.
    """
    for place, item in _read(path, spool, None, limits or Limits(), headers_only=False, pieces_of=(folder, mailbox)):
        yield int(place), cast(Message | Unreadable, item)


def scan_headers(
    path: Path | str, *, cursor: Cursor | None = None, limits: Limits | None = None
) -> Iterator[tuple[Cursor, Header | Unreadable]]:
    """Yield only the headers of every mail: the fast pass for a preview. Nothing is written to disk."""
    for place, item in _read(Path(path), None, cursor, limits or Limits(), headers_only=True):
        yield place, cast(Header | Unreadable, item)


def _read(
    path: Path,
    spool: Path | None,
    cursor: Cursor | None,
    limits: Limits,
    *,
    headers_only: bool,
    pieces_of: tuple[str, str] | None = None,
) -> Iterator[tuple[Cursor, Item]]:
    skip_reason = ""
    is_second_try = False
    while True:
        progressed = False
        order = {
            "path": str(path.resolve()),
            "spool": str(spool.resolve()) if spool else "",
            "cursor": cursor,
            "limits": asdict(limits),
            "headers_only": headers_only,
            "skip_reason": skip_reason,
            "pieces_of": pieces_of,
        }
        with _Child(order) as child:
            for place, item in child.items():
                cursor, progressed = place, True
                yield place, item
            if child.finished:
                return
            reason = child.end_in_words(limits)
        if skip_reason and not progressed:
            raise ReaderFailed(f"Reading {path.name!r} stopped twice at the same place. {reason}")
        is_second_try = child.was_killed() and (progressed or not is_second_try)
        skip_reason = "" if is_second_try else reason


class _Child:
    """One run of the reading process."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.finished = False
        self._silent = False
        root = str(Path(plein.__file__).resolve().parent.parent)
        # The process that opens foreign files knows no passwords: it gets no more than it needs to start.
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        environment |= {"PYTHONPATH": root, "PYTHONSAFEPATH": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "plein.channels.connectors.mail.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self._orders = cast(IO[bytes], self._process.stdin)
        self._answers = cast(IO[bytes], self._process.stdout)
        # A child that dies at once is noticed when its answers are read.
        with suppress(BrokenPipeError), self._orders:
            self._orders.write(json.dumps(order).encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._answers.close()

    def items(self) -> Iterator[tuple[Cursor, Item]]:
        """Yield what the child finds until it says it is done, or dies."""
        for payload in self._frames():
            kind, body = unpack(payload)
            if kind in ("message", "header", "unreadable"):
                yield str(body[0]), from_json(kind, body[1])
            elif kind == "end":
                self.finished = True
                return
            elif kind == "refused":
                name, sentence = body
                raise RefusedArchive(sentence) if name == "RefusedArchive" else NotAMailbox(sentence)
            elif kind == "failed":
                raise ReaderFailed(f"Reading stopped: {body}.")

    def _frames(self) -> Iterator[bytes]:
        buffer = bytearray()
        at = 0
        with selectors.DefaultSelector() as selector:
            selector.register(self._answers, selectors.EVENT_READ)
            while True:
                if len(buffer) - at >= LENGTH.size:
                    length = LENGTH.unpack_from(buffer, at)[0]
                    if length > AT_MOST_FRAME:
                        return
                    if len(buffer) - at - LENGTH.size >= length:
                        start = at + LENGTH.size
                        at = start + length
                        yield bytes(memoryview(buffer)[start:at])
                        continue
                del buffer[:at]
                at = 0
                if not selector.select(_SILENCE_SECONDS):
                    self._silent = True
                    return
                chunk = os.read(self._answers.fileno(), _PIPE_READ)
                if not chunk:
                    return
                buffer += chunk

    def was_killed(self) -> bool:
        """Tell whether somebody else ended it, so that the message in hand need not be to blame."""
        code = self._process.wait()
        return not self._silent and code < 0 and code != -signal.SIGPROF

    def end_in_words(self, limits: Limits) -> str:
        """Say, as a sentence about the message in hand, why the child ended too early."""
        if self._silent:
            return "Reading the message took too long: it was skipped."
        code = self._process.wait()
        if code == -signal.SIGPROF:
            return f"Reading the message took more than {limits.seconds_per_message:g} seconds: it was skipped."
        if code < 0:
            return f"Reading the message ended with {signal.Signals(-code).name}: it was skipped."
        return "Reading the message failed: it was skipped."
