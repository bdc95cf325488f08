# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes a calendar apart into the appointments that stand in it, each an object of its own that needs no other."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO

from plein.channels.cards import Event
from plein.channels.connectors.calendar.icalendar import read_events
from plein.channels.connectors.calendar.times import place
from plein.channels.content_lines import clean

#: More than this no calendar of somebody holds.
MOST_BYTES, MOST_EVENTS = 16_000_000, 10_000
PRODUCT = "-//Plein//Plein//EN"
_FOLD = re.compile(r"\r?\n[ \t]")
_BREAKS = re.compile(r"\r\n|\n|\r")
_NAME = re.compile(r"([A-Za-z0-9-]{1,60})(?=[;:])")
_TZID = re.compile(r';TZID="?([^";:]{1,200})"?[;:]', re.IGNORECASE)
#: A time that names no zone is one on the clock of the calendar.
_BARE = re.compile(r"(DTSTART|DTEND|EXDATE|RDATE|RECURRENCE-ID)(:\d{8}T\d{6}(?:,\d{8}T\d{6})*)\s*\Z", re.IGNORECASE)
#: What programs write anew each time they are asked.
_RESTLESS = ("DTSTAMP", "LAST-MODIFIED", "CREATED")


class NoCalendar(ValueError):
    """The text is no calendar, or only a part of one."""


@dataclass(frozen=True, slots=True)
class Written:
    """One appointment as it is written: its identifier, its object, and a hash that is another one when it changed."""

    uid: str
    text: str
    mark: str


@dataclass
class _Read:
    """What was read of a calendar so far."""

    name: str = ""
    zone: str = ""
    zones: dict[str, list[str]] = field(default_factory=dict)
    events: dict[str, list[list[str]]] = field(default_factory=dict)
    is_closed: bool = False
    most: int = MOST_EVENTS


def read_calendar(body: bytes, *, most: int = MOST_EVENTS) -> tuple[str, list[Written]]:
    """The name of a calendar and its appointments by their identifiers; raises NoCalendar in a sentence."""
    lines = _lines(body)
    first = next(lines, "")
    if first.strip().upper() != "BEGIN:VCALENDAR":
        raise NoCalendar("What stands there is no calendar.")
    found = _Read(most=most)
    _take(lines, found)
    if not found.is_closed:
        raise NoCalendar("The calendar breaks off: its end is missing.")
    return found.name, [_written(uid, found) for uid in sorted(found.events)]


def lasts_until(text: str) -> datetime | None:
    """When the last time is over that an appointment takes place, or None when that cannot be said."""
    latest: datetime | None = None
    for one in read_events(BytesIO(text.encode())):
        if not isinstance(one, Event) or one.rule:
            return None
        ends = one.ends_at + timedelta(days=1) if one.is_all_day else one.ends_at
        latest = max(latest, ends) if latest else ends
    return None if "\nRDATE" in text.upper() else latest


def _lines(body: bytes) -> Iterator[str]:
    """The lines of a calendar, put together where they were folded; what is no line is passed by."""
    text = clean(body.decode("utf-8-sig", "replace"))
    for line in _BREAKS.split(_FOLD.sub("", text)):
        if _NAME.match(line):
            yield line


def _take(lines: Iterator[str], found: _Read) -> None:
    block: list[str] = []
    inside: list[str] = []
    for line in lines:
        name, value = _parted(line)
        if name == "BEGIN":
            block = [] if not inside else block
            inside.append(value.upper())
        if inside:
            block.append(line)
        elif name == "X-WR-CALNAME":
            found.name = found.name or value.replace("\\,", ",").replace("\\;", ";")[:120]
        elif name == "X-WR-TIMEZONE":
            found.zone = place(value)
        elif name == "END" and value.upper() == "VCALENDAR":
            found.is_closed = True
        if name == "END" and inside and value.upper() in inside:
            del inside[inside.index(value.upper()) :]
            if not inside:
                _keep(value.upper(), block, found)


def _parted(line: str) -> tuple[str, str]:
    """The name of a line in capitals, and what stands behind its first colon."""
    head, _colon, value = line.partition(":")
    return head.partition(";")[0].upper(), value.strip()


def _keep(kind: str, block: list[str], found: _Read) -> None:
    if kind == "VTIMEZONE":
        name = next((value for named, value in map(_parted, block) if named == "TZID"), "")
        found.zones.setdefault(name, block)
    elif kind == "VEVENT" and (block[0].strip().upper() == "BEGIN:VEVENT"):
        uid = next((value for named, value in map(_parted, block) if named == "UID" and value), "")
        if not uid:
            uid = hashlib.sha256("\n".join(_restful(block)).encode()).hexdigest()[:40]
            block = [block[0], f"UID:{uid}", *block[1:]]
        if uid in found.events or len(found.events) < found.most:
            found.events.setdefault(uid[:500], []).append(block)


def _restful(lines: list[str]) -> list[str]:
    return [line for line in lines if _parted(line)[0] not in _RESTLESS]


def _written(uid: str, found: _Read) -> Written:
    events = [_on_clock(line, found.zone) for block in found.events[uid] for line in block]
    named = dict.fromkeys(name for line in events for name in _TZID.findall(line))
    zones = [line for name in named for line in found.zones.get(name, ())]
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", *zones, *events, "END:VCALENDAR"]
    mark = hashlib.blake2b("\n".join(_restful(whole)).encode(), digest_size=6).hexdigest()
    return Written(uid, "\r\n".join(whole) + "\r\n", mark)


def _on_clock(line: str, zone: str) -> str:
    bare = _BARE.match(line) if zone else None
    return f"{bare[1]};TZID={zone}{bare[2]}" if bare else line
