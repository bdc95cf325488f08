# SPDX-License-Identifier: AGPL-3.0-or-later
"""Times as calendars write them: with the zone of a place, of Windows, or one that the file itself describes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from plein.channels.content_lines import Line

_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z)?)?\Z")
_LASTS = re.compile(r"([+-]?)P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?\Z")
_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?\Z")
_WINDOWS = {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}
FIRST_YEAR, LAST_YEAR = 1900, 2200
LONGEST = timedelta(days=3_660)


class BadTime(ValueError):
    """A time that is none; the message is what stood there."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A moment in UTC, whether it is a whole day, and the zone in which it was written."""

    at: datetime
    is_day: bool
    zone: str


def lasts(text: str) -> timedelta:
    """How long "P1DT2H" is; raises BadTime."""
    found = _LASTS.match(text.strip().upper())
    if found is None:
        raise BadTime(text[:60])
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if length > LONGEST:
        raise BadTime(text[:60])
    return -length if found[1] == "-" else length


@lru_cache(maxsize=500)
def place(name: str) -> str:
    """The zone of the database of zones that a name means, or nothing."""
    bare = name.strip().strip('"').lstrip("/")
    parts = bare.split("/")
    # Programs put their own address in front: "/mozilla.org/20050126_1/Europe/Berlin".
    for wanted in (bare, _WINDOWS.get(bare.casefold(), ""), "/".join(parts[-2:]), "/".join(parts[-3:])):
        if wanted in _places():
            return wanted
    return ""


@cache
def _places() -> frozenset[str]:
    return frozenset(available_timezones())


@dataclass
class Zones:
    """The zones of a file; `usual` is that of times that name none."""

    usual: str = "UTC"
    _named: dict[str, str] = field(default_factory=dict)
    _offsets: dict[str, timezone] = field(default_factory=dict)
    _reading: str = ""
    _place: str = ""
    _offset: timezone | None = None

    def learn(self, inside: Sequence[str], line: Line) -> None:
        """One line of the description of a zone, or what the calendar says of its times."""
        component = inside[-1] if inside else ""
        if line.name == "X-WR-TIMEZONE" and component == "VCALENDAR":
            self.usual = place(line.value) or self.usual
        elif line.name == "TZID" and component == "VTIMEZONE":
            self._reading = line.text().strip()
        elif line.name in ("X-LIC-LOCATION", "X-MICROSOFT-CDO-TZID"):
            self._place = place(line.value)
        elif line.name == "TZOFFSETTO" and component == "STANDARD":
            self._offset = _offset(line.value) or self._offset

    def end(self, component: str) -> None:
        """The description of a zone is over."""
        if component != "VTIMEZONE":
            return
        if self._reading and self._place:
            self._named[self._reading] = self._place
        if self._reading and self._offset is not None:
            self._offsets[self._reading] = self._offset
        self._reading, self._place, self._offset = "", "", None

    def clock(self, line: Line, text: str = "") -> Clock:
        """The time in a line; raises BadTime."""
        written = (text or line.value).strip().upper()
        # A period is there for where it begins.
        found = _STAMP.match(written.partition("/")[0])
        if found is None:
            raise BadTime(written[:60])
        year, month, day = int(found[1]), int(found[2]), int(found[3])
        try:
            if found[4] is None:
                return Clock(_within(datetime(year, month, day, tzinfo=UTC)), True, "")
            # A leap second is the last of its minute.
            second = min(int(found[6] or 0), 59)
            zone, name = (UTC, "UTC") if found[7] else self._zone(line.first("tzid"))
            local = datetime(year, month, day, int(found[4]), int(found[5]), second, tzinfo=zone)
            return Clock(_within(local.astimezone(UTC)), False, name)
        except (ValueError, OverflowError) as trouble:
            raise BadTime(written[:60]) from trouble

    def _zone(self, name: str) -> tuple[tzinfo, str]:
        known = place(name) or self._named.get(name, "") if name else self.usual
        if known:
            return ZoneInfo(known), known
        return (self._offsets[name], "UTC") if name in self._offsets else (ZoneInfo(self.usual), self.usual)


def _within(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise BadTime(str(moment.year))
    return moment


def _offset(text: str) -> timezone | None:
    found = _OFFSET.match(text.strip())
    if found is None:
        return None
    length = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    return timezone(-length if found[1] == "-" else length) if length < timedelta(days=1) else None
