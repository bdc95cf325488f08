# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads the next messages while the database writes the last ones."""

import queue
import threading
from collections.abc import Generator, Iterator

from plein.channels.base import Cursor, Message, Unreadable

#: A batch ends at any of these.
MESSAGES, BYTES, ADDRESSES = 300, 6 * 1024 * 1024, 6_000
_AHEAD = 2

type Item = Message | Unreadable
type Batch = tuple[Cursor, list[Item]]


class _Failed:
    def __init__(self, error: BaseException) -> None:
        self.error = error


def in_batches(source: Iterator[tuple[Cursor, Item]], at_once: int = MESSAGES) -> Iterator[Batch]:
    """Group messages by number, size and recipients; each group with the cursor after it."""
    items: list[Item] = []
    size = addresses = 0
    cursor = ""
    for cursor, item in source:
        items.append(item)
        if isinstance(item, Message):
            size += len(item.text) + len(item.html)
            addresses += len(item.addresses)
        if len(items) >= at_once or size >= BYTES or addresses >= ADDRESSES:
            yield cursor, items
            items, size, addresses = [], 0, 0
    if items:
        yield cursor, items


def read_ahead(source: Iterator[tuple[Cursor, Item]], at_once: int = MESSAGES) -> Generator[Batch]:
    """The same batches, read by a thread of its own; what it raises is raised here. Closing it ends the reading."""
    ready: queue.Queue[Batch | _Failed | None] = queue.Queue(maxsize=_AHEAD)
    stop = threading.Event()

    def read() -> None:
        try:
            for batch in in_batches(source, at_once):
                if not _put(ready, batch, stop):
                    return
            _put(ready, None, stop)
        except BaseException as error:  # whatever it is, it is raised where the batches are wanted
            _put(ready, _Failed(error), stop)
        finally:
            close = getattr(source, "close", None)
            if close is not None:
                close()

    reader = threading.Thread(target=read, name="mail reader", daemon=True)
    reader.start()
    try:
        while True:
            found = ready.get()
            if found is None:
                return
            if isinstance(found, _Failed):
                raise found.error
            yield found
    finally:
        stop.set()
        reader.join(timeout=10)


def _put(ready: "queue.Queue[Batch | _Failed | None]", what: "Batch | _Failed | None", stop: threading.Event) -> bool:
    while not stop.is_set():
        try:
            ready.put(what, timeout=0.2)
        except queue.Full:
            continue
        return True
    return False
