# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every answer of every address carries, behind https: headers, cookies, and the way out."""

import os
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling
from plein.mypage.views import own
from plein.testing.addresses import World, every_address
from plein.tests.test_url_walk import OTHER_DOORS
from plein.trust.models import User

SignIn = Callable[[User], Client]
ENDLESS = {"notifications/stream", "api/v1/notifications/stream"}
YEAR = 365 * 24 * 3600
#: Beside routes: what is not there, files of ours, people's own pages, and the pages of the API.
MORE = ["/nothing-here/", "/static/", "/static/../settings.py", "/my/", "/my/ask/", "/my/open/aaaaaaaaaaaa/",
        "/api/v1/", "/api/v1/relations", "/people/?q=%00"]  # fmt: skip
#: What is a file, or a frame.
APART = re.compile(r"^files/|/html$|/photo/$|export|download|\.webmanifest$|\.txt$|\.js$")
#: A mail in its frame, pages of the people we know, of whoever has not come in yet, of the API, and one step aside.
WITHOUT_A_WAY_OUT = {"html", "my", "ask", "aaaaaaaaaaaa", "offline-page", "sign-in", "reset", "<secret>", "docs"} | {
    "<slug:code>", "welcome", "second-step",
}  # fmt: skip
#: Files that people put in keep their own sort of text; which letters they are in, nobody knows.
FILES = ("files/<uuid:file_id>/",)


@pytest.fixture
def behind_https(settings: Any) -> None:
    """As it is with an https address: the same settings that `plein/settings.py` then makes."""
    settings.IS_SECURE = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = YEAR
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-plein", "__Host-csrftoken"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def sampled(routes: list[str]) -> list[str]:
    """A fifth of them, with those whose answers have a policy of their own; every night all."""
    if os.environ.get("PLEIN_NIGHTLY"):
        return routes
    return [route for number, route in enumerate(routes) if number % 5 == 0 or APART.search(route)]


def policy(answer: Any) -> dict[str, list[str]]:
    """The policy of an answer, by directive."""
    parts = (part.split() for part in answer.headers.get("Content-Security-Policy", "").split(";") if part.strip())
    return {part[0]: part[1:] for part in parts}


def lacks(answer: Any, route: str, has_body: bool) -> list[str]:
    """What an answer should carry and does not."""
    headers, rules = answer.headers, policy(answer)
    kind = headers.get("Content-Type", "")
    wrong = {
        "nosniff": headers.get("X-Content-Type-Options") != "nosniff",
        "referrer": headers.get("Referrer-Policy") not in ("same-origin", "no-referrer"),
        "hsts": headers.get("Strict-Transport-Security") != f"max-age={YEAR}; includeSubDomains",
        "cors": any(name.lower().startswith("access-control-") for name in headers),
        "objects": "'none'" not in rules.get("object-src", rules.get("default-src", [])),
        "base": rules.get("base-uri") != ["'none'"],
        "frames": rules.get("frame-ancestors") not in (["'none'"], ["'self'"]),
        "loose policy": any(
            "unsafe" in word or word in ("*", "https:", "http:") for rule in rules.values() for word in rule
        ),
        "scripts": rules.get("script-src", ["'self'"]) != ["'self'"],
        "no kind": has_body and not kind,
        "no letters": has_body and kind.startswith("text/") and "charset=utf-8" not in kind and route not in FILES,
        "kept": "no-store" not in headers.get("Cache-Control", "") and not _may_be_kept(answer, route),
        "tells of us": bool({"Server", "X-Powered-By"} & set(headers)),
    }
    return [name for name, is_so in wrong.items() if is_so]


def _may_be_kept(answer: Any, route: str) -> bool:
    """Files that make up the pages are everybody's; a photo is kept by its own reader, who asks anew each time."""
    said = answer.headers.get("Cache-Control", "")
    return route in ("manifest.webmanifest", "favicon.ico", "sw.js", "robots.txt") or "private" in said


