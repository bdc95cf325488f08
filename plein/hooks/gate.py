# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way in for calls of programs, before the layers of Django: an ASGI application for what is under `/hooks/in/`.

Calls that come while others are being stored wait for each other, and are stored together in the next transaction: the
more there are, the less each of them costs. Nobody is answered before the transaction with their call has ended.
"""

import asyncio
import contextlib
import json
import logging
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections, connection

from plein.hooks.door import Answer, answer_to, busy, only_by_post
from plein.hooks.payloads import LARGEST_BODY
from plein.hooks.signing import Call
from plein.hooks.taking import Failed, Knock, NotHere, Outcome, take_all
from plein.trust.addresses import remote_address_of

logger = logging.getLogger(__name__)
PATH = "/hooks/in/"
#: So many calls are stored together, and so many and so much wait for their turn in one process.
AT_ONCE, MOST_WAITING, MOST_BYTES = 100, 2000, 64 * 1024 * 1024
#: A call that does not end in this time, in seconds, is let go of.
PATIENCE = 30.0

type _Waiting = tuple[Knock, asyncio.Future[Outcome]]


class Gate:
    """Gathers calls, has them stored in groups by one thread, and answers each."""

    def __init__(self) -> None:
        self._waiting: deque[_Waiting] = deque()
        self._bytes = 0
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hooks")
        self._storing: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] != "POST":
            await _answer(only_by_post(), send)
            return
        try:
            async with asyncio.timeout(PATIENCE):
                body = await _body(receive)
        except TimeoutError:
            body = None
        secret = scope["path"].removeprefix(PATH)
        if not secret.isascii():
            await _answer(answer_to(NotHere()), send)
            return
        if body is None:
            # Whoever called has gone, or sends nothing: nobody is there to be told.
            return
        if len(self._waiting) >= MOST_WAITING or self._bytes + len(body) > MOST_BYTES:
            await _answer(busy(), send)
            return
        await _answer(answer_to(await self._outcome(_knock(scope, secret, body))), send)

    def _outcome(self, knock: Knock) -> asyncio.Future[Outcome]:
        """What will have come of a call."""
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((knock, outcome))
        self._bytes += len(knock.call.body)
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store())
        return outcome

    async def _store(self) -> None:
        """Have what waits stored, group after group, until nothing waits."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            group = [self._waiting.popleft() for _one in range(min(AT_ONCE, len(self._waiting)))]
            outcomes = await loop.run_in_executor(self._thread, _take, [knock for knock, _outcome in group])
            for (knock, outcome), became in zip(group, outcomes, strict=True):
                self._bytes -= len(knock.call.body)
                if not outcome.done():
                    outcome.set_result(became)


def _take(knocks: list[Knock]) -> list[Outcome]:
    """Store a group, in the thread that does nothing else."""
    close_old_connections()
    try:
        return take_all(knocks)
    except (OperationalError, InterfaceError):
        logger.warning("calls of programs could not be looked at", exc_info=True)
        return [Failed(is_away=True)] * len(knocks)
    except Exception:
        if len(knocks) > 1:
            # Whichever of them nobody foresaw keeps no other out.
            return [outcome for one in knocks for outcome in _take([one])]
        logger.exception("a call of a program could not be looked at")
        return [Failed(is_away=False)]
    finally:
        with contextlib.suppress(InterfaceError, OperationalError):
            connection.close()


async def _body(receive: Any) -> bytes | None:
    """What was sent, up to a little more than may be; nothing when whoever sends has gone."""
    pieces, length = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        piece = message.get("body", b"")
        length += len(piece)
        pieces.append(piece)
        if length > LARGEST_BODY or not message.get("more_body", False):
            return b"".join(pieces)[: LARGEST_BODY + 1]


def _knock(scope: Any, secret: str, body: bytes) -> Knock:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    near = scope["client"][0] if scope.get("client") else ""
    came_from = remote_address_of(near, headers.get("x-forwarded-for", ""))
    return Knock(secret, Call(headers, body), headers.get("content-type", ""), came_from)


async def _answer(answer: Answer, send: Any) -> None:
    body = json.dumps(answer.said).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in answer.headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
