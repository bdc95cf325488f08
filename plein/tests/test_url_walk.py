# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address Plein has: who gets in, who does not, and that looking never writes. A new address is walked too."""

import os
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from plein.core.models import Change, Operation
from plein.testing.addresses import World, every_address
from plein.trust.models import User
from plein.trust.seats import entered

SignIn = Callable[[User], Client]
#: What answers somebody who has not signed in; all the rest sends them to sign in.
OPEN = {"healthz", "robots.txt", "favicon.ico", "sw.js", "manifest.webmanifest", "offline-page/"}
OPEN_DOOR = "sign-in/"
#: Doors that ask for a token or a password instead of a session have a walk of their own.
OTHER_DOORS = ("api/v1/", "dav/", ".well-known/", "feeds/", "hooks/")
#: Answers that stay open; plein/notifications/tests/test_stream.py reads them.
ENDLESS = {"notifications/stream"}
#: POST by a guest may succeed only where it is about themselves.
OF_ONESELF = {
    "settings/",
    "settings/profile/",
    "workspaces/go/",
    "settings/theme",
    "settings/password/",
    "settings/sessions/end/",
    "settings/tokens/",
    "settings/devices/",
    "settings/devices/agenda/",
    "settings/devices/<uuid:key>/revoke/",
    "settings/tokens/<uuid:token>/revoke/",
    "look/stop/",
    "sign-out/",
    "welcome/",
    "relations/<uuid:relation_id>/favourite/",
    "relations/<uuid:relation_id>/follow/",
    "relations/<uuid:relation_id>/visited/",
    "notifications/read/",
    "settings/introductions/",
    "settings/notifications/",
    "settings/notifications/key/",
    "views/<uuid:view_id>/pin/",
    "relations/<uuid:relation_id>/moments/draft",
}
OWN_DOORS = (OPEN_DOOR, "settings/security/")
#: A form may say that it is not filled in before anybody asks who sent it; nothing is written either way.
REFUSED = (403, 404, 405, 422)
ADDRESSES = sorted(set(every_address(leaving_out=OTHER_DOORS)))


def read(response: Any) -> bytes:
    """All of an answer that ends: a file that is read to its end is closed too."""
    if not response.streaming:
        return bytes(response.content)
    return b"" if response.is_async else b"".join(response)


def about_an_object(route: str) -> bool:
    """Whether an address names a record."""
    return "<uuid:" in route


def test_there_is_something_to_walk() -> None:
    assert len(ADDRESSES) > 60 and set(ADDRESSES) > OPEN


def test_nobody_gets_in_without_signing_in(world: World) -> None:
    client = Client()
    for route, method in product(ADDRESSES, ("get", "post", "put", "patch", "delete")):
        if route in OPEN or route.startswith(OPEN_DOOR):
            continue
        path = world.path(route)
        response = getattr(client, method)(path)
        assert response.status_code == 302, (method, path)
        assert response["Location"].startswith(settings.LOGIN_URL), (method, path)
        assert getattr(client, method)(path, headers={"HX-Request": "true"}).status_code == 401, (method, path)


def test_a_stranger_finds_none_of_our_things(world: World, charlie: User, signed_in: SignIn) -> None:
    client = signed_in(charlie)
    for route in filter(about_an_object, ADDRESSES):
        for method in ("get", "post"):
            here, nowhere = (getattr(client, method)(world.path(route, nowhere=fake)) for fake in (False, True))
            assert here.status_code in (404, 405), (method, route, here.status_code)
            assert here.status_code == nowhere.status_code, (method, route)
            assert len(here.content) == len(nowhere.content), (method, route)


def test_a_guest_changes_nothing(world: World, alice: User, gina: User, signed_in: SignIn) -> None:
    client = signed_in(gina)
    with entered(alice):
        before = Operation.objects.count(), Change.objects.count()
    for route in ADDRESSES:
        if route in OF_ONESELF or route.startswith(OWN_DOORS):
            continue
        for method in ("post", "put", "patch", "delete"):
            status = getattr(client, method)(world.path(route)).status_code
            assert status in REFUSED, (method, route, status)
    with entered(alice):
        assert (Operation.objects.count(), Change.objects.count()) == before


#: What no answer may hold.
OURS_ALONE = (b"Traceback", b"psycopg", b"SELECT ", b"/work/", b"site-packages", b"django.")


def test_looking_never_writes_never_fails_and_tells_nothing_of_ours(
    world: World, alice: User, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    with entered(alice):
        before = Operation.objects.count(), Change.objects.count()
    for route in ADDRESSES:
        path = world.path(route)
        page = client.get(path)
        is_page = page.status_code == 200 and page["Content-Type"].startswith("text/html")
        answers = [page, client.get(path, headers={"HX-Request": "true"})]
        if about_an_object(route):
            answers.append(client.get(world.path(route, nowhere=True)))
        for answer in answers:
            assert answer.status_code < 500, (route, answer.status_code)
            text = read(answer)
            if is_page and answer is page:
                assert text.lstrip()[:15].lower().startswith(b"<!doctype html"), route
            for sign in OURS_ALONE:
                assert route in ENDLESS or sign not in text, (route, sign)
    with entered(alice):
        assert (Operation.objects.count(), Change.objects.count()) == before


NIGHTLY = bool(os.environ.get("PLEIN_NIGHTLY"))
ODD = ("\x00", "'", '"><script>', "-1", "9" * 40, "../../etc/passwd", "%", "é\u202e", "a" * 3000, "id;drop", "{}")
ASKING = ("people/", "organizations/", "history/", "search/", "todos/", "import/")
PARAMETERS = (
    "q", "sort", "cursor", "before", "limit", "kind", "kinds", "tag", "owner", "place", "who", "more", "next",
)  # fmt: skip


@pytest.mark.parametrize("page", ASKING)
def test_odd_parameters_get_an_answer_in_words(page: str, world: World, alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    assert page in ADDRESSES
    for number, name in enumerate(PARAMETERS):
        # Per commit each parameter gets a third of the values; at night all of them.
        for value in ODD if NIGHTLY else ODD[number % 3 :: 3]:
            response = client.get(f"/{page}", {name: value})
            assert response.status_code < 500, (name, value)
            assert b"<script>" not in response.content.replace(b"<script src", b""), (name, value)
