# SPDX-License-Identifier: AGPL-3.0-or-later
"""One visitor with one kept-alive connection, as a browser has it, without anything else a browser does."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

TIMEOUT = 120
FIRST_ERROR = 400


class Refused(RuntimeError):
    """An answer that is not the one that was asked for: then there is nothing to measure."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request; a form makes it a POST, a token takes it through the REST door. The answer must hold `contains`."""

    path: str
    form: Mapping[str, str] | None = None
    is_fragment: bool = False
    contains: str = ""
    token: str = ""


@dataclass(slots=True)
class Visitor:
    """Somebody who is signed in, once `sign_in` was called."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def ask(self, request: Request) -> bytes:
        """Send a request and return the body; raises Refused for any other answer than the one wanted."""
        status, body = self._send(request)
        if status >= FIRST_ERROR or (request.contains and request.contains.encode() not in body):
            raise Refused(f"{request.path} answered {status} without {request.contains!r}: {body[:400]!r}")
        return body

    def _send(self, request: Request) -> tuple[int, bytes]:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        headers = {"Accept": "*/*", "User-Agent": "plein-bench"}
        if request.token:
            headers["Authorization"] = f"Bearer {request.token}"
        elif self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if request.is_fragment:
            headers["HX-Request"] = "true"
        body = None
        if request.form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Referer"] = f"http://127.0.0.1:{self.port}{request.path}"
            body = urlencode({**request.form, "csrfmiddlewaretoken": self.cookies.get("csrftoken", "")})
        self.connection.request("GET" if body is None else "POST", request.path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        if answer.will_close:
            self.connection.close()
            self.connection = None
        return answer.status, content

    def sign_in(self, link: str) -> None:
        """Use a one-time link: look at it, then press its button."""
        self.ask(Request(link, contains="csrfmiddlewaretoken"))
        self.ask(Request(link, form={}))
        if not any(name.endswith("plein") for name in self.cookies):
            raise Refused(f"{link} signed nobody in.")

    def leave(self) -> None:
        """Close the connection."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None