def test_every_answer_is_guarded_and_every_page_leads_out(
    behind_https: None, world: World, alice: User, signed_in: SignIn
) -> None:
    client, nobody = signed_in(alice), Client()
    wrong, without_a_way_out, count = {}, set(), 0
    for route in [*sampled(sorted({*every_address()} - ENDLESS)), *MORE]:
        path = route if route.startswith("/") else world.path(route)
        for who, visitor in (("alice", client), ("nobody", nobody)):
            answer = visitor.get(path, secure=True)
            text = b"".join(answer) if answer.streaming else answer.content
            count += 1
            assert answer.status_code < 500, path
            if missing := lacks(answer, route, bool(text)):
                wrong[who, path] = missing
            is_page = answer.status_code == 200 and text.lstrip()[:15].lower() == b"<!doctype html>"
            if visitor is client and is_page and b'action="/sign-out/"' not in text:
                without_a_way_out.add(route.rstrip("/").rpartition("/")[2])

    assert wrong == {} and count > 100
    assert without_a_way_out <= WITHOUT_A_WAY_OUT


def test_every_cookie_is_for_this_host_alone_and_for_no_script(
    behind_https: None, alice: User, signed_in: SignIn, world: World
) -> None:
    seen: dict[str, Any] = {}
    for client in (signed_in(alice), Client()):
        for path in ("/", "/sign-in/", "/people/", "/settings/security/", "/sign-in/?lang=nl", "/my/ask/"):
            client.get(path, secure=True)
        client.post("/settings/theme", {"theme": "dark"}, secure=True)
        seen |= client.cookies

    assert {"__Host-plein", "__Host-csrftoken"} <= seen.keys()
    assert own.COOKIE == "plein-my-page", "read once, when there was no https"
    for name, cookie in seen.items():
        assert name.startswith("__Host-"), name
        # Set by the tests themselves, without a browser.
        if name == "__Host-plein" and not cookie["httponly"]:
            continue
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", ""), name
        assert cookie["samesite"] in ("Lax", "Strict"), name
    assert [name for name, cookie in seen.items() if not cookie["httponly"]] == ["__Host-csrftoken"]


def test_every_form_needs_its_token(world: World, alice: User, signed_in: SignIn) -> None:
    """The token of a form is asked for before anything else happens, at every address and for every method."""
    inside = signed_in(alice)
    client = Client(enforce_csrf_checks=True)
    client.cookies = inside.cookies
    wrong = {}
    for number, route in enumerate(sampled(sorted({*every_address(leaving_out=OTHER_DOORS)}))):
        for method in ("post", "put", "patch", "delete") if number % 10 == 0 else ("post",):
            answer = getattr(client, method)(world.path(route))
            if answer.status_code != 403 or "open for too long" not in answer.content.decode():
                wrong[method, route] = answer.status_code

    assert wrong == {}


def test_a_page_of_another_site_sends_nothing_to_ours(world: World, alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    for path in ("/my/ask/", "/my/decide/", "/my/request/", "/my/leave/"):
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            assert client.post(path, {"email": "x@y.example"}, headers=headers).status_code == 403, (path, headers)
    asked = client.options(
        "/api/v1/relations",
        headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
    )
    assert not [name for name in asked.headers if name.lower().startswith("access-control-")]


def test_nothing_is_sent_on_from_http_to_https_behind_the_callers_back(
    behind_https: None, alice: User, calling: Calling
) -> None:
    """A program that forgets the s is told so by nobody answering, not led on with its token."""
    answer = Client().get("/api/v1/relations", headers={"Authorization": "Bearer plein_x"})

    assert answer.status_code == 401 and "Location" not in answer.headers


def test_folders_sources_and_histories_are_not_served(db: None) -> None:
    client = Client()
    for path in ("/static/", "/static/web/", "/.git/config", "/.git/HEAD", "/static/.git/config", "/settings.py",
                 "/static/%2e%2e/settings.py", "/static/..%2fsettings.py", "/requirements/runtime.txt",
                 "/var/secret.key", "/files/", "/manage.py", "/.env", "/server-status"):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code in (302, 404), path


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "TRACK"])
def test_a_request_is_never_read_back(method: str, alice: User, signed_in: SignIn) -> None:
    for path in ("/", "/people/", "/sign-in/", "/healthz", "/api/v1/relations"):
        answer = signed_in(alice).generic(method, path, headers={"X-Marker": "marker-7419"})
        assert answer.status_code in (302, 401, 403, 404, 405), path
        assert "marker-7419" not in answer.content.decode()


def test_what_is_encoded_twice_is_decoded_once(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)

    assert 'value="%3Cb%3E"' in client.get("/search/?q=%253Cb%253E").content.decode()
    assert client.get("/people%252F").status_code in (302, 404)
    assert client.get("/relations/%252e%252e/").status_code in (302, 404)
