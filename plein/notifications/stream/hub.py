# SPDX-License-Identifier: AGPL-3.0-or-later
"""All open streams of this process, and the one connection that listens for them.

What is heard names a seat, a user or the hash of a session; the stream it concerns looks for itself what there is.
"""

import asyncio
import hashlib
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import DatabaseError, InterfaceError, connections

from plein.core.streams import at_the_desk, when_stopping
from plein.notifications.stream.passes import Pass, good

logger = logging.getLogger(__name__)
CHANNEL = "plein_live"
#: How often everybody is asked whether they may still be here, besides hearing it at once.
RECHECK_SECONDS = 15
#: The listening connection speaks this often, so that a line that died in silence is noticed.
ALIVE_SECONDS = 15
FIRST_WAIT, LONGEST_WAIT = 0.2, 5.0
MOST_STREAMS, MOST_PER_SEAT = 5000, 12


@dataclass(eq=False)
class Stream:
    """One open page. `woken` says that it should look; `is_over` that it should end."""

    holder: Pass
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False
    is_stopping: bool = False

    def wake(self) -> None:
        self.woken.set()

    def end(self) -> None:
        self.is_over = True
        self.woken.set()

    @property
    def names(self) -> tuple[str, ...]:
        """What a message may say that concerns this stream."""
        one = self.holder
        names = [f"seat {one.workspace_id} {one.seat_id}", f"user {one.user_id}"]
        return (*names, f"session {hashlib.sha256(one.session.encode()).hexdigest()}") if one.session else tuple(names)


class Hub:
    """Who is connected, by what they listen to."""

    def __init__(self) -> None:
        self.streams: dict[str, list[Stream]] = {}
        self.everybody: dict[Stream, None] = {}
        self.tasks: list[asyncio.Task[None]] = []

    @property
    def is_full(self) -> bool:
        return len(self.everybody) >= MOST_STREAMS

    def add(self, stream: Stream) -> None:
        """Let a stream hear; the oldest of a seat that has too many makes room."""
        self.everybody[stream] = None
        for name in stream.names:
            self.streams.setdefault(name, []).append(stream)
        of_seat = self.streams[stream.names[0]]
        if len(of_seat) > MOST_PER_SEAT:
            of_seat[0].end()
        if not self.tasks:
            self.tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._recheck())]

    def remove(self, stream: Stream) -> None:
        """Forget a stream; with the last one the listening ends."""
        self.everybody.pop(stream, None)
        for name in stream.names:
            left = [one for one in self.streams.get(name, []) if one is not stream]
            if left:
                self.streams[name] = left
            else:
                self.streams.pop(name, None)
        if not self.everybody:
            self._rest()

    def stop(self) -> None:
        """The server stops: every stream ends now, and its page finds the next server by itself."""
        for stream in self.everybody:
            stream.is_stopping = True
            stream.end()
        self._rest()

    def _rest(self) -> None:
        for task in self.tasks:
            task.cancel()
        self.tasks = []

    def hear(self, message: str) -> None:
        """Wake the streams that a message is for."""
        for stream in self.streams.get(message, ()):
            stream.wake()

    async def _listen(self) -> None:
        wait = FIRST_WAIT
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True) as line:
                    await line.execute(f"LISTEN {CHANNEL}")
                    wait = FIRST_WAIT
                    # What was said while nobody listened is made up for.
                    for stream in self.everybody:
                        stream.wake()
                    while True:
                        async for notice in line.notifies(timeout=ALIVE_SECONDS):
                            self.hear(notice.payload)
                        await line.execute("SELECT 1")
            except (psycopg.Error, OSError) as trouble:
                logger.info("listening again in %s s: %s", wait, type(trouble).__name__)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _recheck(self) -> None:
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            present = list(self.everybody)
            with suppress(DatabaseError, InterfaceError):
                may_stay = await at_the_desk(good, [stream.holder for stream in present])
                for stream in present:
                    if stream.holder not in may_stay:
                        stream.end()


def _parameters() -> dict[str, Any]:
    parameters = dict(connections["default"].get_connection_params())
    for name in ("context", "cursor_factory"):
        parameters.pop(name, None)
    return parameters


hub = Hub()
when_stopping(hub.stop)
