# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody who listens to a stream, as a browser does, in a thread of its own."""

import http.client
import json
import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client

from plein.core.isolation import no_workspace


class Listener:
    """One open stream: what it said, and when it ended."""

    def __init__(
        self,
        server: str,
        client: Client | None = None,
        *,
        path: str = "/notifications/stream",
        last: str = "",
        token: str = "",
    ) -> None:
        parts = urlsplit(server)
        self.line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        headers = {"Accept": "text/event-stream"}
        if client is not None:
            with no_workspace("test"):
                cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            headers["Cookie"] = f"{settings.SESSION_COOKIE_NAME}={cookie}"
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self.line.request("GET", path, headers=headers | ({"Last-Event-ID": last} if last else {}))
        self.plug = self.line.sock
        self.answer = self.line.getresponse()
        self.events: queue.Queue[dict[str, Any]] = queue.Queue()
        self.ended = threading.Event()
        self.goodbye = False
        self.last_id = ""
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def close(self) -> None:
        """Leave, as a page that is closed."""
        with suppress(OSError):
            self.plug.shutdown(socket.SHUT_RDWR)
        self.reader.join(5)
        self.answer.close()
        self.line.close()

    def _read(self) -> None:
        name = ""
        try:
            while raw := self.answer.readline():
                line = raw.decode().rstrip("\n")
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                self._hear(line, name)
                if not line:
                    name = ""
        except (OSError, http.client.HTTPException, ValueError):
            # The other side went away in the middle: that is an end, too.
            name = ""
        finally:
            self.ended.set()

    def _hear(self, line: str, name: str) -> None:
        if line.startswith("id: "):
            self.last_id = line.removeprefix("id: ")
        if line.startswith("data: ") and name == "end":
            self.goodbye = True
        elif line.startswith("data: "):
            self.events.put(json.loads(line.removeprefix("data: ")))

    def next(self, seconds: float = 10) -> dict[str, Any]:
        """The next thing that is said."""
        return self.events.get(timeout=seconds)

    def fresh(self, seconds: float = 10) -> list[str]:
        """The sentences of the next news."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            try:
                event = self.next(max(0.05, limit - time.monotonic()))
            except queue.Empty:
                break
            if event["fresh"]:
                return [one["text"] for one in event["fresh"]]
        return []

    def until_unread(self, count: int, seconds: float = 10) -> bool:
        """Whether so much is unread within that time."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            try:
                if self.next(max(0.05, limit - time.monotonic()))["unread"] == count:
                    return True
            except queue.Empty:
                break
        return False


@contextmanager
def listening(server: str, client: Client, **more: str) -> Iterator[Listener]:
    """A stream that is open, and has said how things stand, for as long as the block lasts."""
    listener = Listener(server, client, **more)
    try:
        yield listener
    finally:
        listener.close()
