# SPDX-License-Identifier: AGPL-3.0-or-later
"""An OpenID provider of other people's making, run as a server for tests."""

import http.client
import json
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from oidc_provider_mock import run_server_in_thread


class RealProvider:
    """A provider of other people's making, run as a server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://localhost:{port}"

    def ask(self, method: str, path: str, body: str, kind: str) -> http.client.HTTPResponse:
        line = http.client.HTTPConnection("localhost", self.port, timeout=10)
        line.request(method, path, body, {"Content-Type": kind})
        answer = line.getresponse()
        answer.read()
        line.close()
        return answer

    def knows(self, subject: str, **claims: object) -> None:
        assert self.ask("PUT", f"/users/{subject}", json.dumps(claims), "application/json").status == 204

    def consent(self, address: str, subject: str) -> str:
        """Somebody signs in there and agrees: the query with which they come back."""
        parts = urlsplit(address)
        kind = "application/x-www-form-urlencoded"
        answer = self.ask("POST", f"{parts.path}?{parts.query}", urlencode({"sub": subject}), kind)
        return urlsplit(answer.headers["Location"]).query


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> Iterator[RealProvider]:
    """That provider, without TLS because it is on this machine."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with run_server_in_thread(require_nonce=True) as running:
        yield RealProvider(running.server_port)
