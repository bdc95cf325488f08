# SPDX-License-Identifier: AGPL-3.0-or-later
"""Speaks with one Matrix server for one account: what is new in its rooms, what was before, saying something."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from plein.channels.connectors.answers import mapping, objects, parse, wanted_object
from plein.channels.connectors.matrix.events import is_name
from plein.channels.connectors.posts import clean
from plein.channels.live import Net, Reply, Trouble

_PREFIX = "/_matrix/client/v3"
PAGE = 100
#: So many pages of a room are read back at most in one visit.
MOST_PAGES = 200
_STATE = ["m.room.name", "m.room.canonical_alias", "m.room.encryption", "m.room.member"]


def _filter(limit: int) -> str:
    members = {"lazy_load_members": True, "include_redundant_members": True}
    wanted = {
        "presence": {"types": []},
        "account_data": {"types": []},
        "room": {
            "timeline": {"limit": limit, **members},
            "state": {"types": _STATE, **members},
            "ephemeral": {"types": []},
            "account_data": {"types": []},
        },
    }
    return json.dumps(wanted, separators=(",", ":"))


@dataclass(slots=True)
class Server:
    """A server, with the token of an account there."""

    url: str
    token: str
    net: Net
    #: Whether the server forgot the place that it was asked about.
    forgot: bool = False

    def ask(
        self, method: str, path: str, query: Mapping[str, str] | None = None, body: dict[str, Any] | None = None,
        timeout: float = 30.0,
    ) -> Reply:  # fmt: skip
        """Ask as the account."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        said = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            said = json.dumps(body).encode()
        url = f"{self.url}{_PREFIX}{path}" + (f"?{urlencode(query)}" if query else "")
        return self.net.ask(method, url, headers=headers, body=said, most_bytes=32_000_000, timeout=timeout)

    @property
    def host(self) -> str:
        """The name of the machine."""
        return urlsplit(self.url).hostname or ""

    def me(self) -> str:
        """Whose token it is."""
        found = clean(wanted_object(self.ask("GET", "/account/whoami")).get("user_id"), 500)
        if not is_name(found):
            raise Trouble(f"{self.host} does not say whose token this is.")
        return found

    def sync(self, since: str, *, wait: float = 0.0, limit: int = 50) -> dict[str, Any]:
        """What is new since a place, or after so many seconds that nothing is; and the next place."""
        query = {"filter": _filter(limit), "timeout": str(int(wait * 1000))} | ({"since": since} if since else {})
        reply = self.ask("GET", "/sync", query, timeout=wait + 30)
        if reply.status == 400 and since and _error(reply) in ("M_UNKNOWN_POS", "M_INVALID_PARAM", "M_UNKNOWN"):
            self.forgot = True
            return self.sync("", wait=wait, limit=limit)
        found = wanted_object(reply)
        if not clean(found.get("next_batch")):
            raise Trouble(f"What {self.host} answered is not what it should be.")
        return found

    def joined(self, found: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """The rooms that the account is in and that have news, by identifier."""
        rooms = mapping(mapping(found.get("rooms")).get("join"))
        return {
            name: mapping(rooms[name]) for name in sorted(rooms) if name.startswith("!") and name == clean(name, 300)
        }

    def before(self, room: str, start: str, until: str) -> Iterator[list[dict[str, Any]]]:
        """What was said before a place, page by page, the newest first; not what was before `until`."""
        for _turn in range(MOST_PAGES):
            query = {"dir": "b", "from": start, "limit": str(PAGE)} | ({"to": until} if until else {})
            reply = self.ask("GET", f"/rooms/{quote(room, safe='')}/messages", query)
            if reply.status in (403, 404):
                # Of what was before we came in, nothing is told.
                return
            page = wanted_object(reply)
            yield objects(page.get("chunk"))
            further = clean(page.get("end"), 1000)
            if not further or further == start or not page.get("chunk"):
                return
            start = further

    def say(self, room: str, key: str, content: dict[str, Any]) -> str:
        """Say something in a room; the server knows the key, so that a second try says nothing twice."""
        place = f"/rooms/{quote(room, safe='')}"
        if self.ask("GET", f"{place}/state/m.room.encryption").status == 200:
            raise Trouble("This room is encrypted: Plein can neither read nor write there.", is_lasting=True)
        reply = self.ask("PUT", f"{place}/send/m.room.message/{quote(key, safe='')}", None, content)
        if reply.status in (403, 404):
            raise Trouble("This account may not write in this room, or is not in it any more.", is_lasting=True)
        number = clean(wanted_object(reply).get("event_id"), 300)
        if not number:
            raise Trouble(f"What {self.host} answered is not what it should be.")
        return number


def _error(reply: Reply) -> str:
    try:
        return clean(mapping(parse(reply.body)).get("errcode"), 100)
    except ValueError:
        return ""
