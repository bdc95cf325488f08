# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is written down about trouble: one line for each thing, with its time, and no secret of anybody."""

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from plein.core.isolation import no_workspace
from plein.trust.actions import change_password, make_one_time_link
from plein.trust.models import User
from plein.web.logs import PlainFormatter

SignIn = Callable[[User], Client]
MARKERS = {
    "password": "marker-password-7419",
    "code": "741974",
    "proof_password": "marker-proof-7419",
    "q": "marker-q-7419",
}
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [A-Z]+ [\w.]+: ")


def written(message: str, *arguments: Any, error: BaseException | None = None) -> str:
    """One record as our formatter writes it, made as settings do."""
    facts = settings.LOGGING["formatters"]["plain"]
    formatter = PlainFormatter(facts["format"], style=facts["style"])
    problem = (type(error), error, error.__traceback__) if error else None
    return formatter.format(logging.LogRecord("plein.x", logging.WARNING, "x.py", 1, message, arguments, problem))


@pytest.mark.parametrize("sign", ["\n", "\r", "\r\n", "\x1b[31m", "\x00", "\x85", "\u2028", "\u2029", "\x0b", "\x9b"])
def test_what_is_typed_begins_no_line_of_its_own(sign: str) -> None:
    line = written("no such page: %s", f"/x{sign}2026-01-01T00:00:00.000Z ERROR plein: all is well")

    assert len(line.splitlines()) == 1 and sign not in line
    assert LINE.match(line)


def test_a_line_says_when_by_the_clock_of_the_world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    record = logging.LogRecord("plein.x", logging.WARNING, "x.py", 1, "hello", (), None)
    record.created, record.msecs = 1_780_000_000.5, 500.0
    facts = settings.LOGGING["formatters"]["plain"]

    assert (
        PlainFormatter(facts["format"], style="{")
        .format(record)
        .startswith("2026-05-28T20:26:40.500Z WARNING plein.x:")
    )


def test_an_error_says_where_it_was_and_nothing_that_was_in_it() -> None:
    try:
        raise ValueError("Key (email)=(henk@vandijk.example) already exists")
    except ValueError as error:
        text = written("a request failed", error=error)

    assert "ValueError" in text and "test_logs.py" in text
    assert "henk" not in text


def test_links_keep_their_secret() -> None:
    secret = "k" * 43

    assert secret not in written("GET /sign-in/%s/", secret) + written("GET /my/open/%s/", secret)


def test_no_secret_and_nothing_typed_gets_into_a_log(
    alice: User, bob: User, signed_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    with no_workspace("test"):
        change_password(user=bob, password=MARKERS["password"])
        link = make_one_time_link(user=bob)
    client = signed_in(alice)
    client.raise_request_exception = False
    with caplog.at_level(logging.INFO):
        Client().post("/sign-in/", {"email": bob.email, **MARKERS})
        Client().post("/sign-in/", {"email": bob.email, "password": MARKERS["password"] + "x"})
        Client().post(link, MARKERS)
        Client().post("/sign-in/second-step/", MARKERS)
        Client().get("/api/v1/relations", headers={"Authorization": "Bearer marker-token-7419"})
        for path in ("/settings/password/", "/settings/security/prove/", "/settings/tokens/", "/people/"):
            client.post(path, MARKERS)
        client.get("/search/", MARKERS)
        client.get("/relations/marker-path-7419/x")
    session = client.cookies["plein"].value
    facts = settings.LOGGING["formatters"]["plain"]
    formatter = PlainFormatter(facts["format"], style=facts["style"])
    lines = "\n".join(formatter.format(record) for record in caplog.records)

    for marker in (*MARKERS.values(), "marker-token-7419", session, link.split("/")[2], bob.email):
        assert marker not in lines, marker


def test_logs_go_to_one_place_and_no_further() -> None:
    kinds = {one["class"] for one in settings.LOGGING["handlers"].values()}

    assert kinds == {"logging.StreamHandler"}
    assert settings.LOGGING["root"]["handlers"] == ["console"]
    assert {one["formatter"] for one in settings.LOGGING["handlers"].values()} == {"plain"}
    assert settings.ADMINS == [] or not settings.ADMINS
