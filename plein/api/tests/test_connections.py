# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterator
from typing import Any

import pytest

from plein.api.tests.conftest import Calling
from plein.testing.cast import Cast
from plein.testing.imap import Box, Post, imap_server

LETTER = b"From: henk@dijk.example\r\nMessage-ID: <1@dijk.example>\r\n\r\nDag\r\n"
SECRET, OTHER = "zeer-geheim", "nog-geheimer"


@pytest.fixture
def post() -> Post:
    made = Post(password=SECRET, boxes={"INBOX": Box(), "Notes": Box()})
    made.boxes["INBOX"].add(LETTER)
    return made


@pytest.fixture
def account(post: Post) -> Iterator[dict[str, Any]]:
    with imap_server(post) as port:
        settings = {"host": "127.0.0.1", "port": port, "security": "none", "user_name": "alice", "password": SECRET}
        yield {"kind": "imap", "settings": settings, "is_inside": True}


def test_a_program_has_an_account_heard_and_looks_after_it(
    cast: Cast, calling: Calling, post: Post, account: dict[str, Any]
) -> None:
    caller = calling(cast.alice, "all")
    assert caller.write("POST", "/connections/look", account)["counts"] == {"INBOX": 1, "Notes": 0}
    assert caller.read("/connections")["items"] == []
    wishes = {"name": "Mine", "policy": "answered", "circle": "everyone", "folders": ["INBOX"]}
    made = caller.write("POST", "/connections", account | wishes)

    assert (made["state"], made["is_own"], made["settings"]["folders"]) == ("active", True, ["INBOX"])
    path = f"/connections/{made['id']}"
    assert SECRET not in caller.get(path).content.decode()
    assert caller.write("POST", f"{path}/pause")["state"] == "paused"
    assert caller.send("POST", f"{path}/hear").status_code == 409
    post.password = OTHER
    assert caller.send("POST", f"{path}/test").status_code == 409
    caller.write("PATCH", path, {"settings": {"password": OTHER}})
    assert caller.write("POST", f"{path}/test")["account"] == "alice"
    assert caller.write("POST", f"{path}/resume")["state"] == "active"
    moved = caller.send("PATCH", path, json={"settings": {"host": "mail.evil.example"}})
    assert (moved.status_code, "password" in moved.json()["fields"]) == (422, True)

    bobs = calling(cast.bob, "all")
    assert bobs.read(path)["is_own"] is False
    assert bobs.send("POST", f"{path}/pause").status_code == 404
    assert bobs.send("DELETE", path).status_code == 403
    caller.write("DELETE", path)
    assert caller.get(path).status_code == 404
