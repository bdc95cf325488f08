# SPDX-License-Identifier: AGPL-3.0-or-later
"""The process that opens foreign archives, within limits it cannot pass; started by reader.py, never by hand."""

import json
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from plein.channels.connectors.archives.frames import pack, to_json
from plein.channels.connectors.archives.kinds import items_of, source_of
from plein.channels.connectors.archives.limits import Limits, NotAnArchive
from plein.channels.connectors.archives.look import look_at
from plein.channels.connectors.archives.making import Item
from plein.channels.connectors.archives.settings import Settings
from plein.channels.connectors.archives.store import open_store
from plein.channels.connectors.mail.charsets import clean

_HEARTBEAT_SECONDS = 2.0
_PIECE = 64 * 1024


class Out:
    """Writes frames; a full pipe makes this process wait, which is what keeps memory small."""

    def __init__(self) -> None:
        # Whatever else prints must not end up between the frames.
        self._pipe = os.dup(1)
        os.dup2(2, 1)
        self._held = bytearray()
        self._last = time.monotonic()

    def send(self, kind: str, value: object) -> None:
        """Send something, together with what follows it when that is soon."""
        self._held += pack(kind, value)
        if len(self._held) >= _PIECE or kind not in ("item",):
            self.flush()

    def flush(self) -> None:
        """Send what is held."""
        view = memoryview(bytes(self._held))
        self._held.clear()
        while view:
            view = view[os.write(self._pipe, view) :]
        self._last = time.monotonic()

    def tick(self) -> None:
        """Show that this process lives."""
        if time.monotonic() - self._last > _HEARTBEAT_SECONDS:
            self.send("alive", None)


def _watched(items: Iterator[Item], limits: Limits) -> Iterator[Item]:
    """The same items; one that takes too much time ends this process, wherever it hangs."""
    while True:
        signal.setitimer(signal.ITIMER_PROF, limits.seconds_per_item)
        item = next(items, None)
        signal.setitimer(signal.ITIMER_PROF, 0)
        if item is None:
            return
        yield item


def _beating(items: Iterator[Item], out: Out) -> Iterator[Item]:
    for item in items:
        out.tick()
        yield item


def work(order: dict[str, Any], out: Out) -> None:
    """Read an archive and send what is in it, from the item after ``after`` on; or only what it comes to."""
    limits = Limits(**order["limits"])
    with open_store(Path(order["path"]), limits, out.tick) as store:
        source = source_of(store, Settings(**order["settings"]))
        items = _watched(items_of(source), limits)
        if order["only_look"]:
            out.send("look", asdict(look_at(source.kind, source.owner, _beating(items, out))))
            return
        for number, item in enumerate(items, start=1):
            if number > order["after"]:
                kind, fields = to_json(item)
                out.send("item", (number, kind, fields))
            else:
                out.tick()


def main() -> int:
    """Read the order from standard input, answer with frames on standard output."""
    order = json.load(sys.stdin)
    memory = int(order["limits"]["memory"])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    out = Out()
    try:
        work(order, out)
    except NotAnArchive as error:
        out.send("refused", clean(str(error)))
    except BrokenPipeError:
        return 0
    except MemoryError:
        out.send("failed", "The archive needs more memory than reading may use.")
    except OSError as error:
        out.send("failed", clean(f"Reading stopped: {error.strerror or error}."))
    except Exception as error:  # a foreign file must end in a sentence, whatever is wrong with it
        out.send("refused", clean(f"The archive could not be understood ({type(error).__name__}: {error})")[:300] + ".")
    else:
        out.send("end", None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
