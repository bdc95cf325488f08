# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hears what reaches an account on Mastodon, and answers."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from plein.channels.base import Address, Cursor, Edited, Gone, Message
from plein.channels.connectors.again import (
    LONGEST_ROLL,
    MOST_WATCHED,
    ROLL_EVERY,
    WATCH_EVERY,
    is_due,
    lines_of,
    packed,
    unpacked,
)
from plein.channels.connectors.answers import mapping, parse, wanted_list, wanted_object
from plein.channels.connectors.mastodon.server import Server, order
from plein.channels.connectors.mastodon.statuses import address, ended, follow, handle, message
from plein.channels.connectors.posts import LONGEST, clean, moment, one_line, server_address, web_address
from plein.channels.live import SPEAKING, Glimpse, Heard, Outgoing, Sent, Trouble, Visit


class Settings(BaseModel):
    """Which server and account, and what of it to hear."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    server: str = Field(title="Server", description="For example https://mastodon.social", max_length=300)
    token: SecretStr = Field(
        title="Access token",
        description="Made on the server under Preferences, Development: with read; to answer, with write:statuses too.",
    )
    home: bool = Field(default=False, title="Home", description="Everything from the accounts that this one follows.")
    mentions: bool = Field(default=True, title="Mentions", description="What names this account, and private messages.")
    followers: bool = Field(default=True, title="Followers", description="Who follows this account.")
    boosts: bool = Field(default=False, title="Boosts", description="Also what those we follow pass on.")
    lists: tuple[str, ...] = Field(default=(), title="Lists", description="Names of lists of this account.")
    hashtags: tuple[str, ...] = Field(default=(), title="Hashtags", description="Without the #.")
    colleagues: bool = Field(default=False, title="Colleagues speak too", description=SPEAKING)

    @field_validator("server")
    @classmethod
    def _address(cls, value: str) -> str:
        return server_address(value)

    @field_validator("hashtags")
    @classmethod
    def _bare(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one for value in values if (one := value.strip().lstrip("#")))


class MastodonConnector:
    """Mastodon, and servers that speak as it does."""

    key: ClassVar[str] = "mastodon"
    label: ClassVar[str] = "Mastodon"
    icon: ClassVar[str] = "brand-mastodon"
    Settings: ClassVar[type[BaseModel]] = Settings
    can_send: ClassVar[bool] = True
    can_wait: ClassVar[bool] = True
    longest: ClassVar[int] = 500

    def look(self, visit: Visit) -> Glimpse:
        """Whose account it is, and how much there is of what the server counts."""
        server = _server(visit)
        me = server.me()
        counts = {"followers": _count(me, "followers_count"), "following": _count(me, "following_count")}
        for one in wanted_list(server.ask("/api/v1/lists")):
            counts[one_line(one.get("title")) or "?"] = 0
        account = f"@{handle(me, server.domain())}"
        return Glimpse(account=account, counts=counts, longest=server.longest() or self.longest)

    def fetch(self, visit: Visit) -> Iterator[tuple[Cursor, Heard | None]]:
        """What is new in each thing that is heard, each with its own place in the cursor."""
        yield from _Hearing(visit).all()

    def wait(self, visit: Visit, *, most_seconds: float) -> bool:
        """Listen to the stream of the account until something is told."""
        server = _server(visit)
        headers = {"Authorization": f"Bearer {server.token}", "Accept": "text/event-stream"}
        url = f"{server.streaming()}/api/v1/streaming/user"
        for line in visit.net.lines(url, headers=headers, most_seconds=most_seconds):
            if visit.should_stop():
                return False
            if line.strip() in ("event: update", "event: notification", "event: conversation"):
                return True
        return False

    def send(self, visit: Visit, outgoing: Outgoing) -> Sent:
        """Post or answer; the server knows the key for an hour, so that a second try says nothing twice."""
        server = _server(visit)
        form = _form(server, outgoing)
        said = server.said_since(outgoing.tried_since, form) if outgoing.tried_since else None
        if said is None:
            reply = server.ask("/api/v1/statuses", form=form, key=outgoing.key)
            if reply.status == 422:
                raise Trouble(f"{server.host} does not take this post: it may be too long.", is_lasting=True)
            said = wanted_object(reply)
        return Sent(clean(said.get("uri"), 1000), web_address(said.get("url")))


def _form(server: Server, outgoing: Outgoing) -> dict[str, str]:
    """What is posted: to whom it goes stands in the text, and it is never more public than what it answers."""
    form = {"status": outgoing.text, "visibility": "public" if outgoing.is_public else "direct"}
    named = [f"@{one.lstrip('@')}" for one in outgoing.to]
    if outgoing.in_reply_to:
        answered = server.status_of(outgoing.in_reply_to)
        form["in_reply_to_id"] = str(answered["id"])
        named += [f"@{handle(mapping(answered.get('account')), server.domain())}"]
        seen = clean(answered.get("visibility"), 20) or "public"
        if outgoing.is_public or seen == "private":
            form["visibility"] = seen
    missing = [one for one in dict.fromkeys(named) if one.lower() not in outgoing.text.lower()]
    form["status"] = " ".join([*missing, outgoing.text])
    if outgoing.subject:
        form["spoiler_text"] = outgoing.subject
    return form


class _Hearing:
    """One visit: the places in each stream of what is heard, and who we are."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.settings = _settings(visit)
        self.server = _server(visit)
        try:
            held = mapping(parse(visit.cursor or "{}"))
        except ValueError:
            held = {}
        self.watched = lines_of(held.pop("watched", None), 3)
        self.roll = clean(held.pop("roll", None), LONGEST)
        self.places = {name: value[:100] for name, value in held.items() if isinstance(value, str)}
        account = self.server.me()
        self.domain = self.server.domain()
        self.me: Address = address(account, self.domain, "to")
        self.my_id = quote(str(account["id"]), safe="")

    def cursor(self, name: str = "", place: str = "") -> Cursor:
        if name:
            self.places[name] = place
        kept = {"watched": self.watched, "roll": self.roll}
        held = self.places | {key: value for key, value in kept.items() if value}
        return json.dumps(held, separators=(",", ":"), sort_keys=True)

    def all(self) -> Iterator[tuple[Cursor, Heard | None]]:
        if self.settings.mentions:
            yield from self._notifications()
        if self.settings.home:
            yield from self._statuses("home", "/api/v1/timelines/home", "home")
        for title, number in self._lists():
            yield from self._statuses(f"list:{number}", f"/api/v1/timelines/list/{quote(number, safe='')}", title)
        for tag in self.settings.hashtags:
            yield from self._statuses(f"tag:{tag.lower()}", f"/api/v1/timelines/tag/{quote(tag, safe='')}", f"#{tag}")
        if self.settings.followers:
            yield from self._followers()
        yield from self._changes()
        yield from self._who_left()
        if self.cursor() != self.visit.cursor:
            yield self.cursor(), None

    def _lists(self) -> Iterator[tuple[str, str]]:
        if not self.settings.lists:
            return
        wanted = {name.strip().casefold() for name in self.settings.lists}
        for one in wanted_list(self.server.ask("/api/v1/lists")):
            title = one_line(one.get("title"))
            if title.casefold() in wanted and one.get("id"):
                yield title, str(one["id"])

    def _statuses(self, name: str, path: str, folder: str) -> Iterator[tuple[Cursor, Heard | None]]:
        start = self.places.get(name) or _number_at(self.visit.since)
        for one in self.server.forward(path, start):
            if self.visit.should_stop():
                return
            yield self.cursor(name, str(one["id"])), self._message(one, folder)

    def _message(self, status: dict[str, Any], folder: str) -> Message | None:
        passed_on = mapping(status.get("reblog"))
        if passed_on and not self.settings.boosts:
            return None
        return self._heard(passed_on or status, folder)

    def _heard(self, status: dict[str, Any], folder: str) -> Message | None:
        """The message that a status is, which is looked at again later."""
        found = message(status, self.server, self.domain, folder)
        number = str(status.get("id") or "")[:100]
        if found is not None and number:
            rest = [one for one in self.watched if one[0] != number]
            self.watched = [*rest, [number, _edited_at(status), found.external_id]][-MOST_WATCHED:]
        return found

    def _changes(self) -> Iterator[tuple[Cursor, Heard | None]]:
        """What was edited or taken away of the latest that was heard."""
        if not is_due(self.places, "watched.at", WATCH_EVERY) or not self.watched:
            return
        there = self.server.statuses([number for number, _edited, _uri in self.watched])
        for line in list(self.watched):
            number, edited, uri = line
            status = there.get(number)
            if self.visit.should_stop() or number not in there:
                continue
            if status is None:
                self.watched.remove(line)
                yield self.cursor(), Gone(uri)
            elif _edited_at(status) != edited:
                found = self._heard(status, "")
                yield self.cursor(), Edited(found) if found else None

    def _who_left(self) -> Iterator[tuple[Cursor, Heard | None]]:
        """Who followed when we last looked, and does not any more."""
        is_ready = self.settings.followers and self.places.get("followers.all")
        is_first = "roll.at" not in self.places
        if not is_ready or not (is_due(self.places, "roll.at", ROLL_EVERY) or is_first):
            return
        path, older, names = f"/api/v1/accounts/{self.my_id}/followers", "", set[str]()
        while not self.visit.should_stop() and len(names) < LONGEST_ROLL:
            page = self.server.page(path, {"max_id": older} if older else {})
            names |= {name for one in page.items if (name := handle(one, self.domain))}
            if not page.older or page.older == older:
                yield from self._compared(names)
                return
            older = page.older

    def _compared(self, names: set[str]) -> Iterator[tuple[Cursor, Heard | None]]:
        for name in sorted(unpacked(self.roll) - names):
            yield self.cursor(), ended(name, self.me)
        self.roll = packed(names)

    def _notifications(self) -> Iterator[tuple[Cursor, Heard | None]]:
        place = self.places.get("notifications", "")
        for one in self.server.forward("/api/v1/notifications", place):
            if self.visit.should_stop():
                return
            yield self.cursor("notifications", str(one["id"])), self._notified(one)

    def _notified(self, one: dict[str, Any]) -> Heard | None:
        at = moment(one.get("created_at"))
        if self.visit.since and at and at < self.visit.since:
            return None
        kind = one.get("type")
        status = mapping(one.get("status"))
        if kind in ("mention", "status"):
            return self._heard(status, "mentions") if status else None
        if kind == "update":
            edited = self._heard(status, "mentions") if status else None
            return Edited(edited) if edited else None
        if kind == "follow" and self.settings.followers:
            return follow(mapping(one.get("account")), self.me, self.domain, one.get("created_at"))
        return None

    def _followers(self) -> Iterator[tuple[Cursor, Heard | None]]:
        """Everybody who follows us, newest first, once; who comes later is told by the notifications too."""
        path = f"/api/v1/accounts/{self.my_id}/followers"
        if self.places.get("followers.all"):
            yield from self._new_followers(path)
            return
        while not self.visit.should_stop():
            older = self.places.get("followers.older", "")
            page = self.server.page(path, {"max_id": older} if older else {})
            if not older and page.newer:
                self.places["followers.newest"] = page.newer
            yield from self._page_of_followers(page.items)
            if not page.older or page.older == older:
                yield self.cursor("followers.all", "1"), None
                return
            yield self.cursor("followers.older", page.older), None
            if page.is_last_for_now:
                return

    def _new_followers(self, path: str) -> Iterator[tuple[Cursor, Heard | None]]:
        while not self.visit.should_stop():
            newest = self.places.get("followers.newest", "")
            page = self.server.page(path, {"min_id": newest} if newest else {})
            yield from self._page_of_followers(page.items)
            if not page.items or not page.newer or order(page.newer) <= order(newest):
                return
            yield self.cursor("followers.newest", page.newer), None

    def _page_of_followers(self, accounts: list[dict[str, Any]]) -> Iterator[tuple[Cursor, Heard | None]]:
        """The followers of one page; one that broke off goes on after the last that was heard."""
        numbers = [str(one.get("id")) for one in accounts]
        last = self.places.get("followers.last", "")
        start = numbers.index(last) + 1 if last in numbers else 0
        for number, account in zip(numbers[start:], accounts[start:], strict=True):
            yield self.cursor("followers.last", number), follow(account, self.me, self.domain)


def _edited_at(status: dict[str, Any]) -> str:
    return clean(status.get("edited_at"), 100)


def _settings(visit: Visit) -> Settings:
    assert isinstance(visit.settings, Settings)
    return visit.settings


def _server(visit: Visit) -> Server:
    settings = _settings(visit)
    return Server(settings.server, settings.token.get_secret_value(), visit.net)


def _count(account: dict[str, Any], name: str) -> int:
    value = account.get(name)
    return value if type(value) is int and value >= 0 else 0


def _number_at(moment: datetime | None) -> str:
    """The first number that a post of then can have: posts are numbered by the millisecond."""
    return "" if moment is None else str(int(moment.timestamp() * 1000) << 16)
