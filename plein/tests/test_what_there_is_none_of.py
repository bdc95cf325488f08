# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Plein has none of, and so need not guard: each of these fails as soon as there is some.

A requirement that asks for care with something that is not there is answered by the test that says it is not.
"""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from plein.mypage.urls import own
from plein.testing.addresses import every_address
from plein.tests.sources import PACKAGE, ROOT, calls, importers, imports, nodes, scripts
from plein.trust.models import ApiToken

REQUIREMENTS = (ROOT / "requirements" / "runtime.txt").read_text()
PINNED = set(re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==", REQUIREMENTS, re.MULTILINE))
#: What a thing is called: packages that would bring it along, and modules that would be imported.
ABSENT = {
    "LDAP": ("python-ldap", "ldap3", "django-auth-ldap", "ldap"),
    "GraphQL": ("graphene", "graphene-django", "strawberry-graphql", "ariadne", "graphql-core", "graphql"),
    "SAML": ("python3-saml", "pysaml2", "djangosaml2", "onelogin", "saml2"),
    "memcache": ("pymemcache", "python-memcached", "pylibmc", "memcache", "redis", "django-redis"),
    "LaTeX": ("pylatex", "pdflatex", "latex"),
    "an OAuth server": ("django-oauth-toolkit", "authlib", "oauth2_provider", "oidc_provider"),
    "codes by telephone": ("twilio", "vonage", "messagebird", "django-sms", "phonenumber_sms"),
    "other websockets": ("channels", "daphne", "socketio", "python-socketio"),
    "trackers": ("sentry-sdk", "sentry_sdk", "opentelemetry", "posthog", "newrelic", "datadog", "ddtrace"),
    "peer to peer media": ("aiortc", "webrtc"),
}
OF_THE_SYSTEM = {"operate/keeper.py"}
WORDS = re.compile(r"[a-z]+")


@pytest.mark.parametrize("thing", ABSENT)
def test_no_package_and_no_module_brings_it_along(thing: str) -> None:
    imported = {module.split(".")[0] for _name, module in imports()}

    assert len(PINNED) > 30
    assert (PINNED | imported) & set(ABSENT[thing]) == set()


def test_memory_is_the_business_of_the_language() -> None:
    # One call of the system, with numbers alone: that a child ends with its parent.
    assert importers("ctypes", "cffi", "mmap", "_ctypes") == OF_THE_SYSTEM
    assert not [path for kind in ("c", "pyx", "rs", "so", "cpp") for path in PACKAGE.rglob(f"*.{kind}")]


def test_no_address_belongs_to_what_we_have_none_of() -> None:
    walked = [*every_address(), *every_address(patterns=[*own.urlpatterns], prefix="my/")]
    words = {word for route in walked for word in WORDS.findall(route.lower())}

    assert len(walked) > 200
    assert words & {
        "graphql", "graphiql", "oauth", "authorize", "introspect", "saml", "acs", "ws", "websocket", "soap", "rpc",
        "jwks", "backchannel", "admin", "debug", "metrics", "xmlrpc", "wsdl", "introspection",
    } == set()  # fmt: skip
    # Where devices are sent to their door; nobody is told about keys or providers there.
    assert {route for route in walked if ".well-known" in route} == {".well-known/carddav", ".well-known/caldav"}


def test_oauth_is_spoken_as_a_client_alone() -> None:
    found = {module for _name, module in imports() if module.startswith("oauthlib")}

    assert found == {
        "oauthlib.common.add_params_to_uri", "oauthlib.oauth2.OAuth2Error", "oauthlib.oauth2.WebApplicationClient",
    }  # fmt: skip


def test_tokens_that_say_themselves_who_one_is_are_only_read_from_providers() -> None:
    readers, makers = importers("jwt"), [name for name, _call, called in calls() if called == "jwt.encode"]

    assert readers == {"trust/providers.py"} and makers == []
    names = {field.name for field in ApiToken._meta.fields}
    assert "digest" in names and not names & {"refresh", "refresh_digest", "claims", "issuer", "audience"}


def test_a_token_never_says_where_its_key_is() -> None:
    told = {"jku", "jwk", "x5u", "x5c"}

    assert not told & {str(_text(node)) for name, node in nodes() if name.startswith("trust/")}
    asked = [ast.unparse(call) for name, call, called in calls() if name == "trust/providers.py" and called == "ask"]
    assert [one for one in asked if "header" in one.replace("headers=headers", "")] == []


def test_no_token_is_made_anew_by_another() -> None:
    words = {str(_text(node)) for name, node in nodes() if name.startswith(("trust/", "api/"))}

    assert not [word for word in words if word in ("refresh_token", "offline_access", "implicit", "password_grant")]


def _text(node: object) -> object:
    return getattr(node, "value", None) if isinstance(getattr(node, "value", None), str) else None


def test_xml_is_read_in_one_place_by_a_parser_that_refuses_entities() -> None:
    # The door of devices writes with the language's own library, and reads with the other; archives name its element.
    archives = "channels/connectors/archives/stackexchange.py"
    # The other side of it escapes the words of its questions with the language's own, and reads with the other.
    elsewhere = "channels/connectors/dav/answers.py"
    # Files are read in a child with limits: `markup` refuses every DTD before it parses, the others name what it made.
    files = {f"documents/files/{name}.py" for name in ("camt", "cii", "dutch_rules", "office", "trees", "ubl")}
    markup = "documents/files/markup.py"
    assert (
        importers("xml", "lxml", "xmltodict", "bs4", "html5lib") == {"dav/xml.py", elsewhere, archives, markup} | files
    )
    assert {module for name, module in imports() if name in files and module.startswith("xml.")} == {
        "xml.etree.ElementTree.Element"
    }
    assert importers("defusedxml") == {"core/workbooks.py", "dav/xml.py", elsewhere, archives}
    assert {"lxml", "xmltodict"} & PINNED == set()
    assert [called for _name, _call, called in calls() if called.rpartition(".")[2] in ("xpath", "XPath")] == []


def test_no_answer_is_kept_outside_the_process_that_gave_it() -> None:
    kinds = {one["BACKEND"] for one in settings.CACHES.values()}

    assert kinds == {"django.core.cache.backends.locmem.LocMemCache"}
    assert importers("django.core.cache", "django.views.decorators.cache.cache_page") == set()


def test_no_script_opens_a_line_that_is_not_a_request() -> None:
    for sign in ("WebSocket(", "WebTransport(", "RTCPeerConnection", "importScripts(", "SharedWorker("):
        assert [name for name, text in scripts().items() if sign in text] == [], sign
    served = next(call for name, call, called in calls() if name == "cli/web.py" and called == "uvicorn.Config")
    given = {one.arg: getattr(one.value, "value", None) for one in served.keywords}
    assert given["ws"] == "none" and given["proxy_headers"] is False and given["server_header"] is False


def pages() -> list[Path]:
    return sorted(PACKAGE.glob("*/templates/**/*.html"))


def test_no_page_asks_for_a_plug_in_or_loads_from_elsewhere() -> None:
    plugged = re.compile(r"<(object|embed|applet|frameset)\b", re.IGNORECASE)
    loaded = re.compile(r"""<(?:script|link|img|iframe|video|audio|source)\b[^>]*(?:src|href)=["'](?:https?:)?//""")

    assert len(pages()) > 100
    assert [str(page) for page in pages() if plugged.search(page.read_text())] == []
    assert [str(page) for page in pages() if loaded.search(page.read_text())] == []


