# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calls that come together are stored together, each of them is answered, and one effect stays one."""

import asyncio
import json
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.db import OperationalError

from plein.hooks import gate
from plein.hooks.gate import Gate
from plein.hooks.models import Delivery
from plein.hooks.payloads import LARGEST_BODY
from plein.hooks.signing import Call
from plein.hooks.taking import Knock, NotHere, Outcome, Taken, TurnedAway, take_all
from plein.hooks.tests.caller import POINTED, RING, Caller, caller_of
from plein.hooks.vocabulary import Wrong
from plein.testing.cast import Cast
from plein.trust.models import User
from plein.trust.seats import entered

type Said = tuple[int, dict[str, str], Any]


async def call(application: Any, body: bytes = b"{}", path: str = "/hooks/in/x", method: str = "POST") -> Said:
    """One call over ASGI; the status, the headers and the body of the answer."""
    sent: list[dict[str, Any]] = []
    pieces = [body[at : at + 70_000] for at in range(0, len(body), 70_000)] or [b""]

    async def receive() -> dict[str, Any]:
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": [], "client": ("203.0.113.9", 1)}
    await application(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, json.loads(sent[1]["body"])


def storing(monkeypatch: pytest.MonkeyPatch, answer: Any) -> list[int]:
    """Answer groups by this instead of a database; how large they were."""
    sizes: list[int] = []

    def taken(knocks: Sequence[Knock]) -> list[Outcome]:
        sizes.append(len(knocks))
        found: list[Outcome] = answer(knocks)
        return found

    monkeypatch.setattr(gate, "take_all", taken)
    return sizes


def ran(calls: Coroutine[Any, Any, Any]) -> Any:
    """What comes of calls in a loop of its own: the browser's may be running in this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, calls).result()


async def many(door: Any, bodies: Sequence[bytes]) -> list[Said]:
    return list(await asyncio.gather(*(call(door, one) for one in bodies)))


def test_what_comes_together_is_stored_together_and_each_hears_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = storing(monkeypatch, lambda knocks: [Taken(one.call.body != b"old") for one in knocks])

    answers = ran(many(Gate(), [b"old" if number % 3 == 0 else b"new" for number in range(250)]))

    assert [status for status, _headers, _said in answers] == [200 if n % 3 == 0 else 202 for n in range(250)]
    assert sum(sizes) == 250 and max(sizes) == gate.AT_ONCE and len(sizes) <= 4


def test_one_that_nobody_foresaw_keeps_no_other_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def odd(knocks: Sequence[Knock]) -> list[Outcome]:
        if any(one.call.body == b"odd" for one in knocks):
            raise ZeroDivisionError
        return [Taken(True) for _one in knocks]

    storing(monkeypatch, odd)
    answers = ran(many(Gate(), [b"a", b"odd", b"c"]))
    assert [status for status, _headers, _said in answers] == [202, 500, 202]


def test_nothing_is_taken_while_the_database_is_away_or_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(knocks: Sequence[Knock]) -> list[Outcome]:
        raise OperationalError

    storing(monkeypatch, away)
    status, headers, _said = ran(call(Gate()))
    assert (status, headers["retry-after"]) == (503, "5")
    monkeypatch.setattr(gate, "MOST_WAITING", 0)
    assert ran(call(Gate()))[0] == 503


def test_who_is_turned_away_hears_why(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Knock] = []
    outcomes: list[Outcome] = [TurnedAway(Wrong.SIGNATURE), NotHere()]

    def taken(knocks: Sequence[Knock]) -> list[Outcome]:
        seen.extend(knocks)
        return [outcomes.pop(0)]

    monkeypatch.setattr(gate, "take_all", taken)
    status, headers, _said = ran(call(Gate(), b"x" * (LARGEST_BODY + 70_000), "/hooks/in/secret"))
    assert (status, headers["content-type"]) == (401, "application/json")
    [knock] = seen
    assert (knock.secret, knock.came_from, len(knock.call.body)) == ("secret", "203.0.113.9", LARGEST_BODY + 1)
    assert ran(call(Gate()))[0] == 404
    assert ran(call(Gate(), method="GET"))[0] == 405
    assert ran(call(Gate(), path="/hooks/in/\u00e9"))[0] == 404


def test_a_group_of_several_hooks_is_sorted_out(cast: Cast) -> None:
    one, other = (caller_of(cast.alice, POINTED, signing="address") for _number in range(2))
    gone = Knock("nowhere", Call({}, b"{}"), "application/json", "")
    knocks = [knock(one, "a"), knock(other, "a"), knock(one, "a"), gone, knock(one, "b"), knock(one, "", b"[]")]

    outcomes = take_all(knocks)
    assert outcomes == [Taken(True), Taken(True), Taken(False), NotHere(), Taken(True), TurnedAway(Wrong.BODY)]
    assert take_all(knocks[:2]) == [Taken(False), Taken(False)]
    with entered(cast.alice):
        assert sorted(Delivery.objects.values_list("key", flat=True)) == ["a", "a", "b"]


def knock(caller: Caller, id: str, body: bytes = b"{}") -> Knock:
    return Knock(caller.path, Call({"webhook-id": id}, body), "application/json", "")


def posted(server: str, caller: Caller, id: str) -> int:
    headers = {"Content-Type": "application/json", "Idempotency-Key": id}
    asked = Request(f"{server}/hooks/in/{caller.path}", json.dumps(RING).encode(), headers, method="POST")  # noqa: S310
    try:
        with urlopen(asked, timeout=30) as answer:  # noqa: S310 - our own address
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def test_fifty_at_once_with_one_number_are_one_call(server: str, cast: Cast) -> None:
    caller = caller_of(cast.alice, POINTED, signing="address")

    with ThreadPoolExecutor(16) as crowd:
        answers = list(crowd.map(lambda number: posted(server, caller, f"k{number % 2}"), range(50)))

    assert sorted(answers) == [200] * 48 + [202] * 2
    assert stored(cast.alice) == 2
    # Nothing of the layers around pages is in the answer, and what guards every answer is.
    with pytest.raises(HTTPError) as caught:
        urlopen(f"{server}/hooks/in/nowhere", b"", timeout=30)  # noqa: S310 - our own address
    with caught.value as refused:
        told = {name.lower() for name in refused.headers}
        assert refused.code == 404 and "vary" not in told
    assert {"content-security-policy", "x-content-type-options", "cache-control"} <= told


def stored(user: User) -> int:
    with entered(user):
        return Delivery.objects.count()
