# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way out of every live connector: HTTP that goes only where it may, takes in a measured amount, and ends in time.

One `OutsideNet` is one visit: connections are kept while it lasts. Each connection goes to an address that
`plein.core.outside` looked at, and so does each redirect.
"""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse
from socket import socket
from time import monotonic
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from django.utils.translation import gettext as _

from plein.channels.bodies import Shrunk, TooMuch, unpack
from plein.channels.lines import Line, TooSlow
from plein.channels.live import Reply, Trouble
from plein.channels.retrying import seconds_to_wait
from plein.core import outside

#: More redirects than this are a loop, or a game.
MOST_REDIRECTS = 5
#: One line of a stream; more than that is no event.
LONGEST_LINE = 1_000_000
_PIECE = 65_536
_CONNECT_SECONDS = 15.0
_AGENT = "Plein (social CRM)"
#: Headers that tell nothing about who asks; all others stay with the machine they were meant for.
_HARMLESS = frozenset({"accept", "accept-language", "if-modified-since", "if-none-match", "user-agent"})
_SAFE = frozenset({"GET", "HEAD"})
_BUSY = frozenset({429, 503})

type _Origin = tuple[str, str, int]


class OutsideNet:
    """The one way out: see `Net` of `plein.channels.live`.

    `may_be_inside` also allows one's own network, for a server that a company runs itself. `trust` is a file
    with the only authorities to trust.
    """

    def __init__(self, *, may_be_inside: bool = False, trust: str = "") -> None:
        self._may_be_inside = may_be_inside
        self._trust = trust
        self._kept: dict[_Origin, HTTPConnection] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Hang up on everybody."""
        while self._kept:
            self._kept.popitem()[1].close()

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        most_bytes: int = 8_000_000,
        timeout: float = 30.0,
    ) -> Reply:
        """One request and its whole answer, in `timeout` seconds and `most_bytes`, after a few redirects at most."""
        until = monotonic() + timeout
        asked = _Asked(method, _parts(url), dict(headers or {}), body)
        for _turn in range(MOST_REDIRECTS + 1):
            with _in_words(asked.host):
                connection, answer = self._answer(asked, until)
                reply = self._read(asked, connection, answer, most_bytes)
            further = asked.after(reply)
            if further is None:
                return _unless_busy(asked.host, reply)
            asked = further
        raise Trouble(_("%(host)s keeps sending us on to other addresses.") % {"host": asked.host})

    def lines(self, url: str, *, headers: Mapping[str, str] | None = None, most_seconds: float) -> Iterator[str]:
        """The lines of an answer that goes on, as they arrive, for at most so long; redirects are not followed."""
        asked = _Asked("GET", _parts(url), dict(headers or {}), None)
        with _in_words(asked.host):
            connection, answer = self._answer(asked, monotonic() + most_seconds, may_reuse=False)
        try:
            with _in_words(asked.host):
                if answer.status != 200:
                    reply = Reply(answer.status, _lowered(answer), answer.read(_PIECE), url)
                    _unless_busy(asked.host, reply)
                    raise Trouble(_("%(host)s lets us hear nothing (%(code)d).") % _told(asked.host, reply))
                yield from _lines(answer)
        finally:
            answer.close()
            connection.close()

    def plug(self, host: str, port: int, *, timeout: float = 30.0) -> socket:
        """A plain connection to a machine that may be visited."""
        with _in_words(host):
            return outside.connect(host, port, timeout=timeout, may_be_inside=self._may_be_inside)

    def _answer(self, asked: "_Asked", until: float, *, may_reuse: bool = True) -> tuple[HTTPConnection, HTTPResponse]:
        """The head of the answer, over a kept connection where nothing is lost by asking again."""
        kept = self._kept.pop(asked.origin, None) if may_reuse and asked.method in _SAFE else None
        if kept is not None:
            try:
                return kept, asked.over(kept, until)
            except (TooSlow, Trouble):
                kept.close()
                raise
            except (OSError, HTTPException):
                # It hung up in between: what is safe is asked again over a new one.
                kept.close()
        connection = self._connected(asked, until)
        try:
            return connection, asked.over(connection, until)
        except BaseException:
            connection.close()
            raise

    def _read(self, asked: "_Asked", connection: HTTPConnection, answer: HTTPResponse, most_bytes: int) -> Reply:
        keep = False
        try:
            headers = _lowered(answer)
            if (answer.length or 0) > most_bytes:
                raise TooMuch
            pieces = iter(lambda: answer.read1(_PIECE), b"")
            body = unpack(pieces, headers.get("content-encoding", ""), most_bytes)
            if answer.length:
                # Fewer bytes than were promised.
                raise Shrunk
            keep = not answer.will_close
            return Reply(answer.status, headers, body, asked.url)
        finally:
            answer.close()
            if keep and asked.origin not in self._kept:
                self._kept[asked.origin] = connection
            else:
                connection.close()

    def _connected(self, asked: "_Asked", until: float) -> HTTPConnection:
        left = until - monotonic()
        if left <= 0:
            raise TooSlow
        scheme, host, port = asked.origin
        plug = outside.connect(host, port, timeout=min(left, _CONNECT_SECONDS), may_be_inside=self._may_be_inside)
        try:
            if scheme == "https":
                plug.settimeout(max(0.1, until - monotonic()))
                context = ssl.create_default_context(cafile=self._trust or None)
                plug = context.wrap_socket(plug, server_hostname=outside.host_name(host))
        except BaseException:
            plug.close()
            raise
        connection = HTTPConnection(host, port)
        connection.default_port = 443 if scheme == "https" else 80
        # A line that is lost is not made again by the library, which would not look where it goes.
        connection.auto_open = 0
        # Everything that is read or written goes over a line that watches the clock.
        connection.sock = Line(plug)
        return connection


