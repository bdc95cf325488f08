# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which day, and which time, somebody means by what they wrote: "vrijdag om half twaalf", "from 1 January", "in March".

Only what can be meant by one thing: of "soon" or "one of these days" nothing is made.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

_MONTHS = (
    ("january", "januari", "jan"), ("february", "februari", "feb"), ("march", "maart", "mrt", "mar"), ("april", "apr"),
    ("may", "mei"), ("june", "juni", "jun"), ("july", "juli", "jul"), ("august", "augustus", "aug"),
    ("september", "sept", "sep"), ("october", "oktober", "oct", "okt"), ("november", "nov"),
    ("december", "dec"),
)  # fmt: skip
_DAYS = (
    ("monday", "maandag", "mon"), ("tuesday", "dinsdag", "tue", "tues"), ("wednesday", "woensdag", "wed"),
    ("thursday", "donderdag", "thu", "thurs"), ("friday", "vrijdag", "fri"), ("saturday", "zaterdag", "sat"),
    ("sunday", "zondag", "sun"),
)  # fmt: skip
_FROM_NOW = {
    "today": 0, "vandaag": 0, "tonight": 0, "vanavond": 0, "vanmiddag": 0, "tomorrow": 1, "morgen": 1, "overmorgen": 2,
}  # fmt: skip
_HOURS = {
    word: hour
    for hour, words in enumerate(
        (
            "one een één", "two twee", "three drie", "four vier", "five vijf", "six zes", "seven zeven", "eight acht",
            "nine negen", "ten tien", "eleven elf", "twelve twaalf",
        ),
        1,
    )
    for word in words.split()
}  # fmt: skip
MONTHS: Mapping[str, int] = {name: place for place, names in enumerate(_MONTHS, 1) for name in names}
WEEKDAYS: Mapping[str, int] = {name: place for place, names in enumerate(_DAYS) for name in names}


