# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads the appointments of an iCalendar file, one after another; to-dos, journals and free time are passed by."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from plein.channels.cards import Event, Guest, NotACard
from plein.channels.connectors.calendar.times import BadTime, Clock, Zones, lasts
from plein.channels.content_lines import Line, LineTooLong, read_lines

MOST_LINES, MOST_GUESTS, MOST_DAYS = 5_000, 1_000, 2_000
A_DAY = timedelta(days=1)
_NO_START = "This appointment does not say when it begins."
_OPEN = "This appointment breaks off: its end is missing."
_TOO_LONG = "This calendar has a line that is too long to read; what comes after it was not read."


def read_events(stream: BinaryIO, *, zone: str = "UTC") -> Iterator[Event | NotACard]:
    """The appointments of a file in their order; a time that names no zone is one of a clock in `zone`."""
    zones = Zones(zone)
    try:
        for lines, is_whole in event_lines(stream, zones):
            yield event_of(lines, zones) if is_whole else NotACard(_OPEN)
    except LineTooLong:
        yield NotACard(_TOO_LONG)


def event_lines(stream: BinaryIO, zones: Zones) -> Iterator[tuple[list[Line], bool]]:
    """The lines of each appointment, without those of its alarms; the zones of the file are learned on the way."""
    inside: list[str] = []
    lines: list[Line] = []
    for line in read_lines(stream):
        kind = line.value.strip().upper() if line.name in ("BEGIN", "END") else ""
        if line.name == "BEGIN":
            if kind == "VEVENT" and "VEVENT" in inside:
                yield lines, False
                del inside[inside.index("VEVENT") :]
            lines = [] if kind == "VEVENT" else lines
            # What nests deeper than anything does is not followed.
            inside = [*inside[:20], kind]
        elif line.name == "END":
            ended = inside[inside.index(kind) :] if kind in inside else []
            if "VEVENT" in ended:
                yield lines, kind == "VEVENT"
            del inside[len(inside) - len(ended) :]
            zones.end(kind)
        elif inside[-1:] == ["VEVENT"]:
            lines += [line] if len(lines) < MOST_LINES else []
        else:
            zones.learn(inside, line)
    if "VEVENT" in inside:
        yield lines, False


def event_of(lines: Iterable[Line], zones: Zones) -> Event | NotACard:
    """The appointment that these lines are."""
    by_name: dict[str, list[Line]] = {}
    for line in lines:
        by_name.setdefault(line.name, []).append(line)
    try:
        return _event(by_name, zones)
    except BadTime as trouble:
        return NotACard(f"This appointment has a time that cannot be read: {trouble}")


def _event(by_name: dict[str, list[Line]], zones: Zones) -> Event | NotACard:
    if "DTSTART" not in by_name:
        return NotACard(_NO_START)
    start = zones.clock(by_name["DTSTART"][0])
    recurrence = by_name.get("RECURRENCE-ID")
    sequence = _text(by_name, "SEQUENCE")
    return Event(
        uid=_text(by_name, "UID")[:300],
        starts_at=start.at,
        ends_at=_end(by_name, zones, start),
        is_all_day=start.is_day,
        recurrence_id=zones.clock(recurrence[0]).at if recurrence else None,
        sequence=min(int(sequence), 2_000_000_000) if sequence.isascii() and sequence.isdigit() else 0,
        summary=" ".join(_text(by_name, "SUMMARY").split())[:1000],
        location=" ".join(_text(by_name, "LOCATION").split())[:300],
        description=_text(by_name, "DESCRIPTION").strip()[:100_000],
        zone="" if start.is_day else start.zone,
        rule=by_name["RRULE"][0].value.strip().upper()[:300] if "RRULE" in by_name else "",
        excluded=tuple(_excluded(by_name.get("EXDATE", ()), zones)),
        status=_text(by_name, "STATUS").strip().upper()[:20],
        guests=tuple(_guests(by_name))[:MOST_GUESTS],
    )


def _text(by_name: dict[str, list[Line]], name: str) -> str:
    return by_name[name][0].text() if name in by_name else ""


def _end(by_name: dict[str, list[Line]], zones: Zones, start: Clock) -> datetime:
    """When it ends, never before it begins. The end of a whole day is exclusive in a calendar, and is not here."""
    if "DTEND" in by_name:
        ends = zones.clock(by_name["DTEND"][0]).at
    elif "DURATION" in by_name:
        ends = start.at + lasts(by_name["DURATION"][0].value)
    else:
        ends = start.at + A_DAY if start.is_day else start.at
    if start.is_day:
        ends -= A_DAY
    return max(start.at, ends)


def _excluded(lines: Iterable[Line], zones: Zones) -> Iterator[datetime]:
    left = MOST_DAYS
    for line in lines:
        for text in line.value.split(","):
            if text.strip() and left > 0:
                left -= 1
                yield zones.clock(line, text.strip()).at


def _guests(by_name: dict[str, list[Line]]) -> Iterator[Guest]:
    seen: set[str] = set()
    for name in ("ORGANIZER", "ATTENDEE"):
        for line in by_name.get(name, ()):
            text = line.value.strip()
            email = text[7:] if text[:7].lower() == "mailto:" else line.first("email")
            email = (email if "@" in email else "").strip().lower()[:320]
            called = " ".join(line.first("cn").split())[:300]
            called = "" if called.lower().removeprefix("mailto:") == email else called
            key = email or called
            if key and key not in seen and line.first("cutype").upper() not in ("ROOM", "RESOURCE"):
                seen.add(key)
                yield Guest(email, called, name == "ORGANIZER", line.first("partstat").upper()[:20])


def in_utc(moment: datetime) -> str:
    """A moment as a calendar writes it."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
