# SPDX-License-Identifier: AGPL-3.0-or-later
"""Callers of the REST door, each with a token of their own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from json import dumps
from typing import Any

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from plein.core.isolation import no_workspace
from plein.testing.cast import Cast
from plein.trust.actions import PROVEN_AT_MOST, give_seat, make_token, make_user
from plein.trust.models import Role, User

BASE = "/api/v1"
type Answer = Any


@dataclass
class Caller:
    """A program with a token, or without one."""

    token: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    #: Of whose token it is.
    address: str = ""

    def send(
        self,
        method: str,
        path: str,
        query: dict[str, Any] | None = None,
        json: Any = None,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
        content_type: str = "application/json",
    ) -> Answer:
        """One request; the path is that of the door, or one within it."""
        asked = ({"Authorization": f"Bearer {self.token}"} if self.token else {}) | (headers or {})
        whole = path if path.startswith(BASE) else BASE + path
        data = body if body is not None else b"" if json is None else dumps(json).encode()
        with no_workspace("test"):
            answer: Any = self.client.generic(
                method, whole, data, content_type=content_type, headers=asked, query_params=query
            )
            if answer.streaming:
                answer.fetched = b"".join(answer)
                # Closing the answer itself would close the connection under the test.
                for shut in answer._resource_closers:
                    shut()
            return answer

    def upload(self, path: str, **files: Any) -> Answer:
        """A POST of files."""
        body = encode_multipart(BOUNDARY, files)
        return self.send("POST", path, body=body, content_type=MULTIPART_CONTENT)

    def write(self, method: str, path: str, json: Any = None) -> Any:
        """What a write brings, which must succeed."""
        answer = self.send(method, path, json=json)
        assert 200 <= answer.status_code < 300, answer.content.decode()
        return answer.json() if answer.content else None

    def get(self, path: str, **query: Any) -> Answer:
        """A GET."""
        return self.send("GET", path, query)

    def read(self, path: str, **query: Any) -> Any:
        """What a GET brings, which must succeed."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()


type Calling = Callable[..., Caller]


@pytest.fixture
def calling(cast: Cast) -> Calling:
    """A caller for a user of the cast, in the workspace they work in."""

    def caller(user: User, scope: str = "read", workspace: int = 0, *, is_proven: bool = True) -> Caller:
        place = workspace or (cast.elsewhere if user == cast.charlie else cast.here)
        token = make_token(user=user, workspace=place, scope=scope, lifetime=PROVEN_AT_MOST, is_proven=is_proven)
        return Caller(token, address=user.email)

    return caller


@pytest.fixture
def colleagues(cast: Cast) -> dict[str, User]:
    """Somebody for each role, and one whose seat is suspended."""
    users = {Role.OWNER: cast.alice, Role.MEMBER: cast.bob, Role.GUEST: cast.gina}
    for role in (Role.ADMINISTRATOR, Role.MANAGER):
        users[role] = make_user(email=f"{role}@plein.example", name=role.title(), language="en")
        give_seat(workspace=cast.here, user=users[role], role=role)
    return {role.value: user for role, user in users.items()}
