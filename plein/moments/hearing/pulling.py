# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes what a connector hears in batches, while whoever stores them shows a sign of life."""

import queue
import threading
from collections.abc import Callable, Generator, Iterator

from plein.channels.base import Cursor, Entry, Message
from plein.channels.live import Heard
from plein.moments.intake.ahead import ADDRESSES, BYTES, MESSAGES

#: So long nothing may come before what is there is stored, in seconds.
PATIENCE = 1.0
#: So often whoever stores says that it lives.
BEAT = 5.0
#: So many entries of calendars and address books are a batch; of the cards of a first visit, which are mostly new and
#: written together, so many.
ENTRIES, FIRST_CARDS = 40, 200

type Batch = tuple[Cursor, list[Heard]]


class _End:
    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class Pull:
    """What a connector hears, read by a thread of its own; what it raises is raised after what came before it."""

    def __init__(
        self, source: Iterator[tuple[Cursor, Heard | None]], beat: Callable[[], None], *, is_first: bool = False
    ) -> None:
        self._source, self._beat = source, beat
        self._cards = FIRST_CARDS if is_first else ENTRIES
        self._ready: queue.Queue[tuple[Cursor, Heard | None] | _End] = queue.Queue(maxsize=2 * MESSAGES)
        self._stop = threading.Event()

    def batches(self) -> Generator[Batch]:
        """Batches by number and size, or of what there is when nothing comes for a moment."""
        reader = threading.Thread(target=self._read, name="connection", daemon=True)
        reader.start()
        try:
            yield from self._batches()
        finally:
            self._stop.set()
            reader.join(timeout=10)

    def _batches(self) -> Generator[Batch]:
        batch = _Batch(self._cards)
        while True:
            found = self._next(is_waiting=batch.is_begun)
            if isinstance(found, tuple):
                batch.add(*found)
            if batch.is_begun and (not isinstance(found, tuple) or batch.is_full):
                yield batch.cursor, batch.items
                batch = _Batch(self._cards)
            if isinstance(found, _End):
                if found.error is not None:
                    raise found.error
                return

    def _next(self, *, is_waiting: bool) -> tuple[Cursor, Heard | None] | _End | None:
        """The next thing, None when nothing comes soon and something waits to be stored."""
        while True:
            try:
                return self._ready.get(timeout=PATIENCE if is_waiting else BEAT)
            except queue.Empty:
                if is_waiting:
                    return None
                self._beat()

    def _read(self) -> None:
        end = _End()
        try:
            for pair in self._source:
                if not self._put(pair):
                    return
        except BaseException as error:  # whatever it is, it is raised where the batches are wanted
            end = _End(error)
        finally:
            close = getattr(self._source, "close", None)
            if close is not None:
                close()
            self._put(end)

    def _put(self, what: tuple[Cursor, Heard | None] | _End) -> bool:
        while not self._stop.is_set():
            try:
                self._ready.put(what, timeout=0.2)
            except queue.Full:
                continue
            return True
        return False


class _Batch:
    def __init__(self, cards: int) -> None:
        self._cards = cards
        self.cursor: Cursor = ""
        self.items: list[Heard] = []
        self.is_begun = False
        self._size = self._addresses = 0

    def add(self, cursor: Cursor, item: Heard | None) -> None:
        self.cursor, self.is_begun = cursor, True
        if item is None:
            return
        self.items.append(item)
        if isinstance(item, Message):
            self._size += len(item.text) + len(item.html)
            self._addresses += len(item.addresses)
        elif isinstance(item, Entry):
            # What is written by itself is kept after some dozens.
            self._addresses += ADDRESSES // (self._cards if item.kind == "card" else ENTRIES)
            self._size += len(item.text)

    @property
    def is_full(self) -> bool:
        return len(self.items) >= MESSAGES or self._size >= BYTES or self._addresses >= ADDRESSES
