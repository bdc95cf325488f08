# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads calendar invitations (iMIP), also where the calendar inside is damaged."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from icalendar import Calendar

from plein.channels.base import Invitation
from plein.channels.connectors.mail.addresses import normal_address
from plein.channels.connectors.mail.charsets import clean

_LEFT_OVER = re.compile(r"=3D", re.IGNORECASE)
_METHOD = re.compile(r"^METHOD:([A-Za-z-]{1,30})", re.MULTILINE | re.IGNORECASE)
_AT_MOST_EVENTS = 50
_AT_MOST_CALENDAR = 2_000_000
_AT_MOST_COMPONENTS = 1_000
_AT_MOST_ATTENDEES = 1_000


def read_invitations(source: str, method: str) -> tuple[tuple[Invitation, ...], str]:
    """Return the events of one text/calendar part, and a defect or ""."""
    if len(source) > _AT_MOST_CALENDAR or source.count("BEGIN:") > _AT_MOST_COMPONENTS:
        return (), "A calendar in this message is too large to read."
    text = _LEFT_OVER.sub("=", source)
    found_method = _METHOD.search(text)
    method = (found_method[1] if found_method else method).upper()
    components, complete = _events(text)
    found: list[Invitation] = []
    for component in components:
        try:
            found.append(_invitation(component, method))
        except Exception:  # the calendar library raises whatever its parts raise
            complete = False
    return tuple(found), "" if complete and found else "A calendar invitation in this message is damaged."


def _events(text: str) -> tuple[list[Any], bool]:
    # The calendar library raises whatever its parts raise.
    with suppress(Exception):
        calendars: Iterable[Any] = Calendar.from_ical(text, multiple=True)
        events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
        if events:
            return events[:_AT_MOST_EVENTS], True
    found: list[Any] = []
    for event in islice(_event_texts(text), _AT_MOST_EVENTS):
        wrapped = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-\r\n{event}\r\nEND:VCALENDAR\r\n"
        # One damaged event must not hide the others.
        with suppress(Exception):
            found.extend(Calendar.from_ical(wrapped).walk("VEVENT"))
    return found, False


def _event_texts(text: str) -> Iterator[str]:
    at = 0
    while (start := text.find("BEGIN:VEVENT", at)) >= 0:
        end = text.find("END:VEVENT", start)
        if end < 0:
            return
        at = end + len("END:VEVENT")
        yield text[start:at]


def _invitation(event: Any, method: str) -> Invitation:
    starts, is_all_day = _moment(event, "DTSTART")
    ends, _ = _moment(event, "DTEND")
    if ends is None and starts is not None:
        ends = starts + _duration(event, timedelta(days=1) if is_all_day else timedelta(0))
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    asked: dict[str, str] = {}
    for attendee in attendees[:_AT_MOST_ATTENDEES]:
        said = getattr(attendee, "params", {}).get("PARTSTAT", "")
        asked.setdefault(normal_address(str(attendee)), clean(str(said))[:20].upper())
    asked.pop("", None)
    return Invitation(
        method=method,
        uid=_text(event, "UID")[:1000],
        sequence=_sequence(event),
        summary=_text(event, "SUMMARY")[:1000],
        location=_text(event, "LOCATION")[:1000],
        description=_text(event, "DESCRIPTION")[:100_000],
        starts_at=starts,
        ends_at=ends,
        is_all_day=is_all_day,
        organizer=normal_address(str(event.get("ORGANIZER", ""))),
        attendees=tuple(asked),
        status=_text(event, "STATUS")[:50].upper(),
        answers=tuple(asked.values()),
        occurrence=_moment(event, "RECURRENCE-ID")[0],
    )


def _text(event: Any, name: str) -> str:
    value = event.get(name, "")
    return clean(str(value[0] if isinstance(value, list) and value else value))


def _sequence(event: Any) -> int:
    try:
        return min(max(int(event.get("SEQUENCE", 0)), 0), 2_000_000_000)
    except (TypeError, ValueError):
        return 0


def _moment(event: Any, name: str) -> tuple[datetime | None, bool]:
    value = getattr(event.get(name), "dt", None)
    if isinstance(value, datetime):
        aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
        return (aware.astimezone(UTC), False) if 1970 <= aware.year <= 2200 else (None, False)
    if isinstance(value, date):
        return (datetime(value.year, value.month, value.day, tzinfo=UTC), True) if value.year >= 1970 else (None, True)
    return None, False


def _duration(event: Any, default: timedelta) -> timedelta:
    value = getattr(event.get("DURATION"), "dt", None)
    if isinstance(value, timedelta) and timedelta(0) <= value <= timedelta(days=3660):
        return value
    return default