def _any(words: Mapping[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_ISO = re.compile(r"\b(\d{4})-(\d\d?)-(\d\d?)\b")
_NUMBERS = re.compile(r"\b(\d\d?)[-/.](\d\d?)(?:[-/.](\d{4}|\d\d))?\b(?!:)")
_DAY_MONTH = re.compile(
    rf"\b(\d\d?)(?:st|nd|rd|th|e|ste|de)?(?:\s+(?:of|van))?\s+({_any(MONTHS)})\b\.?(?:,?\s+(\d{{4}}))?"
)
_MONTH_DAY = re.compile(rf"\b({_any(MONTHS)})\s+(\d\d?)(?:st|nd|rd|th)?\b(?!:)(?:,?\s+(\d{{4}}))?")
_MONTH = re.compile(rf"\b({_any(MONTHS)})\b(?:\s+(\d{{4}}))?")
_WEEKDAY = re.compile(rf"\b({_any(WEEKDAYS)})\b")
_LATER = re.compile(r"\b(?:in|over|binnen)\s+(\d\d?|a|an|een|twee|two|drie|three)\s+(days?|dag(?:en)?|weeks?|weken)\b")
_NEXT = re.compile(r"\b(?:next|volgende|komende)\s+(week|month|maand)\b")
_CLOCK = re.compile(
    r"\b(\d\d?)[:.](\d\d)(?:\s*(am|pm|uur|h)\b)?|\b(?:at|om|around|rond)\s+(\d\d?)\b(?![:.]\d)(?:\s*(am|pm|uur|h|o'clock)\b)?"
    r"|\b(\d\d?)\s*(am|pm|uur|o'clock)\b"
)
_HALF = re.compile(rf"\bhalf\s+(past\s+)?({_any(_HOURS)}|\d\d?)\b")
_PART_OF_DAY = re.compile(r"\b(afternoon|evening|middags?|'s middags|vanmiddag|avonds?|vanavond|tonight)\b")
_A_FEW = {"a": 1, "an": 1, "een": 1, "two": 2, "twee": 2, "three": 3, "drie": 3}
#: May, March and the short names are words of their own: without a day they count only after a word that leads to one.
_DOUBTFUL = {"may", "mar", "jan", "sun", "sat", "mon", "wed", "dec", "mei"}
_LEADING = re.compile(
    r"(?:\bin|\bfrom|\bvanaf|\bper|\bnaar|\bto|\bby|\bbefore|\bvoor|\bmid|\bmedio|\beind|\bbegin|\buntil|\btot)\s*$"
)


@dataclass(frozen=True, slots=True)
class Meant:
    """A day, a time on it if one was said, and whether only the month was."""

    day: date
    at: time | None = None
    is_month: bool = False


def meant_by(text: str, said_on: date) -> Meant | None:
    """What a stretch of text means, said on a day; None when it means no day, or one that cannot be."""
    words = text.casefold()
    try:
        found = _day(words, said_on)
    except ValueError:
        return None
    at = time_in(words)
    if found is None:
        return Meant(said_on, at) if at is not None else None
    day, is_month = found
    return Meant(day, None if is_month else at, is_month)


def _day(words: str, said_on: date) -> tuple[date, bool] | None:
    if found := _ISO.search(words):
        return date(int(found[1]), int(found[2]), int(found[3])), False
    if found := _DAY_MONTH.search(words):
        return _of_year(int(found[1]), MONTHS[found[2]], found[3], said_on), False
    if found := _MONTH_DAY.search(words):
        return _of_year(int(found[2]), MONTHS[found[1]], found[3], said_on), False
    if (found := _NUMBERS.search(words)) and int(found[2]) <= 12 and "." not in found[0][:3]:
        return _of_year(int(found[1]), int(found[2]), found[3], said_on), False
    if found := _LATER.search(words):
        count = int(found[1]) if found[1].isdigit() else _A_FEW[found[1]]
        return said_on + timedelta(days=count * (7 if found[2].startswith("we") else 1)), False
    if near := next((word for word in re.findall(r"\w+", words) if word in _FROM_NOW), ""):
        return said_on + timedelta(days=_FROM_NOW[near]), False
    if found := _WEEKDAY.search(words):
        return _weekday(WEEKDAYS[found[1]], words, said_on), False
    return _vague(words, said_on)


def _vague(words: str, said_on: date) -> tuple[date, bool] | None:
    """A month, or next week: the first day of it."""
    if (found := _MONTH.search(words)) and (
        found[1] not in _DOUBTFUL or found[2] or _LEADING.search(words[: found.start()])
    ):
        return _of_year(1, MONTHS[found[1]], found[2], said_on.replace(day=1)), True
    if found := _NEXT.search(words):
        if found[1] == "week":
            return said_on + timedelta(days=7 - said_on.weekday()), True
        return (said_on.replace(day=1) + timedelta(days=32)).replace(day=1), True
    return None


def _weekday(wanted: int, words: str, said_on: date) -> date:
    """The first of that name after the day it was said on; next week's when that was said."""
    if re.search(r"\b(?:next|volgende) week\b", words):
        return said_on + timedelta(days=7 - said_on.weekday() + wanted)
    return said_on + timedelta(days=(wanted - said_on.weekday() - 1) % 7 + 1)


def _of_year(day: int, month: int, year: str | None, said_on: date) -> date:
    """Without a year it is the next one of that name: nobody plans in the past."""
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    found = date(said_on.year, month, day)
    return found if found >= said_on else date(said_on.year + 1, month, day)


def time_in(words: str) -> time | None:
    """The time that is said; of an hour without more, the one in which offices are open."""
    if found := _HALF.search(words):
        hour = int(found[2]) if found[2].isdigit() else _HOURS[found[2]]
        return _at(hour if found[1] else (hour - 1) or 12, 30, "", words)
    if not (found := _CLOCK.search(words)):
        return None
    if found[1]:
        return _at(int(found[1]), int(found[2]), found[3] or "", words, is_exact=len(found[1]) == 2)
    return _at(int(found[4] or found[6]), 0, found[5] or found[7] or "", words)


def _at(hour: int, minute: int, half: str, words: str, *, is_exact: bool = False) -> time | None:
    is_late = half == "pm" or bool(_PART_OF_DAY.search(words))
    if hour < 12 and (is_late or (half != "am" and not is_exact and hour < 7)):
        hour += 12
    if hour == 12 and half == "am":
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None
