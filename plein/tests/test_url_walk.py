# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address Plein has: who gets in, who does not, and that looking never writes. A new address is walked too."""

from collections.abc import Callable
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
#: Doors that ask for a token instead of a session have a walk of their own.
OTHER_DOORS = ("api/v1/",)
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


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_nobody_gets_in_without_signing_in(world: World, method: str) -> None:
    client = Client()
    for route in ADDRESSES:
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


def test_looking_never_writes_and_never_fails(world: World, alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    with entered(alice):
        before = Operation.objects.count(), Change.objects.count()
    for route in ADDRESSES:
        for headers in ({}, {"HX-Request": "true"}):
            response = client.get(world.path(route), headers=headers)
            read(response)
            assert response.status_code < 500, (route, response.status_code)
    with entered(alice):
        assert (Operation.objects.count(), Change.objects.count()) == before


def test_every_fragment_is_a_page_too(world: World, alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    for route in ADDRESSES:
        response = client.get(world.path(route))
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            read(response)
            continue
        page = read(response)
        assert page.lstrip()[:15].lower().startswith(b"<!doctype html"), route


def test_no_answer_shows_what_is_ours_alone(world: World, alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    for route in set(ADDRESSES) - ENDLESS:
        for response in (client.get(world.path(route)), client.get(world.path(route, nowhere=True))):
            text = read(response)
            for sign in (b"Traceback", b"psycopg", b"SELECT ", b"/work/", b"site-packages", b"django."):
                assert sign not in text, (route, sign)


@pytest.mark.parametrize("page", ["people/", "organizations/", "history/", "search/", "todos/", "import/"])
@pytest.mark.parametrize(
    "value",
    ["\x00", "'", '"><script>', "-1", "9" * 40, "../../etc/passwd", "%", "é\u202e", "a" * 3000, "id;drop", "{}"],
)
def test_odd_parameters_get_an_answer_in_words(
    page: str, value: str, world: World, alice: User, signed_in: SignIn
) -> None:
    if page not in ADDRESSES:
        return
    names = ("q", "sort", "cursor", "before", "limit", "kind", "kinds", "tag", "owner", "place", "who", "more", "next")
    client = signed_in(alice)
    for name in names:
        response = client.get(f"/{page}", {name: value})
        assert response.status_code < 500, (page, name)
        assert b"<script>" not in response.content.replace(b"<script src", b""), (page, name)
