# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hears a calendar at an address: what is new in it, what changed, and what is not in it any more."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from plein.channels.base import Cursor, Entry, Gone
from plein.channels.connectors.answers import mapping, parse, refuse
from plein.channels.connectors.icalfeed.parse import MOST_BYTES, NoCalendar, Written, lasts_until, read_calendar
from plein.channels.connectors.posts import clean
from plein.channels.live import Glimpse, Outgoing, Reply, Sent, Trouble, Visit

#: How long the mark of an appointment is in the cursor, and that of what it says.
NAME, MARK = 16, 12


class Settings(BaseModel):
    """Which calendar. Who knows the address of a private calendar can read it: it is kept as a secret."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: SecretStr = Field(
        title="Address of the calendar",
        description="It begins with https or webcal, and often ends with .ics.",
        min_length=8,
        max_length=2000,
    )


@dataclass(slots=True)
class _Place:
    """How far a calendar was heard: what the server said of its state, and each appointment with its mark.

    `body` and `done` say how many changes of which calendar were handed out when a visit broke off.
    """

    etag: str = ""
    changed: str = ""
    known: dict[str, str] = field(default_factory=dict)
    body: str = ""
    done: int = 0

    @classmethod
    def of(cls, cursor: Cursor) -> "_Place":
        try:
            held = mapping(parse(cursor or "{}"))
        except ValueError:
            held = {}
        packed, done = clean(held.get("known"), 2_000_000), held.get("done")
        size = NAME + MARK
        known = {packed[at : at + NAME]: packed[at + NAME : at + size] for at in range(0, len(packed), size)}
        count = done if isinstance(done, int) and not isinstance(done, bool) and done > 0 else 0
        return cls(clean(held.get("etag")), clean(held.get("changed")), known, clean(held.get("body")), count)

    def cursor(self) -> Cursor:
        packed = "".join(f"{name}{mark}" for name, mark in self.known.items())
        return json.dumps({"etag": self.etag, "changed": self.changed, "known": packed})

    def cursors(self, body: str) -> Iterator[Cursor]:
        """The cursors after each change of this calendar in turn, without those that were handed out before."""
        begun = self.cursor().removesuffix("}")
        number = self.done if self.body == body else 0
        while True:
            number += 1
            yield f'{begun}, "body": "{body}", "done": {number}}}'


class ICalFeedConnector:
    """A calendar that can be followed."""

    key: ClassVar[str] = "icalfeed"
    label: ClassVar[str] = "Calendar to follow (iCalendar)"
    icon: ClassVar[str] = "calendar-event"
    Settings: ClassVar[type[BaseModel]] = Settings
    can_send: ClassVar[bool] = False
    can_wait: ClassVar[bool] = False
    longest: ClassVar[int] = 0
    hears_entries: ClassVar[bool] = True

    def look(self, visit: Visit) -> Glimpse:
        """How the calendar is called and how many appointments it has."""
        name, written, _reply = _asked(visit, _Place())
        return Glimpse(account=name, counts={name: len(written)})

    def fetch(self, visit: Visit) -> Iterator[tuple[Cursor, Entry | Gone | None]]:
        """What is new or changed, and what is gone; a calendar that breaks off says nothing of what is missing."""
        place = _Place.of(visit.cursor)
        name, written, reply = _asked(visit, place)
        if reply.status == 304:
            return
        present = {_short(one.uid): one for one in written}
        changes: list[Entry | Gone] = [
            Entry(short, "event", one.uid, one.text, collection=name)
            for short, one in present.items()
            if place.known.get(short) != one.mark and not _is_long_over(one, visit, is_new=short not in place.known)
        ]
        changes += [Gone(short) for short in place.known if short not in present]
        body = hashlib.blake2b(reply.body, digest_size=8).hexdigest()
        begin = place.done if place.body == body else 0
        yield from zip(place.cursors(body), changes[begin:], strict=False)
        etag, changed = reply.headers.get("etag", "")[:500], reply.headers.get("last-modified", "")[:100]
        after = _Place(etag, changed, {short: one.mark for short, one in present.items()})
        if after.cursor() != visit.cursor:
            yield after.cursor(), None

    def wait(self, visit: Visit, *, most_seconds: float) -> bool:
        """A calendar does not tell by itself."""
        return False

    def send(self, visit: Visit, outgoing: Outgoing) -> Sent:
        """A calendar that is followed can only be read."""
        raise Trouble("A calendar that is followed can only be read.", is_lasting=True)


def _is_long_over(one: Written, visit: Visit, *, is_new: bool) -> bool:
    """Whether it was over before its owner wants to hear."""
    if visit.since is None or not is_new:
        return False
    ends = lasts_until(one.text)
    return ends is not None and ends < visit.since


def _short(uid: str) -> str:
    return hashlib.blake2b(uid.encode(), digest_size=NAME // 2).hexdigest()


def _asked(visit: Visit, place: _Place) -> tuple[str, list[Written], Reply]:
    """The calendar with its name; empty when nothing changed."""
    assert isinstance(visit.settings, Settings)
    url = _web_address(visit.settings.address.get_secret_value())
    headers = {"Accept": "text/calendar, */*;q=0.5"}
    if place.etag:
        headers["If-None-Match"] = place.etag
    if place.changed:
        headers["If-Modified-Since"] = place.changed
    reply = visit.net.ask("GET", url, headers=headers, most_bytes=MOST_BYTES)
    if reply.status == 410:
        raise Trouble("This calendar was taken away for good.", is_lasting=True)
    if reply.status == 304 and (place.etag or place.changed):
        return "", [], reply
    refuse(reply)
    try:
        name, written = read_calendar(reply.body)
    except NoCalendar as trouble:
        raise Trouble(str(trouble)) from trouble
    return name or urlsplit(url).hostname or "", written, reply


def _web_address(text: str) -> str:
    """The address as the web knows it; webcal is what calendars call it."""
    scheme, colon, rest = text.strip().partition(":")
    return f"https:{rest}" if colon and scheme.lower() in ("webcal", "webcals") else text.strip()
