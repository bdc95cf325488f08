# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small Mastodon server as a behaviour: pages by number, Link headers, idempotent posts."""

import json
from typing import Any
from urllib.parse import parse_qs, unquote

from plein.testing.peers import Answer, Request

HOST = "social.example"
URL = f"https://{HOST}"


def account(number: int, **more: Any) -> dict[str, Any]:
    name = f"name{number}" if number else "us"
    acct = name if number % 2 == 0 else f"{name}@far.example"
    return {"id": str(number), "username": name, "acct": acct, "display_name": f"Name {number}", **more}


def status(number: int, author: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": str(1000 + number),
        "uri": f"https://far.example/{number}",
        "url": f"https://far.example/@name/{number}",
        "created_at": f"2026-03-{1 + number // 60:02}T10:{number % 60:02}:00.000Z",
        "visibility": "public",
        "content": f"<p>Post {number}</p>",
        "account": account(author),
        "mentions": [],
        **more,
    }


class FakeMastodon:
    """Its posts, notifications and followers are lists that a test fills; what is said lands in `said`."""

    def __init__(self) -> None:
        self.home = [status(number, 1 + number % 5) for number in range(95)]
        self.notifications: list[dict[str, Any]] = [
            {"id": str(7 + number), "type": "mention", "created_at": "2026-03-01T10:00:00Z",
             "account": account(number + 1), "status": status(500 + number, number + 1, visibility="direct",
             mentions=[account(0)])}
            for number in range(50)
        ]  # fmt: skip
        self.followers = [account(number) for number in range(1, 101)]
        self.said: dict[str, dict[str, Any]] = {}

    def __call__(self, request: Request) -> Answer:
        if request.headers.get("authorization") != "Bearer token":
            return json_answer({"error": "The access token is invalid"}, 401)
        query = {name: values[0] for name, values in parse_qs(request.target.partition("?")[2]).items()}
        if request.method == "POST":
            return self._post(request)
        if request.path == "/api/v1/statuses":
            wanted = parse_qs(request.target.partition("?")[2])["id[]"]
            return json_answer([one for one in self._all() if one["id"] in wanted])
        ways = {
            "/api/v1/accounts/verify_credentials": lambda: json_answer(account(0, followers_count=100)),
            "/api/v2/instance": lambda: json_answer({"domain": HOST}),
            "/api/v1/timelines/home": lambda: paged(self.home, query),
            "/api/v1/timelines/list/5": lambda: paged(self.home[:3], query),
            "/api/v1/timelines/tag/nets": lambda: paged(self.home[3:6], query),
            "/api/v1/notifications": lambda: paged(self.notifications, query),
            "/api/v1/accounts/0/followers": lambda: paged(self.followers, query),
            "/api/v1/lists": lambda: json_answer([{"id": "5", "title": "Friends"}]),
            "/api/v2/search": lambda: json_answer({"statuses": [s for s in self._all() if s["uri"] == query["q"]]}),
        }
        return ways[request.path]() if request.path in ways else self._one(request)

    def _all(self) -> list[dict[str, Any]]:
        return [*self.home, *(one["status"] for one in self.notifications if one.get("status")), *self.said.values()]

    def _one(self, request: Request) -> Answer:
        number = unquote(request.path.rpartition("/")[2])
        found = [one for one in self._all() if one["id"] == number]
        return json_answer(found[0]) if found else json_answer({"error": "Record not found"}, 404)

    def _post(self, request: Request) -> Answer:
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        key = request.headers["idempotency-key"]
        self.said.setdefault(key, status(900 + len(self.said), 0, content=form["status"], form=form))
        return json_answer(self.said[key])


def paged(items: list[dict[str, Any]], query: dict[str, str]) -> Answer:
    """Newest first; `min_id` gives those right after it, `max_id` those right before."""
    ordered = sorted(items, key=lambda one: int(one["id"]))
    limit = int(query["limit"])
    if "min_id" in query:
        page = [one for one in ordered if int(one["id"]) > int(query["min_id"])][:limit]
    elif "max_id" in query:
        page = [one for one in ordered if int(one["id"]) < int(query["max_id"])][-limit:]
    else:
        page = ordered[-limit:]
    headers = {}
    if page:
        older, newer = page[0]["id"], page[-1]["id"]
        headers["Link"] = f'<{URL}/x?max_id={older}>; rel="next", <{URL}/x?min_id={newer}>; rel="prev"'
    return json_answer(page[::-1], 200, **headers)


def json_answer(value: object, status: int = 200, **headers: str) -> Answer:
    return Answer(json.dumps(value).encode(), status, {"Content-Type": "application/json", **headers})
