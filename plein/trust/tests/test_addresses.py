# SPDX-License-Identifier: AGPL-3.0-or-later
from ipaddress import ip_network
from itertools import product
from urllib.parse import urljoin, urlsplit

import pytest
from django.http import HttpRequest
from django.test import Client

from plein.trust.addresses import HOME, remote_address, safe_next

HOST = "evil.example"
STARTS = ("//", "///", "////", "/\\", "\\/", "\\\\", "/\t/", "/\n/", "/\r/", "\t//", " //", "http://", "https://", "HTTPS://",
          "https:", "https:/", "http:\\\\", "ftp://", "javascript://", "javascript:", "data:text/html,", "vbscript:",
          "/\u2028/", "\ufeff//", "/\u00a0/", "/\u3000/", "\x00//", "/\x00/")  # fmt: skip
MIDDLES = ("", "localhost@", "localhost:8000@", "localhost%40", "www.", "\\@", "@")
ENDS = ("", "/%2f..", "?localhost", "#localhost", "/\\", ":80", "/..;/")
NASTY = ["".join((start, middle, HOST, end)) for start, middle, end in product(STARTS, MIDDLES, ENDS)][:1200]


def lands_here(path: str) -> bool:
    """As browsers read a Location: tabs and line ends thrown away, backslashes turned, white space cut off."""
    read = "".join(char for char in path if char not in "\t\r\n").replace("\\", "/").strip()
    return urlsplit(urljoin("http://here.test/sign-in/", read)).netloc == "here.test"


def test_no_spelling_of_another_host_is_followed() -> None:
    assert len(NASTY) >= 324
    assert [one for one in NASTY if not lands_here(safe_next(one))] == []


@pytest.mark.parametrize("path", ["/people/?sort=-name&q=jan", "/relations/0198/#moments", "/", "/search/?q=a%2F%2Fb"])
def test_our_own_pages_are_followed(path: str) -> None:
    assert safe_next(path) == path


@pytest.mark.parametrize("path", ["", None, "people/", "/sign-in/x/", "/sign-out/", "/a" * 2000, "/.//evil.example"])
def test_anything_else_leads_home(path: str | None) -> None:
    assert safe_next(path) == HOME


@pytest.mark.django_db
def test_the_form_never_carries_another_host() -> None:
    for nasty in NASTY[::40]:
        page = Client().get("/sign-in/", {"next": nasty}).content.decode()
        assert HOST not in page, nasty


def test_what_a_visitor_says_of_their_address_counts_only_behind_our_proxy(settings: pytest.FixtureRequest) -> None:
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "198.51.100.7, 203.0.113.5"}

    assert remote_address(request) == "192.0.2.1"
    settings.IS_SECURE = True  # type: ignore[attr-defined]
    assert remote_address(request) == "192.0.2.1"
    settings.PLEIN_PROXIES = [ip_network("192.0.2.0/24")]  # type: ignore[attr-defined]
    assert remote_address(request) == "203.0.113.5"
    request.META["HTTP_X_FORWARDED_FOR"] = "198.51.100.7, 203.0.113.5, 192.0.2.8"
    assert remote_address(request) == "203.0.113.5"
