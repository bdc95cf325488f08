# SPDX-License-Identifier: AGPL-3.0-or-later
"""A network of recorded answers for connectors, and visits to it: whole, in pieces, and with mutated answers."""

import random
import socket
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from urllib.parse import urlsplit

from plein.channels.base import Cursor
from plein.channels.live import Connector, Heard, Reply, Trouble, Visit
from plein.channels.retrying import seconds_to_wait
from plein.testing.peers import Answer, Behaviour, Request


class Recorded:
    """A `Net` that answers from a behaviour, without any connection."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.asked: list[Request] = []

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        most_bytes: int = 8_000_000,
        timeout: float = 30.0,
    ) -> Reply:
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lowered = {name.lower(): value for name, value in (headers or {}).items()}
        request = Request(method, target, {"host": parts.netloc, **lowered}, body or b"")
        self.asked.append(request)
        answer = self.behaviour(request)
        told = {name.lower(): value for name, value in answer.headers.items()}
        if answer.status in (429, 503):
            raise Trouble("Busy.", retry_after=seconds_to_wait(told))
        return Reply(answer.status, told, answer.body, url)

    def lines(self, url: str, *, headers: Mapping[str, str] | None = None, most_seconds: float) -> Iterator[str]:
        yield from self.ask("GET", url, headers=headers).body.decode("utf-8", "replace").split("\n")

    def plug(self, host: str, port: int, *, timeout: float = 30.0) -> socket.socket:
        raise Trouble("There is no such machine.")


def heard(connector: Connector, visit: Visit) -> list[Heard]:
    """What one visit hears."""
    return [one for _cursor, one in connector.fetch(visit) if one is not None]


def heard_in_pieces(connector: Connector, visit: Visit, size: int, *, most_visits: int = 500) -> list[Heard]:
    """What visits hear that each break off after so many items, and go on from the last cursor that was stored."""
    found: list[Heard] = []
    cursor: Cursor = visit.cursor
    for _turn in range(most_visits):
        piece = list(islice(connector.fetch(replace(visit, cursor=cursor)), size))
        found += [one for _cursor, one in piece if one is not None]
        if not piece or piece[-1][0] == cursor:
            return found
        cursor = piece[-1][0]
    raise AssertionError("there is no end to it")


_TOKENS = (
    b"\0", b"null", b"{", b"}", b"[", b"]", b'"', b"\\ud800", b"\\u0000", b"<", b"&", b"&#0;", b"<![CDATA[", b"-->",
    b"1e999", b"-1", b"99999999999999999999", b'"id":', b"\xff\xfe", b"\xc3",
    b"<?xml version='1.0' encoding='utf-16'?>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"true", b"0001-01-01T00:00:00Z", b"9999-12-31T23:59:60+14:00",
)  # fmt: skip


def mutate(data: bytes, chance: random.Random) -> bytes:
    """The same bytes with damage: pieces gone, doubled, swapped for what is odd."""
    broken = bytearray(data)
    for _turn in range(chance.randint(1, 10)):
        at = chance.randrange(len(broken) + 1)
        what = chance.randrange(5)
        if what == 0:
            broken[at:at] = chance.choice(_TOKENS) * chance.choice((1, 1, 2, 30, 1000))
        elif what == 1:
            del broken[at : at + chance.randint(1, 200)]
        elif what == 2:
            broken[at : at + 1] = bytes([chance.randrange(256)])
        elif what == 3:
            broken[at:at] = broken[at : at + chance.randint(1, 400)] * chance.choice((1, 3))
        else:
            # A value becomes one of another kind.
            end = broken.find(b",", at)
            broken[at : end if end > 0 else at] = chance.choice(_TOKENS)
    return bytes(broken)


def mutated(behaviour: Behaviour, chance: random.Random) -> Behaviour:
    """A behaviour whose answers are damaged, two in three."""

    def answer(request: Request) -> Answer:
        right = behaviour(request)
        return replace(right, body=mutate(right.body, chance)) if chance.random() < 0.67 else right

    return answer
