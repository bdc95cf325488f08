# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads the next messages while the database writes the last ones."""

from collections.abc import Generator, Iterator

from plein.channels.base import Cursor, Message, Unreadable
from plein.core.ahead import made_ahead

#: A batch ends at any of these.
MESSAGES, BYTES, ADDRESSES = 300, 6 * 1024 * 1024, 6_000

type Item = Message | Unreadable
type Batch = tuple[Cursor, list[Item]]


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

    def close() -> None:
        end = getattr(source, "close", None)
        if end is not None:
            end()

    yield from made_ahead(in_batches(source, at_once), close, name="mail reader")
