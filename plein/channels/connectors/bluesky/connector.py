# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hears what reaches an account on Bluesky, and answers."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from plein.channels.base import Address, Cursor, Gone, Message
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
from plein.channels.connectors.answers import mapping, objects, parse, wanted_object
from plein.channels.connectors.bluesky.posts import (
    COLLECTION,
    address,
    ended,
    facets,
    follow,
    message,
    page_of,
    record_key,
)
from plein.channels.connectors.bluesky.session import Session
from plein.channels.connectors.posts import clean, moment, server_address
from plein.channels.live import SPEAKING, Glimpse, Heard, Outgoing, Sent, Trouble, Visit
from plein.core.ids import now

#: The longest post that the network takes, in characters as people count them; counted simply it is safe.
LONGEST = 300
_PAGE = "100"
#: So many posts the network tells of at once.
_AT_ONCE = 25
#: A timeline is read back this far at most, and never further than the owner wants.
_MOST_PAGES = 100
_LOOKS_BACK = timedelta(days=90)


class Settings(BaseModel):
    """Which account, and what of it to hear."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: str = Field(title="Account", description="For example name.bsky.social", min_length=3, max_length=300)
    password: SecretStr = Field(
        title="App password", description="Made under Settings, Privacy and security, App passwords; not your own."
    )
    server: str = Field(default="https://bsky.social", title="Server", max_length=300)
    home: bool = Field(default=False, title="Home", description="Everything from the accounts that this one follows.")
    mentions: bool = Field(default=True, title="Mentions", description="Mentions, answers and quotes.")
    followers: bool = Field(default=True, title="Followers", description="Who follows this account.")
    reposts: bool = Field(default=False, title="Reposts", description="Also what those we follow pass on.")
    searches: tuple[str, ...] = Field(default=(), title="Searches", description="Words to look for in all posts.")
    colleagues: bool = Field(default=False, title="Colleagues speak too", description=SPEAKING)

    @field_validator("server")
    @classmethod
    def _address(cls, value: str) -> str:
        return server_address(value)

    @field_validator("account")
    @classmethod
    def _bare(cls, value: str) -> str:
        return value.strip().lstrip("@").lower()


class BlueskyConnector:
    """Bluesky, and other servers of the AT protocol."""

    key: ClassVar[str] = "bluesky"
    label: ClassVar[str] = "Bluesky"
    icon: ClassVar[str] = "brand-bluesky"
    Settings: ClassVar[type[BaseModel]] = Settings
    can_send: ClassVar[bool] = True
    can_wait: ClassVar[bool] = False
    longest: ClassVar[int] = LONGEST

    def look(self, visit: Visit) -> Glimpse:
        """Whose account it is, and what the server counts."""
        session = _session(visit)
        session.begin()
        profile = wanted_object(session.ask("GET", "app.bsky.actor.getProfile", {"actor": session.did}))
        counted = {"followers": profile.get("followersCount"), "following": profile.get("followsCount")}
        counts = {name: value for name, value in counted.items() if type(value) is int and value >= 0}
        return Glimpse(account=f"@{session.handle}", counts=counts, longest=LONGEST)

    def fetch(self, visit: Visit) -> Iterator[tuple[Cursor, Heard | None]]:
        """What is new in each thing that is heard, each with its own place in the cursor."""
        yield from _Hearing(visit).all()

    def wait(self, visit: Visit, *, most_seconds: float) -> bool:
        """Bluesky does not tell an account when there is news for it."""
        return False

    def send(self, visit: Visit, outgoing: Outgoing) -> Sent:
        """Post or answer, under a key made of what is said, so that a second try finds the first."""
        if not outgoing.is_public and not outgoing.in_reply_to:
            raise Trouble("Everything on Bluesky is public: a private message cannot be sent there.", is_lasting=True)
        if len(outgoing.text) > LONGEST:
            raise Trouble(f"Bluesky takes posts of at most {LONGEST} characters.", is_lasting=True)
        session = _session(visit)
        session.begin()
        key = record_key(outgoing.key)
        uri = f"at://{session.did}/{COLLECTION}/{key}"
        said = Sent(uri, page_of(uri, session.handle))
        own = {"repo": session.did, "collection": COLLECTION, "rkey": key}
        if session.ask("GET", "com.atproto.repo.getRecord", own).status == 200:
            return said
        record: dict[str, Any] = {
            "$type": COLLECTION,
            "text": outgoing.text,
            "createdAt": now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        if outgoing.in_reply_to:
            record["reply"] = _answered(session, outgoing.in_reply_to)
        if found := facets(outgoing.text):
            record["facets"] = found
        # Nothing may stand there yet: whoever was first has said it.
        reply = session.ask("POST", "com.atproto.repo.putRecord", None, {**own, "record": record, "swapRecord": None})
        if reply.status == 400 and session.ask("GET", "com.atproto.repo.getRecord", own).status == 200:
            return said
        wanted_object(reply)
        return said


def _answered(session: Session, uri: str) -> dict[str, Any]:
    """What a post answers, and the post that the conversation began with."""
    found = objects(wanted_object(session.ask("GET", "app.bsky.feed.getPosts", {"uris": [uri]})).get("posts"))
    if not found or not clean(found[0].get("cid")):
        raise Trouble("The post to answer cannot be found any more.", is_lasting=True)
    parent = {"uri": uri, "cid": clean(found[0].get("cid"), 300)}
    root = mapping(mapping(mapping(found[0].get("record")).get("reply")).get("root"))
    return {
        "parent": parent,
        "root": {"uri": root["uri"], "cid": root["cid"]} if "cid" in root and "uri" in root else parent,
    }


def _settings(visit: Visit) -> Settings:
    assert isinstance(visit.settings, Settings)
    return visit.settings


def _session(visit: Visit) -> Session:
    settings = _settings(visit)
    return Session(settings.server, settings.account, settings.password.get_secret_value(), visit.net)


class _Hearing:
    """One visit. The network gives what is new newest first, without numbers: it is read back to where we were."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.settings = _settings(visit)
        try:
            self.places = mapping(parse(visit.cursor or "{}"))
        except ValueError:
            self.places = {}
        self.session = _session(visit)
        self.session.unseal(clean(self.places.get("session"), 50_000))

    def cursor(self, name: str = "", place: object = None) -> Cursor:
        if name:
            self.places[name] = place
        return json.dumps(self.places, separators=(",", ":"), sort_keys=True)

    def all(self) -> Iterator[tuple[Cursor, Heard | None]]:
        if not self.session.access:
            self.session.begin()
        self._keep_session()
        if self.settings.mentions or self.settings.followers:
            yield from self._notifications()
        if self.settings.home:
            yield from self._read("home", "app.bsky.feed.getTimeline", "feed", {})
        for words in self.settings.searches:
            query = {"q": words, "sort": "latest"}
            yield from self._read(f"search:{words}", "app.bsky.feed.searchPosts", "posts", query)
        if self.settings.followers:
            yield from self._followers()
        yield from self._taken_away()
        yield from self._who_left()
        self._keep_session()
        if self.cursor() != self.visit.cursor:
            yield self.cursor(), None

    def _keep_session(self) -> None:
        if self.session.is_new:
            self.places["session"], self.session.is_new = self.session.sealed(), False

    def _me(self) -> Address:
        return address({"handle": self.session.handle, "did": self.session.did}, "to")

    def _read(self, name: str, method: str, field: str, query: dict[str, str]) -> Iterator[tuple[Cursor, Heard | None]]:
        for place, one in self._new(name, method, field, query):
            view = mapping(one.get("post")) or one
            is_passed_on = clean(mapping(one.get("reason")).get("$type")).endswith("reasonRepost")
            wanted = self.settings.reposts or not is_passed_on
            folder = name.removeprefix("search:")
            yield self.cursor(name, place), self._heard(view, folder) if wanted else None

    def _notifications(self) -> Iterator[tuple[Cursor, Heard | None]]:
        method = "app.bsky.notification.listNotifications"
        for place, one in self._new("notifications", method, "notifications", {}):
            yield self.cursor("notifications", place), self._notified(one)

    def _notified(self, one: dict[str, Any]) -> Heard | None:
        reason = one.get("reason")
        if reason in ("mention", "reply", "quote") and self.settings.mentions:
            return self._heard(one, "mentions")
        if reason == "follow" and self.settings.followers:
            return follow(mapping(one.get("author")), self._me(), one.get("indexedAt"))
        return None

    def _heard(self, view: dict[str, Any], folder: str) -> Message | None:
        """The message that a post is, which is looked at again later."""
        found = message(view, folder, self.session.handle)
        if found is not None:
            rest = [one for one in lines_of(self.places.get("watched"), 1) if one[0] != found.external_id]
            self.places["watched"] = [*rest, [found.external_id]][-MOST_WATCHED:]
        return found

    def _taken_away(self) -> Iterator[tuple[Cursor, Heard | None]]:
        """What was taken away of the latest that was heard."""
        watched = [uri for (uri,) in lines_of(self.places.get("watched"), 1)]
        if not is_due(self.places, "watched.at", WATCH_EVERY) or not watched:
            return
        there: set[str] = set()
        for start in range(0, len(watched), _AT_ONCE):
            asked: dict[str, str | list[str]] = {"uris": watched[start : start + _AT_ONCE]}
            told = wanted_object(self.session.ask("GET", "app.bsky.feed.getPosts", asked))
            there |= {clean(one.get("uri"), 1000) for one in objects(told.get("posts"))}
        for uri in [one for one in watched if one not in there]:
            watched.remove(uri)
            yield self.cursor("watched", [[one] for one in watched]), Gone(uri)

    def _who_left(self) -> Iterator[tuple[Cursor, Heard | None]]:
        """Who followed when we last looked, and does not any more."""
        is_ready = self.settings.followers and self.places.get("followers.all") is True
        is_first = "roll.at" not in self.places
        if not is_ready or not (is_due(self.places, "roll.at", ROLL_EVERY) or is_first):
            return
        names: set[str] = set()
        for page in self._back("app.bsky.graph.getFollowers", "followers", {"actor": self.session.did}):
            names |= {name for one in page if (name := address(one, "from").address)}
            if len(names) > LONGEST_ROLL or self.visit.should_stop():
                return
        for name in sorted(unpacked(self.places.get("roll")) - names):
            yield self.cursor(), ended(name, self._me())
        self.places["roll"] = packed(names)

    def _new(
        self, name: str, method: str, field: str, query: dict[str, str]
    ) -> Iterator[tuple[list[str], dict[str, Any]]]:
        """What was not heard yet, oldest first, each with the place after it: a time, and what was heard of then."""
        held = self.places.get(name)
        last = [clean(one, 1000) for one in held] if isinstance(held, list) and held else []
        found: list[tuple[datetime, str, dict[str, Any]]] = []
        begin = moment(last[0]) if last else None
        begin = begin or self.visit.since or now() - _LOOKS_BACK
        for page in self._back(method, field, query):
            dated = [(at, uri, one) for one in page if (at := _stands_at(one)) and (uri := _named(one))]
            found += [line for line in dated if line[0] > begin or (line[0] == begin and line[1] not in last[1:])]
            # The order is nearly that of time: only a page on which all is older ends it.
            if all(at < begin for at, _uri, _one in dated):
                break
        found.sort(key=lambda three: three[:2])
        for at, uri, one in found:
            if self.visit.should_stop():
                return
            same = last[1:] if last and moment(last[0]) == at else []
            last = [at.isoformat(), *same, uri]
            yield last, one

    def _back(self, method: str, field: str, query: dict[str, str]) -> Iterator[list[dict[str, Any]]]:
        """Page after page, newest first."""
        older = ""
        for _turn in range(_MOST_PAGES):
            asked = {"limit": _PAGE, **query} | ({"cursor": older} if older else {})
            page = wanted_object(self.session.ask("GET", method, asked))
            yield objects(page.get(field))
            further = clean(page.get("cursor"), 2000)
            if not further or further == older or not page.get(field):
                return
            older = further

    def _followers(self) -> Iterator[tuple[Cursor, Heard | None]]:
        """Everybody who follows us, once; who comes later is told by the notifications."""
        if self.places.get("followers.all") is True:
            return
        while not self.visit.should_stop():
            older = clean(self.places.get("followers.older"), 2000)
            asked = {"actor": self.session.did, "limit": _PAGE} | ({"cursor": older} if older else {})
            page = wanted_object(self.session.ask("GET", "app.bsky.graph.getFollowers", asked))
            names = [clean(one.get("did"), 300) for one in objects(page.get("followers"))]
            last = self.places.get("followers.last")
            start = names.index(last) + 1 if last in names else 0
            for name, profile in zip(names[start:], objects(page.get("followers"))[start:], strict=True):
                yield self.cursor("followers.last", name), follow(profile, self._me())
            further = clean(page.get("cursor"), 2000)
            if not further or further == older or not names:
                yield self.cursor("followers.all", True), None
                return
            yield self.cursor("followers.older", further), None


def _stands_at(one: dict[str, Any]) -> datetime | None:
    """When it came in where we read it: of something passed on, when that was done."""
    reason = mapping(one.get("reason"))
    view = mapping(one.get("post")) or one
    return moment(reason.get("indexedAt")) or moment(view.get("indexedAt"))


def _named(one: dict[str, Any]) -> str:
    """What tells one line of a list from another: a post may stand in it again when somebody passes it on."""
    reason = mapping(one.get("reason"))
    view = mapping(one.get("post")) or one
    by = clean(mapping(reason.get("by")).get("did"), 300)
    uri = clean(view.get("uri"), 1000)
    return f"{by} {uri}" if by and uri else uri
