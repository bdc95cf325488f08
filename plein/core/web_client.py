# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking another machine over the web: only where one may go, never on to somewhere else, never more than one wants."""

import ipaddress
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

from plein.core import outside

SECONDS = 8.0
MOST_BYTES = 1_000_000
_PIECE = 16_384


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; names of headers are in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        """The answer as an object; raises Unreachable for anything else."""
        try:
            read = json.loads(self.body)
        except (ValueError, RecursionError):
            read = None
        if not isinstance(read, dict):
            raise outside.Unreachable(_("What came back is not what it should be."))
        return read


def split(url: str) -> SplitResult:
    """The parts of an address on the web; raises NotAllowed for what is none, or holds a name and password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as trouble:
        raise outside.NotAllowed(_("This is no address on the web.")) from trouble
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or port == 0:
        raise outside.NotAllowed(_("This is no address on the web."))
    if any(char <= " " or char == "\x7f" for char in url):
        raise outside.NotAllowed(_("This is no address on the web."))
    return parts


def ask(
    url: str,
    *,
    body: str | None = None,
    headers: Mapping[str, str] | None = None,
    may_be_inside: bool = False,
    may_be_plain: bool = False,
    seconds: float = SECONDS,
) -> Answer:
    """GET, or POST a body; raises NotAllowed or Unreachable. No other place is followed to.

    `may_be_plain`: without https too, in our own network; otherwise that is for this machine alone.
    """
    parts = split(url)
    limit = monotonic() + seconds
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    line = _connected(parts, may_be_inside=may_be_inside, may_be_plain=may_be_plain, seconds=seconds)
    try:
        all_headers = {"Accept": "application/json", **(headers or {})}
        line.request("GET" if body is None else "POST", path, body=body, headers=all_headers)
        answer = line.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, _read(answer, limit), told)
    except (OSError, HTTPException, ValueError) as trouble:
        if isinstance(trouble, outside.Unreachable):
            raise
        raise outside.Unreachable(_("%(host)s did not answer as it should.") % {"host": parts.hostname}) from trouble
    finally:
        line.close()


def _read(answer: HTTPResponse, limit: float) -> bytes:
    """All of it, unless it is too much or takes too long."""
    pieces, size = [], 0
    while piece := answer.read1(_PIECE):
        size += len(piece)
        if size > MOST_BYTES or monotonic() > limit:
            raise outside.Unreachable(_("That was too much, or it took too long."))
        pieces.append(piece)
    return b"".join(pieces)


def _connected(parts: SplitResult, *, may_be_inside: bool, may_be_plain: bool, seconds: float) -> HTTPConnection:
    """A line to the machine: with TLS, unless it is this machine, or one of ours, and may be."""
    host = parts.hostname or ""
    is_secure = parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
    plug = outside.connect(host, port, timeout=seconds, may_be_inside=may_be_inside)
    try:
        if is_secure:
            plug = ssl.create_default_context().wrap_socket(plug, server_hostname=outside.host_name(host))
        elif not _may_be_plain(str(plug.getpeername()[0]), may_be_plain):
            raise outside.NotAllowed(_("Without https Plein only speaks to this machine."))
    except OSError as trouble:
        plug.close()
        if isinstance(trouble, outside.Unreachable):
            raise
        raise outside.Unreachable(_("%(host)s has no certificate that can be trusted.") % {"host": host}) from trouble
    line = (HTTPSConnection if is_secure else HTTPConnection)(host, port, timeout=seconds)
    line.sock = plug
    return line


def _may_be_plain(peer: str, in_our_network: bool) -> bool:
    """Whether what goes to this address may be read by who is in between."""
    address = ipaddress.ip_address(peer.partition("%")[0].removeprefix("::ffff:"))
    return address.is_loopback or (in_our_network and not address.is_global)
