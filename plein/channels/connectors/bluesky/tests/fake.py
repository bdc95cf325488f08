# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small server of Bluesky as a behaviour: sessions that run out, pages by cursor, records that stand once."""

import json
from typing import Any
from urllib.parse import parse_qs

from plein.channels.connectors.mastodon.tests.fake import json_answer
from plein.testing.peers import Answer, Request

ME = "did:plc:us"


def profile(number: int) -> dict[str, Any]:
    return {"did": f"did:plc:{number}", "handle": f"name{number}.example", "displayName": f"Name {number}"}


def when(number: int) -> str:
    return f"2026-11-{1 + number // 1440:02}T{number // 60 % 24:02}:{number % 60:02}:00.000Z"


def view(number: int, **record: Any) -> dict[str, Any]:
    """A post; each third came in at the same time as the one before."""
    return {
        "uri": f"at://did:plc:{number % 9}/app.bsky.feed.post/{number}",
        "cid": f"cid{number}",
        "author": profile(number % 9),
        "indexedAt": when(number - (number % 3 == 2)),
        "record": {"text": f"Post {number}", "createdAt": when(number), **record},
    }


class FakeBluesky:
    """Its lists are a test's to fill; `proofs` are the sessions that hold, `began` how many were begun."""

    def __init__(self) -> None:
        self.home: list[dict[str, Any]] = [{"post": view(number)} for number in range(230)]
        self.notifications: list[dict[str, Any]] = [
            {**view(3000 + number), "reason": ("mention", "reply", "quote", "like")[number % 4]} for number in range(40)
        ]
        self.found = [view(5000 + number) for number in range(5)]
        self.followers = [profile(number) for number in range(1, 251)]
        self.records: dict[str, dict[str, Any]] = {}
        self.proofs: set[str] = set()
        self.renewals: set[str] = set()
        self.began = 0

    def __call__(self, request: Request) -> Answer:
        name = request.path.removeprefix("/xrpc/")
        query = {key: values[0] for key, values in parse_qs(request.target.partition("?")[2]).items()}
        proof = request.headers.get("authorization", "").removeprefix("Bearer ")
        if name == "com.atproto.server.createSession":
            right = json.loads(request.body) == {"identifier": "us.example", "password": "app-word"}
            return self._session() if right else json_answer({"error": "AuthenticationRequired"}, 401)
        if name == "com.atproto.server.refreshSession":
            return self._session() if proof in self.renewals else json_answer({"error": "ExpiredToken"}, 400)
        if proof not in self.proofs:
            return json_answer({"error": "ExpiredToken"}, 400)
        return self._known(name, query, request)

    def _session(self) -> Answer:
        self.began += 1
        self.proofs.add(f"access{self.began}")
        self.renewals.add(f"renew{self.began}")
        return json_answer(
            {"accessJwt": f"access{self.began}", "refreshJwt": f"renew{self.began}", "did": ME, "handle": "us.example"}
        )

    def _known(self, name: str, query: dict[str, str], request: Request) -> Answer:
        lists = {
            "app.bsky.feed.getTimeline": ("feed", sorted(self.home, key=lambda one: _at(one["post"]), reverse=True)),
            "app.bsky.notification.listNotifications": (
                "notifications",
                sorted(self.notifications, key=_at, reverse=True),
            ),
            "app.bsky.feed.searchPosts": ("posts", sorted(self.found, key=_at, reverse=True)),
            "app.bsky.graph.getFollowers": ("followers", self.followers),
        }
        if name in lists:
            field, items = lists[name]
            start, size = int(query.get("cursor", "0")), int(query["limit"])
            more = {"cursor": str(start + size)} if start + size < len(items) else {}
            return json_answer({field: items[start : start + size], **more})
        if name == "app.bsky.feed.getPosts":
            posts = [*(one["post"] for one in self.home), *self.notifications, *self.found]
            wanted = parse_qs(request.target.partition("?")[2])["uris"]
            return json_answer({"posts": [one for one in posts if one["uri"] in wanted]})
        if name == "app.bsky.actor.getProfile":
            return json_answer({"did": ME, "followersCount": 250, "followsCount": 3})
        return self._record(name, query, request)

    def _record(self, name: str, query: dict[str, str], request: Request) -> Answer:
        if name == "com.atproto.repo.getRecord":
            found = self.records.get(query["rkey"])
            return json_answer({"value": found}) if found else json_answer({"error": "RecordNotFound"}, 400)
        body = json.loads(request.body)
        assert name == "com.atproto.repo.putRecord" and body["swapRecord"] is None
        if body["rkey"] in self.records:
            return json_answer({"error": "InvalidSwap"}, 400)
        self.records[body["rkey"]] = body["record"]
        return json_answer({"uri": "at://x", "cid": "new"})


def _at(one: dict[str, Any]) -> tuple[str, str]:
    return one["indexedAt"], one["uri"]