class _Asked:
    """One request on its way to one machine."""

    def __init__(self, method: str, parts: SplitResult, headers: dict[str, str], body: bytes | None) -> None:
        self.method, self.parts, self.headers, self.body = method.upper(), parts, headers, body
        self.host = parts.hostname or ""
        self.origin: _Origin = (parts.scheme, self.host, parts.port or (443 if parts.scheme == "https" else 80))
        self.url = urlunsplit(parts._replace(fragment=""))
        #: Whether it may go over a line that others can read.
        self.is_plain = body is None and all(name.lower() in _HARMLESS for name in headers)

    def over(self, connection: HTTPConnection, until: float) -> HTTPResponse:
        """Ask, and read the head of the answer; what is secret is not said where others can read along."""
        if not self.is_plain and self.parts.scheme == "http" and not _is_here(connection.sock):
            raise Trouble(
                _("%(host)s is asked for without https, so a password would be open to all.") % {"host": self.host},
                is_lasting=True,
            )
        connection.sock.until = until  # type: ignore[union-attr]
        path = (self.parts.path or "/") + (f"?{self.parts.query}" if self.parts.query else "")
        headers = {"User-Agent": _AGENT, "Accept": "*/*", "Accept-Encoding": "gzip, deflate", **self.headers}
        connection.request(self.method, path, body=self.body, headers=headers)
        return connection.getresponse()

    def after(self, reply: Reply) -> "_Asked | None":
        """The request that follows when the answer sends us on, if it does.

        What changes something is not sent on to another machine, and neither is anything secret.
        """
        target = reply.headers.get("location", "")
        if reply.status not in (301, 302, 303, 307, 308) or not target:
            return None
        parts = _parts(urljoin(self.url, target))
        if reply.status == 303:
            further = _Asked("GET", parts, self.headers, None)
        elif self.method in _SAFE or reply.status in (307, 308):
            further = _Asked(self.method, parts, self.headers, self.body)
        else:
            return None
        if further.origin == self.origin:
            return further
        if further.method not in _SAFE:
            raise Trouble(_("%(host)s moved to %(other)s; give that address instead.") % _both(self, further))
        further.headers = {name: value for name, value in self.headers.items() if name.lower() in _HARMLESS}
        further.is_plain = True
        return further


def _both(one: _Asked, other: _Asked) -> dict[str, str]:
    return {"host": one.host, "other": other.host}


def _parts(url: str) -> SplitResult:
    """The parts of an address on the web; raises Trouble for what is none, or holds a name and password."""
    words = _("“%(address)s” is no address on the web.") % {"address": url[:100]}
    try:
        parts = urlsplit(url)
        is_good = (
            parts.scheme in ("https", "http") and parts.port != 0 and bool(outside.host_name(parts.hostname or ""))
        )
    except ValueError as trouble:
        raise Trouble(words, is_lasting=True) from trouble
    if not is_good or parts.username is not None or any(char <= " " or char == "\x7f" for char in url):
        raise Trouble(words, is_lasting=True)
    return parts if url.isascii() else _in_ascii(parts)


def _in_ascii(parts: SplitResult) -> SplitResult:
    """An address with letters of all the world in the form that goes over a line."""
    name = outside.host_name(parts.hostname or "")
    host = (f"[{name}]" if ":" in name else name) + (f":{parts.port}" if parts.port else "")
    path, query = (_escaped(part) for part in (parts.path, parts.query))
    return parts._replace(netloc=host, path=path, query=query, fragment="")


def _escaped(text: str) -> str:
    return "".join(
        char if char.isascii() else "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace")) for char in text
    )


def _lines(answer: HTTPResponse) -> Iterator[str]:
    """Lines as long as there are any and the time is not over."""
    try:
        while line := answer.readline(LONGEST_LINE):
            yield line.decode("utf-8", "replace").rstrip("\r\n")
    except TooSlow:
        return


def _is_here(plug: socket) -> bool:
    """Whether the other end is this machine itself."""
    return str(plug.getpeername()[0]).removeprefix("::ffff:").startswith(("127.", "::1"))


def _lowered(answer: HTTPResponse) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in answer.getheaders():
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found


def _told(host: str, reply: Reply) -> dict[str, object]:
    return {"host": host, "code": reply.status}


def _unless_busy(host: str, reply: Reply) -> Reply:
    """The reply, unless it asks us to come back later."""
    if reply.status not in _BUSY:
        return reply
    raise Trouble(
        _("%(host)s is busy and asks us to come back later (%(code)d).") % _told(host, reply),
        retry_after=seconds_to_wait(reply.headers),
    )


@contextmanager
def _in_words(host: str) -> Iterator[None]:
    """Say in a plain sentence what went wrong on the way to a machine and back."""
    named = {"host": host[:80]}
    try:
        yield
    except outside.Unreachable as trouble:
        raise Trouble(str(trouble)) from trouble
    except ssl.SSLCertVerificationError as trouble:
        raise Trouble(_("%(host)s has no certificate that can be trusted.") % named) from trouble
    except TooMuch as trouble:
        raise Trouble(_("%(host)s sends more than Plein takes.") % named) from trouble
    except Shrunk as trouble:
        raise Trouble(_("%(host)s stopped in the middle of its answer.") % named) from trouble
    except TimeoutError as trouble:
        raise Trouble(_("%(host)s took too long to answer.") % named) from trouble
    except (OSError, HTTPException, ValueError) as trouble:
        raise Trouble(_("%(host)s did not answer as it should.") % named) from trouble
