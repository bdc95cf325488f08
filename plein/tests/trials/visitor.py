# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody in a browser, as far as a server can tell: cookies, forms with their token, and a watch."""

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and when: by the clock that only goes forward."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    began: float
    ended: float

    @property
    def seconds(self) -> float:
        return self.ended - self.began

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


@dataclass
class Visitor:
    """One person; every request is a connection of its own."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        """Send one request; raises OSError when nobody answers."""
        began = time.monotonic()
        connection = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, path, body, {"Cookie": cookies, **named})
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                self._keep(value)
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, content, began, time.monotonic())

    def get(self, path: str) -> Answer:
        """Look at a page."""
        return self.send("GET", path)

    def post(self, path: str, /, **fields: Any) -> Answer:
        """Send a form."""
        body = urlencode(fields, doseq=True).encode()
        kind = "application/x-www-form-urlencoded"
        return self.send("POST", path, body, Content_Type=kind, X_CSRFToken=self.cookies.get("csrftoken", ""))

    def put(self, path: str, body: bytes, **headers: str) -> Answer:
        """Send a piece of a file."""
        return self.send("PUT", path, body, X_CSRFToken=self.cookies.get("csrftoken", ""), **headers)

    def sign_in(self, link: str) -> None:
        """Open a one-time link and press its button."""
        self.get(link)
        answer = self.post(link)
        assert answer.status == http.client.FOUND, answer.text

    def also(self) -> "Visitor":
        """The same person in another window."""
        return Visitor(self.port, dict(self.cookies))

    def _keep(self, header: str) -> None:
        name, _equals, rest = header.partition("=")
        value = rest.partition(";")[0]
        if value and value != '""':
            self.cookies[name] = value
        else:
            self.cookies.pop(name, None)
