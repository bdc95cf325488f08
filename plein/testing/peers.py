# SPDX-License-Identifier: AGPL-3.0-or-later
"""Machines of others on this machine: a web server that answers as a test says, or misbehaves in nine ways."""

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Lock, Thread


@dataclass(frozen=True, slots=True)
class Request:
    """What the machine was asked."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the machine answers."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


type Behaviour = Callable[[Request], Answer]

#: The ways in which a peer misbehaves; each answers instead of the behaviour.
MODES = ("500", "429", "garbage", "truncated", "loop", "drip", "huge", "lying", "hang-up")


class Peer(ThreadingTCPServer):
    """A web server on this machine; `moods` says for the next requests in which mode each goes wrong ("" is right)."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.asked: list[Request] = []
        self.moods: list[str] = []
        self.lock = Lock()
        self.connections = 0
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def mood(self, request: Request) -> str:
        with self.lock:
            self.asked.append(request)
            return self.moods.pop(0) if self.moods else ""


class _Handler(StreamRequestHandler):
    server: Peer

    def handle(self) -> None:
        self.server.connections += 1
        with suppress(OSError):
            while request := self._request():
                mode = self.server.mood(request)
                if mode:
                    misbehave(self.request, mode)
                    return
                self._answer(self.server.behaviour(request))

    def _request(self) -> Request | None:
        first = self.rfile.readline(10_000).decode("latin-1").split()
        if len(first) != 3:
            return None
        headers: dict[str, str] = {}
        while line := self.rfile.readline(10_000).decode("latin-1").strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return Request(first[0], first[1], headers, self.rfile.read(int(headers.get("content-length", "0"))))

    def _answer(self, answer: Answer) -> None:
        self.request.sendall(head(answer.status, {"Content-Length": str(len(answer.body)), **answer.headers}))
        self.request.sendall(answer.body)


def head(status: int, headers: dict[str, str]) -> bytes:
    """The head of an answer as it goes over the line."""
    lines = [f"HTTP/1.1 {status} So", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def misbehave(line: socket.socket, mode: str) -> None:
    """Answer in one of the ways of MODES."""
    with suppress(OSError):
        _WAYS[mode](line)
        # What was not read would make the connection end before the other side has the answer.
        line.shutdown(socket.SHUT_WR)


def _drip(line: socket.socket) -> None:
    line.sendall(head(200, {"Content-Length": "100000"}))
    for _turn in range(300):
        line.sendall(b".")
        time.sleep(0.05)


def _huge(line: socket.socket) -> None:
    line.sendall(head(200, {}))
    for _turn in range(20_000):
        line.sendall(b"0" * 65_536)


@cache
def _bomb() -> bytes:
    return gzip.compress(b"0" * 20_000_000, 1)


def _lying(line: socket.socket) -> None:
    bomb = _bomb()
    line.sendall(head(200, {"Content-Encoding": "gzip", "Content-Length": str(len(bomb))}) + bomb)


_WAYS: dict[str, Callable[[socket.socket], None]] = {
    "500": lambda line: line.sendall(head(500, {"Content-Length": "4", "Connection": "close"}) + b"oops"),
    "429": lambda line: line.sendall(head(429, {"Content-Length": "0", "Retry-After": "7"})),
    "garbage": lambda line: line.sendall(b"\x16\x03\x01\x02\x00 no \xff\xfe http at all\r\n\r\n" * 20),
    "truncated": lambda line: line.sendall(head(200, {"Content-Length": "1000"}) + b'[{"id": "1", "con'),
    "loop": lambda line: line.sendall(head(302, {"Content-Length": "0", "Location": "/again", "Connection": "close"})),
    "drip": _drip,
    "huge": _huge,
    "lying": _lying,
    "hang-up": lambda line: None,
}


@contextmanager
def running(behaviour: Behaviour) -> Iterator[Peer]:
    """A peer that answers as long as the block lasts."""
    server = Peer(behaviour)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
