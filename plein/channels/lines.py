# SPDX-License-Identifier: AGPL-3.0-or-later
"""A line to another machine that watches the clock: whoever sends one byte a minute does not keep us waiting."""

import io
from socket import socket
from time import monotonic
from typing import Any


class TooSlow(TimeoutError):
    """The time for all of it together is over."""


class Line:
    """A socket as `http.client` uses one, with one moment by which everything must be over."""

    def __init__(self, plug: socket) -> None:
        self.plug = plug
        self.until = 0.0
        self._holders = 1

    def _hurry(self) -> None:
        left = self.until - monotonic()
        if left <= 0:
            raise TooSlow
        self.plug.settimeout(left)

    def getpeername(self) -> Any:
        """Who is at the other end."""
        return self.plug.getpeername()

    def sendall(self, data: Any) -> None:
        """Send all of it, or be too slow."""
        self._hurry()
        try:
            self.plug.sendall(data)
        except TimeoutError as trouble:
            raise TooSlow from trouble

    def makefile(self, mode: str) -> io.BufferedReader:
        """What reads the answer; it may go on when the line itself was let go."""
        self._holders += 1
        return io.BufferedReader(_Reader(self))

    def receive_into(self, buffer: Any) -> int:
        """Read what is there, waiting no longer than may be."""
        self._hurry()
        try:
            return self.plug.recv_into(buffer)
        except TimeoutError as trouble:
            raise TooSlow from trouble

    def close(self) -> None:
        """Let go; the last who does hangs up."""
        self._holders -= 1
        if self._holders <= 0:
            self.plug.close()


class _Reader(io.RawIOBase):
    def __init__(self, line: Line) -> None:
        self.line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self.line.receive_into(buffer)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self.line.close()
