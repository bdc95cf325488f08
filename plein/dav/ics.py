# SPDX-License-Identifier: AGPL-3.0-or-later
"""Appointments and to-dos as calendar objects (RFC 5545), and what such an object says of one.

What a device sent goes back as it came, but for what changed here since: an object has few values that are ours, each
kept in the form in which it is compared. Alarms, colours and attachments are the device's own business.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar

from plein.core.ids import now
from plein.dav.lines import BadText, component, read_lines

MOST_COMPONENTS, MOST_LETTERS = 2_000, 1_000_000
EARLIEST, LATEST = 1900, 2200
A_DAY = timedelta(days=1)
type Times = tuple[datetime, datetime, bool]


@dataclass(slots=True)
class EventFacts:
    """What we know of an appointment that belongs in a calendar; whole days begin and end at midnight of its reader."""

    id: UUID
    circle_id: int
    title: str
    starts: datetime
    ends: datetime
    is_all_day: bool
    location: str = ""
    text: str = ""
    names: tuple[str, ...] = ()
    is_cancelled: bool = False
    uid: str = ""
    changed: datetime | None = None
    rule: str = ""
    #: Of a series: the days on which nothing takes place after all, and what takes place otherwise, by its day.
    gone: tuple[date, ...] = ()
    moved: Mapping[date, "EventFacts"] = field(default_factory=dict)

    def ours(self) -> dict[str, str]:
        """What is ours, in the form in which it is kept to compare with."""
        return {
            "title": self.title,
            "location": self.location,
            "text": self.text,
            "starts": stamp(self.starts, is_day=self.is_all_day),
            "ends": stamp(self.ends, is_day=self.is_all_day),
            "rule": self.rule,
            "cancelled": "yes" if self.is_cancelled else "",
            "gone": ",".join(f"{one:%Y%m%d}" for one in self.gone),
            "moved": "\n".join(f"{day:%Y%m%d}={signature(one)}" for day, one in sorted(self.moved.items())),
        }


def signature(one: EventFacts) -> str:
    """When and as what an occurrence of a series takes place."""
    starts, ends = (stamp(at, is_day=one.is_all_day) for at in (one.starts, one.ends))
    return "|".join((starts, ends, " ".join(one.title.split())))


@dataclass(slots=True)
class TodoFacts:
    """What we know of a to-do that belongs in a list of tasks."""

    id: UUID
    circle_id: int
    title: str
    note: str = ""
    due_on: date | None = None
    due_at: time | None = None
    done_at: datetime | None = None
    changed: datetime | None = None
    zone: ZoneInfo = ZoneInfo("UTC")

    def ours(self) -> dict[str, str]:
        """What is ours, in the form in which it is kept to compare with."""
        return {"title": self.title, "note": self.note, "due": self.due, "done": "yes" if self.done_at else ""}

    @property
    def due(self) -> str:
        """When it is due, as a day or as a time."""
        if self.due_on is None:
            return ""
        if self.due_at is None:
            return f"{self.due_on:%Y%m%d}"
        return stamp(datetime.combine(self.due_on, self.due_at, self.zone), is_day=False)


@dataclass(frozen=True, slots=True)
class KeptText:
    """What was kept of an object that a device sent."""

    uid: str
    text: str
    ours: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sent:
    """An event or a to-do that a device sent; `others` are the occurrences of a series that differ, by their day."""

    uid: str
    is_todo: bool
    title: str
    location: str
    text: str
    times: Times | None
    rule: str
    is_cancelled: bool
    due: tuple[date, time | None] | None
    done_at: datetime | None
    gone: tuple[date, ...]
    others: Mapping[date, "Sent"]
    attendees: tuple[str, ...]

    def ours(self) -> dict[str, str]:
        """The same form as that of the facts, to see what a device changed."""
        starts, ends, is_day = self.times or (None, None, False)
        return {
            "title": self.title,
            "location": self.location,
            "text": self.text,
            "note": self.text,
            "starts": stamp(starts, is_day=is_day) if starts else "",
            "ends": stamp(ends, is_day=is_day) if ends else "",
            "rule": self.rule,
            "cancelled": "yes" if self.is_cancelled else "",
            "due": f"{self.due}",
            "done": "yes" if self.done_at else "",
        }


def stamp(moment: datetime, *, is_day: bool) -> str:
    """A time as calendars write it: a day, or a time in UTC."""
    return f"{moment:%Y%m%d}" if is_day else f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def read_object(text: str, zone: ZoneInfo) -> Sent:
    """Read a calendar with one event or to-do, and the occurrences that differ; raises BadText for anything else."""
    if len(text) > MOST_LETTERS:
        raise BadText("The calendar object is too large.")
    lines = read_lines(text)
    component(lines, "VCALENDAR")
    if sum(line.name == "BEGIN" for line in lines) > MOST_COMPONENTS:
        raise BadText("The calendar has too many parts.")
    try:
        calendar = Calendar.from_ical(text)
        return _read(calendar, zone)
    except BadText:
        raise
    except Exception as trouble:  # the calendar library raises whatever its parts raise
        raise BadText("The calendar cannot be read.") from trouble


def is_todo(text: str) -> bool:
    """Whether a calendar object is a to-do."""
    return re.search(r"^BEGIN:VTODO\s*$", text, re.MULTILINE | re.IGNORECASE) is not None


def _read(calendar: Any, zone: ZoneInfo) -> Sent:
    parts = [one for one in calendar.subcomponents if one.name in ("VEVENT", "VTODO")]
    masters = [one for one in parts if "RECURRENCE-ID" not in one] or parts[:1]
    if len(masters) != 1 or len({(one.name, str(one.get("UID", ""))) for one in parts}) != 1:
        raise BadText("A calendar object has one event or one to-do, and its occurrences.")
    master = masters[0]
    if not str(master.get("UID", "")).strip():
        raise BadText("The object has no UID.")
    others = {}
    for one in parts:
        if one is not master and (day := _day_of(one.get("RECURRENCE-ID"), zone)) is not None:
            others[day] = _sent(one, zone, {})
    return _sent(master, zone, others)


def _sent(part: Any, zone: ZoneInfo, others: Mapping[date, Sent]) -> Sent:
    is_todo = part.name == "VTODO"
    due = _value(part, "DUE")
    times = None if is_todo else _times(part, zone)
    return Sent(
        uid=str(part.get("UID", "")).strip()[:500],
        is_todo=is_todo,
        title=_text(part, "SUMMARY").strip()[:1000],
        location=_text(part, "LOCATION").strip()[:300],
        text=_text(part, "DESCRIPTION").replace("\r\n", "\n")[:500_000],
        times=times,
        rule=part["RRULE"].to_ical().decode() if "RRULE" in part and not isinstance(part["RRULE"], list) else "",
        is_cancelled=_text(part, "STATUS").upper() == "CANCELLED",
        due=_due(due, zone),
        done_at=_done_at(part, zone) if is_todo else None,
        gone=tuple(sorted(_days(part.get("EXDATE"), zone))),
        others=others,
        attendees=tuple(_attendees(part)),
    )


def _text(part: Any, name: str) -> str:
    value = part.get(name, "")
    return str(value[0] if isinstance(value, list) and value else value).replace("\x00", "")


def _value(part: Any, name: str) -> Any:
    return getattr(part.get(name), "dt", None)


def _attendees(part: Any) -> Iterable[str]:
    found = part.get("ATTENDEE", [])
    for one in (found if isinstance(found, list) else [found])[:200]:
        address = str(one).strip().lower().removeprefix("mailto:")
        if "@" in address:
            yield address


def aware(value: Any, zone: ZoneInfo) -> datetime | None:
    """A moment of a calendar on a clock of ours; a day begins at midnight, a time without a zone is the reader's."""
    if isinstance(value, datetime):
        found = value if value.tzinfo is not None else value.replace(tzinfo=zone)
    elif isinstance(value, date):
        found = datetime.combine(value, time.min, zone)
    else:
        return None
    return found if EARLIEST <= found.year <= LATEST else None


