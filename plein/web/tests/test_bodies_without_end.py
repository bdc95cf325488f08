# SPDX-License-Identifier: AGPL-3.0-or-later
import asyncio
import errno
import importlib
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

SCOPE = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "method": "POST",
    "path": "/settings/theme",
    "raw_path": b"/settings/theme",
    "query_string": b"",
    "headers": [(b"host", b"localhost")],
}


@pytest.fixture
def asgi() -> Any:
    """The application, loaded when its files have been collected."""
    return importlib.import_module("plein.asgi")


def answer(asgi: Any, receive: Callable[[], Awaitable[dict[str, Any]]]) -> tuple[int, str]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    # In a thread of its own: the browser of other tests keeps a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(asgi.application(SCOPE, receive, send))).result()
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent).decode()


def test_a_request_that_goes_on_and_on_is_stopped_in_words(asgi: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "LARGEST_BODY", 100_000)

    async def endless() -> dict[str, Any]:
        return {"type": "http.request", "body": b"x" * 10_000, "more_body": True}

    assert answer(asgi, endless) == (413, asgi.TOO_BIG)


def test_a_full_disk_under_a_request_is_told_in_words(asgi: Any) -> None:
    async def full() -> dict[str, Any]:
        raise OSError(errno.ENOSPC, "No space left on device")

    assert answer(asgi, full) == (507, asgi.NO_ROOM)
