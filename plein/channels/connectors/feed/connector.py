# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hears a feed: each entry once, also when it is edited, and asks no more than whether there is anything new."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from plein.channels.base import Address, Cursor, Message
from plein.channels.connectors.answers import links, mapping, parse, refuse
from plein.channels.connectors.feed.parse import MOST_BYTES, Entry, Feed, NoFeed, feed_of_page, read_feed
from plein.channels.connectors.posts import Post, clean, message_of, web_address
from plein.channels.live import Glimpse, Outgoing, Reply, Sent, Trouble, Visit

_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
#: How many entries that left the feed are still known, for when they come back.
_REMEMBERED = 400


class Settings(BaseModel):
    """Which feed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(
        title="Address",
        description="The address of the feed, or of the website that has one.",
        min_length=4,
        max_length=1000,
    )


@dataclass(slots=True)
class _Place:
    """How far a feed was heard: what the server said of its state, and which entries are known."""

    etag: str = ""
    changed: str = ""
    feed: str = ""
    is_begun: bool = False
    known: tuple[str, ...] = ()
    #: Where its news is told, and under which address.
    hub: str = ""
    topic: str = ""

    @classmethod
    def of(cls, cursor: Cursor) -> "_Place":
        try:
            held = mapping(parse(cursor or "{}"))
        except ValueError:
            held = {}
        known = held.get("known")
        return cls(
            clean(held.get("etag")),
            clean(held.get("changed")),
            clean(held.get("feed")),
            bool(held),
            tuple(one for one in known if isinstance(one, str)) if isinstance(known, list) else (),
            web_address(held.get("hub")),
            web_address(held.get("topic")),
        )

    def cursor(self) -> Cursor:
        held: dict[str, Any] = {"etag": self.etag, "changed": self.changed, "feed": self.feed, "known": self.known}
        if self.hub:
            held |= {"hub": self.hub, "topic": self.topic}
        return json.dumps(held, separators=(",", ":"))


class FeedConnector:
    """Feeds: RSS, Atom, RDF and JSON Feed."""

    key: ClassVar[str] = "feed"
    label: ClassVar[str] = "Feed (RSS, Atom)"
    icon: ClassVar[str] = "rss"
    Settings: ClassVar[type[BaseModel]] = Settings
    can_send: ClassVar[bool] = False
    can_wait: ClassVar[bool] = False
    longest: ClassVar[int] = 0

    def look(self, visit: Visit) -> Glimpse:
        """How the feed is called and how many entries it shows now."""
        feed, _reply, url = _asked(visit, _Place())
        counts = {feed.title or url: len(feed.entries)}
        senders: dict[str, int] = {}
        for one in feed.entries:
            name = one.email or one.author
            if name:
                senders[name] = senders.get(name, 0) + 1
        return Glimpse(account=feed.title or url, counts=counts, senders=senders)

    def fetch(self, visit: Visit) -> Iterator[tuple[Cursor, Message | None]]:
        """The entries that were not heard yet, oldest first."""
        place = _Place.of(visit.cursor)
        is_first = not place.is_begun
        feed, reply, url = _asked(visit, place)
        if reply.status == 304:
            return
        named = _named(feed, _settings(visit).url)
        known = set(place.known)
        new = _oldest_first([(name, one) for name, one in named.items() if _short(name) not in known])
        still = [_short(name) for name in named]
        gone = [one for one in place.known if one not in set(still)][-_REMEMBERED:]
        # Entries that were not handed out yet are not known yet: a visit that breaks off hears them again.
        passed = {_short(name) for name, _one in new}
        place.known = (*gone, *(one for one in still if one not in passed))
        for name, one in new:
            place.known = (*place.known, _short(name))
            if is_first and visit.since and one.at and one.at < visit.since:
                continue
            yield place.cursor(), _message(name, one, feed, url)
        place.known = (*gone, *still)
        place.etag, place.changed = reply.headers.get("etag", "")[:500], reply.headers.get("last-modified", "")[:100]
        place.feed = url if url != _settings(visit).url else ""
        place.hub, place.topic = (web_address(one) for one in hub_of(feed, reply))
        if place.cursor() != visit.cursor:
            yield place.cursor(), None

    def wait(self, visit: Visit, *, most_seconds: float) -> bool:
        """A feed does not tell by itself."""
        return False

    def send(self, visit: Visit, outgoing: Outgoing) -> Sent:
        """A feed cannot be answered."""
        raise Trouble("A feed can only be read.", is_lasting=True)


def hub_of(feed: Feed, reply: Reply) -> tuple[str, str]:
    """Where a feed tells its news, and under which address it does: from its head or from the feed itself."""
    named = {rel: target for rel, target in links(reply.headers.get("link", "")) if rel in ("hub", "self")}
    return named.get("hub") or feed.hub, named.get("self") or feed.topic


def hub_in(cursor: Cursor) -> tuple[str, str]:
    """The hub of a feed that was heard, and under which address it tells of the feed; both or neither."""
    place = _Place.of(cursor)
    return (place.hub, place.topic) if place.hub and place.topic else ("", "")


def _settings(visit: Visit) -> Settings:
    assert isinstance(visit.settings, Settings)
    return visit.settings


def _asked(visit: Visit, place: _Place) -> tuple[Feed, Reply, str]:
    """The feed, from its own address or the one that the website names; empty when nothing changed."""
    url = place.feed or _settings(visit).url
    reply = _ask(visit, url, place)
    if reply.status == 304:
        return Feed("", "", ()), reply, url
    try:
        return read_feed(reply.body, reply.url, reply.headers.get("content-type", "")), reply, url
    except NoFeed as trouble:
        other = feed_of_page(reply.body, reply.url)
        if not other or other == url:
            raise Trouble(str(trouble)) from trouble
    reply = _ask(visit, other, _Place())
    try:
        return read_feed(reply.body, reply.url, reply.headers.get("content-type", "")), reply, other
    except NoFeed as trouble:
        raise Trouble(str(trouble)) from trouble


def _ask(visit: Visit, url: str, place: _Place) -> Reply:
    headers = {"Accept": _ACCEPT}
    if place.etag:
        headers["If-None-Match"] = place.etag
    if place.changed:
        headers["If-Modified-Since"] = place.changed
    reply = visit.net.ask("GET", url, headers=headers, most_bytes=MOST_BYTES)
    if reply.status == 410:
        raise Trouble("This feed was taken away for good.", is_lasting=True)
    if reply.status != 304 or not (place.etag or place.changed):
        refuse(reply)
    return reply


def _named(feed: Feed, url: str) -> dict[str, Entry]:
    """The entries by an identifier that stays when one is edited; of entries with the same, the first."""
    found: dict[str, Entry] = {}
    for one in feed.entries:
        found.setdefault(_identifier(one, url), one)
    return found


def _identifier(one: Entry, url: str) -> str:
    """The identifier that the feed gives, which need only be its own; else the address, else what it says."""
    if one.id.startswith(("http://", "https://", "tag:", "urn:")):
        return one.id
    if one.id:
        return f"{url}#{one.id}"
    if one.link:
        return one.link
    said = "\n".join((one.title, one.text or one.html)) if one.at is None else f"{one.title}\n{one.at.isoformat()}"
    return f"{url}#sha256:{hashlib.sha256(said.encode()).hexdigest()[:32]}"


def _short(name: str) -> str:
    return hashlib.blake2b(name.encode(), digest_size=6).hexdigest()


def _oldest_first(entries: list[tuple[str, Entry]]) -> list[tuple[str, Entry]]:
    """By date where each has one; else as feeds are written, newest on top."""
    entries.reverse()
    if all(one.at for _name, one in entries):
        entries.sort(key=_date)
    return entries


def _date(pair: tuple[str, Entry]) -> datetime:
    return pair[1].at or datetime.min.replace(tzinfo=UTC)


def _message(name: str, one: Entry, feed: Feed, url: str) -> Message:
    author: dict[str, Any] = {"name": one.author, "address": one.email}
    return message_of(
        Post(
            external_id=name,
            author=Address("from", **author),
            sent_at=one.at,
            text=one.text,
            html=one.html,
            subject=one.title,
            url=one.link,
            place=feed.title or url,
            mailbox=url,
            list_id=url,
        )
    )