def _times(part: Any, zone: ZoneInfo) -> Times:
    begin = _value(part, "DTSTART")
    starts = aware(begin, zone)
    if starts is None:
        raise BadText("The event has no time at which it starts.")
    is_day = not isinstance(begin, datetime)
    ends = aware(_value(part, "DTEND"), zone)
    length = _value(part, "DURATION")
    if ends is None and isinstance(length, timedelta) and timedelta() <= length <= timedelta(days=3660):
        ends = starts + length
    if ends is None:
        ends = starts + (A_DAY if is_day else timedelta())
    if is_day:
        # The end of a whole day is exclusive in a calendar, and the last day itself with us.
        last = max(ends.date() - A_DAY, starts.date())
        ends = datetime.combine(last, time.min, zone)
    return starts, max(starts, ends), is_day


def _due(value: Any, zone: ZoneInfo) -> tuple[date, time | None] | None:
    moment = aware(value, zone)
    if moment is None:
        return None
    if not isinstance(value, datetime):
        return moment.date(), None
    there = moment.astimezone(zone)
    return there.date(), there.time().replace(microsecond=0)


def _done_at(part: Any, zone: ZoneInfo) -> datetime | None:
    is_done = _text(part, "STATUS").upper() == "COMPLETED" or "COMPLETED" in part
    return (aware(_value(part, "COMPLETED"), zone) or now()) if is_done else None


def _day_of(value: Any, zone: ZoneInfo) -> date | None:
    moment = aware(getattr(value, "dt", None), zone)
    return moment.astimezone(zone).date() if moment else None


def _days(found: Any, zone: ZoneInfo) -> Iterable[date]:
    for one in found if isinstance(found, list) else [found] if found is not None else []:
        for moment in getattr(one, "dts", []):
            if (day := aware(moment.dt, zone)) is not None:
                yield day.astimezone(zone).date()