def test_no_script_asks_another_host() -> None:
    address = re.compile(r"""(?:fetch|EventSource|sendBeacon|open)\(\s*["'`](?:https?:)?//""")

    assert [name for name, text in scripts().items() if address.search(text)] == []


def test_nobody_is_asked_a_question_only_they_should_know() -> None:
    asked = re.compile(r"security.question|secret.question|maiden|first.pet|password.hint", re.IGNORECASE)

    assert [str(page) for page in pages() if asked.search(page.read_text())] == []
    assert [name for name, node in nodes() if asked.search(str(_text(node) or ""))] == []


def test_no_client_proves_itself_by_a_certificate() -> None:
    read = re.compile(r"SSL_CLIENT|X-Client-Cert|X-SSL|HTTP_X_CLIENT|ssl_cert_reqs|load_cert_chain", re.IGNORECASE)

    assert [name for name, node in nodes() if read.search(str(_text(node) or ""))] == []


def test_tokens_and_sessions_name_no_secret_of_their_own_in_the_source() -> None:
    planted = re.compile(
        r"(plein_[A-Za-z0-9_-]{40,}|-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{36}"
        r"|(?:secret_key|password|passwd|api_key)\s*=\s*[\"'][^\"'\s{}]{12,}[\"'])",
        re.IGNORECASE,
    )
    places = [*PACKAGE.rglob("*.py"), *ROOT.glob("*.toml"), *(ROOT / "deploy").iterdir(), *(ROOT / "tools").iterdir()]
    ours = [path for path in places if path.is_file() and not {"tests", "testing"} & set(path.parts)]

    assert len(ours) > 300
    assert [(str(path), found[0]) for path in ours if (found := planted.search(path.read_text(errors="replace")))] == []


def test_what_belongs_to_development_is_not_in_the_image() -> None:
    left_out = (ROOT / ".dockerignore").read_text().split()

    assert {".git", ".venv", ".cache", "var", "**/tests", "plein/testing", "conftest.py"} <= set(left_out)
    assert importers("plein.testing", "plein.tests", "pytest") == set()
    assert settings.DEBUG is False
    source = (PACKAGE / "settings.py").read_text()
    assert re.findall(r"^DEBUG\s*=.*", source, re.MULTILINE) == ["DEBUG = False"]
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
