# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asks both worlds the same and compares the answers byte by byte, with the clock and all chance held still."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from json import loads
from types import SimpleNamespace
from typing import Any
from zlib import crc32

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from plein.core import ids
from plein.core.isolation import no_workspace
from plein.testing.cast import Cast, give_second_proof, sign_in
from plein.tests.twins.crawl import Asked
from plein.tests.twins.other_doors import told
from plein.tests.twins.worlds import Twins
from plein.trust.actions import PROVEN_AT_MOST, make_token
from plein.trust.models import User

SCOPES = ("read", "write", "admin", "all")
#: Cookies are drawn at random; nothing else about an answer is left out.
LEFT_OUT = ("set-cookie",)
#: Of tokens that may also do what asks for a proof.
PROVEN: dict[str, Any] = {"lifetime": PROVEN_AT_MOST, "is_proven": True}


class StillDate(datetime):
    """A clock that stands still."""

    at = datetime.now(UTC)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "datetime":  # type: ignore[override]
        return cls.at


@contextmanager
def standing_still(patch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Time and chance stand still; each request begins at the same place of both, by its key."""
    drawn = SimpleNamespace(seed=0, count=0)

    def urandom(size: int) -> bytes:
        drawn.count += 1
        return crc32(f"{drawn.seed} {drawn.count}".encode()).to_bytes(4) * (size // 4)

    def begin(key: str) -> None:
        drawn.seed, drawn.count = crc32(key.encode()), 0

    StillDate.at = datetime.now(UTC)
    still = int(StillDate.at.timestamp() * 1_000_000_000)
    patch.setattr(ids, "datetime", StillDate)
    patch.setattr(ids, "os", SimpleNamespace(urandom=urandom))
    patch.setattr(ids, "time", SimpleNamespace(time_ns=lambda: still))
    patch.setattr("django.utils.timezone.datetime", StillDate)
    patch.setattr("django.middleware.csrf._get_new_csrf_string", lambda: "c" * 32)
    yield begin


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the headers and the body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def as_told(self) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        return self.status, self.headers, self.body


@dataclass
class Asker:
    """Somebody who asks: signed in, or with a token of each scope, or nobody."""

    name: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    token: str = ""

    def ask(self, one: Asked) -> Answer:
        """One request; what it writes is taken back."""
        if one.door not in ("web", "api"):
            return self.ask_elsewhere(one)
        data: dict[str, Any] = {"headers": dict(one.headers)}
        if one.door == "api":
            data["headers"] |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
            data |= {"data": one.body.encode(), "content_type": "application/json"}
            if one.file:
                form = loads(one.body) | {"file": SimpleUploadedFile("list.csv", one.file.encode())}
                data |= {"data": encode_multipart(BOUNDARY, form), "content_type": MULTIPART_CONTENT}
        elif one.body:
            data["data"] = loads(one.body)
        cookies = deepcopy(self.client.cookies)
        with transaction.atomic(), no_workspace("test"):
            send = self.client.generic if one.door == "api" else getattr(self.client, one.method.lower())
            response: Any = send(*((one.method, one.path) if one.door == "api" else (one.path,)), **data)
            body = read(response)
            transaction.set_rollback(True)
        self.client.cookies = cookies
        headers = tuple(sorted((n.lower(), v) for n, v in response.headers.items() if n.lower() not in LEFT_OUT))
        return Answer(response.status_code, headers, plain(body, response.headers.get("Content-Type", "")))

    def ask_elsewhere(self, one: Asked) -> Answer:
        """Through a door that takes no request; what it writes is taken back."""
        with transaction.atomic(), no_workspace("test"):
            status, words = told(self.token, one)
            transaction.set_rollback(True)
        return Answer(status, (), words.encode())


def read(response: Any) -> bytes:
    """All of an answer; it is not closed, for that would close the connection under the crawl."""
    if not response.streaming:
        return bytes(response.content)
    if response.is_async:
        return b""
    body = b"".join(response)
    for shut in response._resource_closers:
        shut()
    return body


def plain(body: bytes, content_type: str) -> bytes:
    """A body without the times that libraries write into files they make."""
    if "spreadsheet" in content_type and body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = [name for name in archive.namelist() if name != "docProps/core.xml"]
            return b"\n".join(name.encode() + archive.read(name) for name in names)
    if content_type.startswith("application/pdf"):
        return re.sub(rb"/(CreationDate|ModDate|ID)\s*[(\[][^)\]]*[)\]]", b"", body)
    return body


@dataclass
class Difference:
    """A request whose answers differ, and where."""

    who: str
    asked: Asked
    full: Answer
    bare: Answer

    def __str__(self) -> str:
        if self.full.status != self.bare.status:
            what = f"{self.full.status} / {self.bare.status}"
        elif self.full.headers != self.bare.headers:
            what = str(set(self.full.headers) ^ set(self.bare.headers))
        else:
            at = next((n for n, (a, b) in enumerate(zip(self.full.body, self.bare.body, strict=False)) if a != b), 0)
            at = max(at - 120, 0)
            what = f"{self.full.body[at : at + 300]!r}\n    / {self.bare.body[at : at + 300]!r}"
        return f"{self.who}: {self.asked.key}\n    {what}"


def askers_of(users: dict[str, User], cast: Cast, *, outside: bool) -> list[Asker]:
    """Everybody who asks through the pages, and with a token of each scope through the API."""
    askers = []
    for name, user in users.items():
        place = cast.elsewhere if user == cast.charlie else cast.here
        one = Asker(name, token=make_token(user=user, workspace=place, scope="all", **PROVEN))
        give_second_proof(user)
        sign_in(one.client, user)
        askers.append(one)
    if outside:
        scopes = [Asker(f"token {scope}") for scope in SCOPES[:-1]]
        for one, scope in zip(scopes, SCOPES, strict=False):
            one.token = make_token(user=users["owner"], workspace=cast.here, scope=scope, **PROVEN)
        askers += [*scopes, Asker("nobody")]
    return askers


def asks(who: Asker, one: Asked) -> bool:
    """Whether somebody has this door: tokens do not open the pages."""
    return one.door != "web" or not who.name.startswith("token ")


def compare(twins: Twins, who: Asker, one: Asked, begin: Callable[[str], None]) -> tuple[Answer, Answer]:
    """The answers of both worlds to one request."""
    answers = []
    for world in (twins.full, twins.bare):
        cache.clear()
        begin(one.key)
        with twins.in_the(world):
            answers.append(who.ask(one))
    return answers[0], answers[1]
