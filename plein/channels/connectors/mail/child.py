# SPDX-License-Identifier: AGPL-3.0-or-later
"""The process that opens foreign mail, within limits it cannot pass; started by reader.py, never by hand."""

import json
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plein.channels.base import Header, Message, Unreadable
from plein.channels.connectors.mail.charsets import clean
from plein.channels.connectors.mail.frames import pack, to_json
from plein.channels.connectors.mail.limits import Limits, NotAMailbox
from plein.channels.connectors.mail.parse import parse_header, parse_message
from plein.channels.connectors.mail.raw import Raw
from plein.channels.connectors.mail.spool import keep
from plein.channels.connectors.mail.stores import read_pieces, read_store

_HEARTBEAT_SECONDS = 2.0


class _Out:
    """Writes frames; a full pipe makes this process wait, which is what keeps memory small."""

    def __init__(self) -> None:
        # Whatever else prints must not end up between the frames.
        self._pipe = os.dup(1)
        os.dup2(2, 1)
        self._last = time.monotonic()

    def send(self, kind: str, body: object) -> None:
        view = memoryview(pack(kind, body))
        while view:
            view = view[os.write(self._pipe, view) :]
        self._last = time.monotonic()

    def tick(self) -> None:
        if time.monotonic() - self._last > _HEARTBEAT_SECONDS:
            self.send("alive", None)


def unreadable(raw: Raw, reason: str, spool: Path | None) -> Unreadable:
    """Return the record of a mail that was not read; its bytes are kept if there are any."""
    digest = keep(spool, raw.data) if spool is not None and raw.data else ""
    return Unreadable(raw.folder, raw.position, reason, digest, raw.size)


def read_one(raw: Raw, spool: Path | None, limits: Limits, *, headers_only: bool) -> Message | Header | Unreadable:
    """Read one mail; whatever is wrong with it becomes a record of its own, never an exception."""
    if raw.problem:
        return unreadable(raw, raw.problem, spool)
    try:
        return parse_header(raw, limits) if headers_only else parse_message(raw, spool, limits)
    except MemoryError:
        return unreadable(raw, "The message needs more memory than reading may use.", spool)
    except OSError:
        # A full disk is not the fault of the message: the import must stop here and go on later.
        raise
    except Exception as error:  # a foreign file must never stop the import
        what = clean(f"{type(error).__name__}: {error}")[:200]
        return unreadable(raw, f"The message could not be understood ({what}).", spool)


def _read_all(order: dict[str, Any], out: _Out) -> None:
    limits = Limits(**order["limits"])
    spool = Path(order["spool"]) if order["spool"] else None
    skip_reason = order["skip_reason"]
    headers_only = bool(order["headers_only"])
    path, cursor, pieces_of = Path(order["path"]), order["cursor"], order["pieces_of"]
    items: Iterator[Raw] = (
        read_pieces(path, str(pieces_of[0]), str(pieces_of[1]), cursor, limits)
        if pieces_of
        else read_store(path, cursor, limits, out.tick)
    )
    for raw in items:
        if skip_reason:
            item: Message | Header | Unreadable = unreadable(raw, skip_reason, spool)
            skip_reason = ""
        else:
            # SIGPROF is not caught: the kernel ends this process, wherever it hangs.
            signal.setitimer(signal.ITIMER_PROF, limits.seconds_per_message)
            item = read_one(raw, spool, limits, headers_only=headers_only)
            signal.setitimer(signal.ITIMER_PROF, 0)
        kind, body = to_json(item)
        out.send(kind, (raw.cursor, body))


def main() -> int:
    """Read the order from standard input, answer with frames on standard output."""
    order = json.load(sys.stdin)
    memory = int(order["limits"]["memory"])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    out = _Out()
    try:
        _read_all(order, out)
    except NotAMailbox as error:
        out.send("refused", (type(error).__name__, clean(str(error))))
        return 0
    except BrokenPipeError:
        return 0
    except OSError as error:
        out.send("failed", clean(f"{error.strerror or error}"))
        return 0
    out.send("end", None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
