# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small Matrix server as a behaviour: rooms with events in the order they came in, places as their number."""

import json
from typing import Any
from urllib.parse import parse_qs, unquote

from plein.channels.connectors.mastodon.tests.fake import json_answer
from plein.testing.peers import Answer, Request

HOST = "matrix.example"
URL = f"https://{HOST}"
ME = "@us:matrix.example"
BEGAN = 1_772_400_000_000


def said(number: int, sender: int = 1, **more: Any) -> dict[str, Any]:
    """A message, a minute after the one before."""
    content = {"msgtype": "m.text", "body": f"Line {number}", **more}
    return event(number, "m.room.message", content, f"@name{sender}:far.example" if sender else ME)


def event(number: int, kind: str, content: dict[str, Any], sender: str = ME, **more: Any) -> dict[str, Any]:
    return {"event_id": f"$e{number}", "type": kind, "sender": sender, "origin_server_ts": BEGAN + number * 60_000,
            "content": content, **more}  # fmt: skip


def member(sender: int) -> dict[str, Any]:
    name = f"@name{sender}:far.example"
    return event(900_000 + sender, "m.room.member", {"displayname": f"Name {sender}"}, name, state_key=name)


class FakeMatrix:
    """Its rooms and the stream of what comes into them are a test's to fill; what is said lands in `sent`."""

    def __init__(self) -> None:
        self.rooms = {"!nets:far.example": "Nets", "!two:far.example": "", "!closed:far.example": "Secret"}
        self.stream: list[tuple[str, dict[str, Any]]] = []
        for number in range(130):
            self.add("!nets:far.example", said(number, 1 + number % 3))
        self.add("!two:far.example", said(500, 2))
        self.add("!closed:far.example", event(600, "m.room.encrypted", {"ciphertext": "x"}, "@name1:far.example"))
        self.sent: dict[str, dict[str, Any]] = {}

    def add(self, room: str, one: dict[str, Any]) -> None:
        self.stream.append((room, one))

    def __call__(self, request: Request) -> Answer:
        if request.headers.get("authorization") != "Bearer token":
            return json_answer({"errcode": "M_UNKNOWN_TOKEN"}, 401)
        query = {name: values[0] for name, values in parse_qs(request.target.partition("?")[2]).items()}
        path = unquote(request.path.removeprefix("/_matrix/client/v3"))
        if path == "/account/whoami":
            return json_answer({"user_id": ME})
        if path == "/sync":
            return self._sync(query)
        room = path.split("/")[2] if path.startswith("/rooms/") else ""
        if path.endswith("/messages"):
            return self._messages(room, query)
        if path.endswith("/state/m.room.encryption"):
            closed = room.startswith("!closed")
            return json_answer({"algorithm": "x"}) if closed else json_answer({"errcode": "M_NOT_FOUND"}, 404)
        if request.method == "PUT" and room in self.rooms:
            number = self.sent.setdefault(path.rpartition("/")[2], {"id": f"$s{len(self.sent)}", "room": room})
            number["content"] = json.loads(request.body)
            return json_answer({"event_id": number["id"]})
        return json_answer({"errcode": "M_FORBIDDEN"}, 403)

    def _sync(self, query: dict[str, str]) -> Answer:
        since = query.get("since", "")
        if since and not since.startswith("s"):
            return json_answer({"errcode": "M_UNKNOWN_POS"}, 400)
        start, limit = int(since[1:] or 0), json.loads(query["filter"])["room"]["timeline"]["limit"]
        news = self.stream[start:]
        rooms = {room: self._joined(room, start, limit, not since) for room in {room for room, _one in news}}
        return json_answer({"next_batch": f"s{len(self.stream)}", "rooms": {"join": rooms}})

    def _joined(self, room: str, start: int, limit: int, is_first: bool) -> dict[str, Any]:
        places = [place for place, (where, _one) in enumerate(self.stream) if where == room and place >= start]
        shown = places[-limit:]
        state = [member(number) for number in range(1, 5)]
        if self.rooms[room]:
            state.append(event(1, "m.room.name", {"name": self.rooms[room]}, state_key=""))
        if room.startswith("!closed"):
            state.append(event(2, "m.room.encryption", {"algorithm": "m.megolm.v1"}, state_key=""))
        heroes = ["@name2:far.example"] if room.startswith("!two") else [f"@name{one}:far.example" for one in (1, 2, 3)]
        count = 2 if room.startswith("!two") else 40
        return {
            "summary": {"m.heroes": heroes, "m.joined_member_count": count} if is_first else {},
            "state": {"events": state},
            "timeline": {
                "events": [self.stream[place][1] for place in shown],
                "limited": len(shown) < len(places),
                "prev_batch": f"s{shown[0]}",
            },
        }

    def _messages(self, room: str, query: dict[str, str]) -> Answer:
        start, until, limit = int(query["from"][1:]), int(query.get("to", "s0")[1:]), int(query["limit"])
        places = [place for place, (where, _one) in enumerate(self.stream) if where == room and until <= place < start]
        page = places[::-1][:limit]
        more = {"end": f"s{page[-1]}"} if page and page[-1] > min(places) else {}
        return json_answer({"chunk": [self.stream[place][1] for place in page], **more})
