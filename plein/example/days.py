# SPDX-License-Identifier: AGPL-3.0-or-later
"""The days around today as the texts count them, and how they are written in Dutch and English."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "nl": (
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_OFFSET = re.compile(r"([+-]\d+)([dwmy])\Z")
_SLOT = re.compile(r"\{([dwmy]):([+-]\d+[dwmy])\}")
_DELAY = {"m": "minutes", "h": "hours", "d": "days"}
LAST_MONDAY_TO_FRIDAY = 4


def shift_months(day: date, months: int) -> date:
    """The same day so many months on, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))


def delay(text: str) -> timedelta:
    """How long after the message before: "0", "35m", "2h" or "1d"."""
    return timedelta(**{_DELAY[text[-1]]: int(text[:-1])}) if text != "0" else timedelta()


def day_in_words(day: date, lang: str) -> str:
    """A day as people write it in a sentence: 12 maart, 12 March."""
    return f"{day.day} {MONTHS[lang][day.month - 1]}"


def on_working_day(day: date) -> date:
    """This day, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > LAST_MONDAY_TO_FRIDAY else day


class Days:
    """Today, and every other day as an offset from it."""

    def __init__(self, present: datetime, zone: ZoneInfo) -> None:
        self.now = present
        self.zone = zone
        self.today = present.astimezone(zone).date()
        self._clamped = 0

    def day(self, offset: str) -> date:
        """The date at an offset such as "-41d", "-8m" or "-3y", or this year's at a month and day such as "09-02"."""
        found = _OFFSET.match(offset)
        if found is None:
            month, day = offset.split("-")
            return date(self.today.year, int(month), int(day))
        count, unit = int(found[1]), found[2]
        if unit in "my":
            return shift_months(self.today, count * (12 if unit == "y" else 1))
        return self.today + timedelta(days=count * (7 if unit == "w" else 1))

    def at(self, day: date, clock: time) -> datetime:
        """That day at that time on the clock of the office."""
        return datetime.combine(day, clock, self.zone)

    def moment(self, offset: str) -> datetime:
        """The time at "-41d 14:00"."""
        day, clock = offset.split()
        return self.at(self.day(day), time.fromisoformat(clock))

    def past(self, offset: str) -> datetime:
        """As `moment`, but never in the future: what happened today may not be over yet at this hour."""
        wanted = self.moment(offset)
        if wanted < self.now:
            return wanted
        self._clamped += 1
        return self.now - timedelta(minutes=4 * self._clamped)

    def words(self, text: str, lang: str) -> str:
        """The text with its date slots filled: {d:+7d} a date, {w:+3d} a weekday, {m:+38d} a month, {y:-1d} a year."""

        def word(found: re.Match[str]) -> str:
            day = self.day(found[2])
            match found[1]:
                case "d":
                    return day_in_words(day, lang)
                case "w":
                    return WEEKDAYS[lang][day.weekday()]
                case "m":
                    return MONTHS[lang][day.month - 1]
                case _:
                    return str(day.year)

        return _SLOT.sub(word, text)
