# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers that stay open: they live in the event loop, and share a few threads for the moments they need the database.

A request in the ordinary way keeps a thread and a connection until its last byte; a thousand open pages would keep a
thousand of each.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import sync_to_async
from django.db import close_old_connections

#: The addresses that answer with a stream.
PATHS = frozenset({"/notifications/stream", "/api/v1/notifications/stream"})
#: Streams ask one after another; a question takes a few milliseconds.
_DESK = ThreadPoolExecutor(max_workers=2, thread_name_prefix="streams")
_when_stopping: list[Callable[[], None]] = []


async def at_the_desk[**P, T](work: Callable[P, T], *arguments: P.args, **more: P.kwargs) -> T:
    """Run something that needs the database in one of the threads that streams share."""

    def asked() -> T:
        close_old_connections()
        try:
            return work(*arguments, **more)
        finally:
            # What was borrowed goes back at once: a desk that has nothing to do holds no connection.
            close_old_connections()

    return await sync_to_async(asked, thread_sensitive=False, executor=_DESK)()


def when_stopping(act: Callable[[], None]) -> None:
    """Name what ends open streams when the server stops."""
    _when_stopping.append(act)


def stop() -> None:
    """End the open streams: the server is about to wait for its last answers."""
    for act in _when_stopping:
        act()
