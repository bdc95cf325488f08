# SPDX-License-Identifier: AGPL-3.0-or-later
"""A database that goes away under a running server, and comes back."""

import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from plein.core.isolation import no_workspace
from plein.testing.database import TestDatabase
from plein.trust.models import User

BACK_WITHIN = 20


def answer(url: str, cookie: str = "") -> tuple[int, str]:
    request = Request(url, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"})  # noqa: S310 - our own address
    try:
        with urlopen(request, timeout=30) as response:  # noqa: S310
            return response.status, response.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def allow(admin: psycopg.Connection, name: str, yes: bool) -> None:
    word = sql.SQL("true" if yes else "false")
    admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(sql.Identifier(name), word))
    if not yes:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


@pytest.mark.slow
def test_a_page_says_so_and_works_again_when_the_database_is_back(
    server: str, alice: User, signed_in: object, test_database: TestDatabase
) -> None:
    with no_workspace("test"):
        client = signed_in(alice)  # type: ignore[operator]
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert answer(f"{server}/history/", cookie)[0] == 200
    with test_database.cluster.connect() as admin:
        allow(admin, test_database.name, False)
        try:
            page, health = answer(f"{server}/history/", cookie), answer(f"{server}/healthz")
        finally:
            allow(admin, test_database.name, True)

    assert page[0] == 503 and "not ready yet" in page[1] and "Traceback" not in page[1]
    assert health[0] == 503 and "does not answer" in health[1]
    limit = time.monotonic() + BACK_WITHIN
    while answer(f"{server}/history/", cookie)[0] != 200 and time.monotonic() < limit:
        time.sleep(0.3)
    assert answer(f"{server}/history/", cookie)[0] == 200 and answer(f"{server}/healthz")[0] == 200
