# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the next pieces of a long piece of work in a thread, while the database writes the last ones.

What is made there must ask nothing of the database: its connection belongs to the thread that writes.
"""

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator

_AHEAD = 2
#: How long whoever makes pieces steps aside for whoever writes them, in seconds. Between two short statements a writer
#: waits for the interpreter; without this, each time until it is taken from the maker, which is after 5 ms.
_ASIDE = 0.000_05


class _Failed:
    def __init__(self, error: BaseException) -> None:
        self.error = error


class _Handing[Piece]:
    """Hands pieces from the thread that makes them to the one that wants them, a few at most at a time."""

    def __init__(self) -> None:
        self.ready: queue.Queue[Piece | _Failed | None] = queue.Queue(maxsize=_AHEAD)
        self.stop = threading.Event()

    def put(self, what: Piece | _Failed | None) -> bool:
        """Hand something over; whether anybody still wants it."""
        while not self.stop.is_set():
            try:
                self.ready.put(what, timeout=0.2)
            except queue.Full:
                continue
            return True
        return False

    def make(self, pieces: Iterator[Piece], close: Callable[[], object]) -> None:
        """Hand all of them over, and what goes wrong as well."""
        try:
            for piece in pieces:
                if not self.put(piece):
                    return
            self.put(None)
        except BaseException as error:  # whatever it is, it is raised where the pieces are wanted
            self.put(_Failed(error))
        finally:
            close()


def stepping_aside[Piece](pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The same pieces; before each of them the thread that makes them lets the others go first."""
    for piece in pieces:
        time.sleep(_ASIDE)
        yield piece


def made_ahead[Piece](pieces: Iterator[Piece], close: Callable[[], object], *, name: str) -> Generator[Piece]:
    """The same pieces, made by a thread of its own; what it raises is raised here. `close` ends it, in that thread."""
    handing: _Handing[Piece] = _Handing()
    maker = threading.Thread(target=handing.make, args=(pieces, close), name=name, daemon=True)
    maker.start()
    try:
        while True:
            found = handing.ready.get()
            if found is None:
                return
            if isinstance(found, _Failed):
                raise found.error
            yield found
    finally:
        handing.stop.set()
        maker.join(timeout=10)
