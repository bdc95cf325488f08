# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one can ask of a value: the types of values, the operators of each, and how a value is read from an address."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.core.ids import now

type Words = str | Promise


class FieldType(StrEnum):
    """The types of values a list can show."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    LINK = "link"
    RELATION = "relation"
    SEAT = "seat"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Operator:
    """One way to ask: its key in addresses, its words in a list of choices, and the sentence it makes.

    `takes` says how many values: 0, 1, 2, or -1 for any number of alternatives.
    """

    key: str
    words: Words
    sentence: Words
    takes: int = 1


def _op(key: str, words: Words, sentence: Words, takes: int = 1) -> Operator:
    return Operator(key, words, sentence, takes)


_IS = _op("is", gettext_lazy("is"), gettext_lazy("%(field)s is %(value)s"), -1)
_NOT = _op("not", gettext_lazy("is not"), gettext_lazy("%(field)s is not %(value)s"), -1)
_EMPTY = _op("empty", gettext_lazy("is not filled in"), gettext_lazy("%(field)s is not filled in"), 0)
_FILLED = _op("filled", gettext_lazy("is filled in"), gettext_lazy("%(field)s is filled in"), 0)
_TEXTS = (
    _IS,
    _NOT,
    _op("starts", gettext_lazy("starts with"), gettext_lazy("%(field)s starts with %(value)s")),
    _op("has", gettext_lazy("contains"), gettext_lazy("%(field)s contains %(value)s")),
    _EMPTY,
    _FILLED,
)
_NUMBERS = (
    _op("is", gettext_lazy("is"), gettext_lazy("%(field)s is %(value)s")),
    _op("not", gettext_lazy("is not"), gettext_lazy("%(field)s is not %(value)s")),
    _op("min", gettext_lazy("is at least"), gettext_lazy("%(field)s is at least %(value)s")),
    _op("max", gettext_lazy("is at most"), gettext_lazy("%(field)s is at most %(value)s")),
    _op("between", gettext_lazy("is between"), gettext_lazy("%(field)s is between %(value)s and %(other)s"), 2),
    _EMPTY,
    _FILLED,
)
_DATES = (
    _op("on", gettext_lazy("is on"), gettext_lazy("%(field)s is on %(value)s")),
    _op("before", gettext_lazy("is before"), gettext_lazy("%(field)s is before %(value)s")),
    _op("after", gettext_lazy("is after"), gettext_lazy("%(field)s is after %(value)s")),
    _op("between", gettext_lazy("is between"), gettext_lazy("%(field)s is between %(value)s and %(other)s"), 2),
    _op("last", gettext_lazy("is in the last"), gettext_lazy("%(field)s is in the last %(value)s")),
    _op("next", gettext_lazy("is in the next"), gettext_lazy("%(field)s is in the next %(value)s")),
    _op("older", gettext_lazy("is longer ago than"), gettext_lazy("%(field)s is longer than %(value)s ago")),
    _op("this", gettext_lazy("is"), gettext_lazy("%(field)s is %(value)s")),
    _EMPTY,
    _FILLED,
)
_SEVERAL = (
    _op("is", gettext_lazy("has one of"), gettext_lazy("%(field)s is %(value)s"), -1),
    _op("all", gettext_lazy("has all of"), gettext_lazy("%(field)s is %(all)s"), -1),
    _op("not", gettext_lazy("has none of"), gettext_lazy("%(field)s is not %(value)s"), -1),
    _EMPTY,
    _FILLED,
)
_YES_NO = (
    _op("yes", gettext_lazy("yes"), gettext_lazy("%(field)s: yes"), 0),
    _op("no", gettext_lazy("no"), gettext_lazy("%(field)s: no"), 0),
)
_ONE_OF = (_IS, _NOT, _EMPTY, _FILLED)

OPERATORS: dict[FieldType, tuple[Operator, ...]] = {
    FieldType.TEXT: _TEXTS,
    FieldType.LINK: _TEXTS,
    FieldType.NUMBER: _NUMBERS,
    FieldType.MONEY: _NUMBERS,
    FieldType.DATE: _DATES,
    FieldType.TIME: _DATES,
    FieldType.CHOICE: _ONE_OF,
    FieldType.CHOICES: _SEVERAL,
    FieldType.TAG: _SEVERAL,
    FieldType.YES_NO: _YES_NO,
    FieldType.RELATION: _ONE_OF,
    FieldType.SEAT: _ONE_OF,
}

#: The stretches of time a question can name: `90d`, `12w`, `6m`, `1y`; and the present ones.
UNITS = {"d": 1, "w": 7, "m": 30, "y": 365}
FURTHEST_DAYS = 365 * 150
PRESENT = ("day", "week", "month", "year")
#: Words that stand for somebody: the reader, and the reader's teams.
ME, TEAM = "me", "team"


class Unreadable(ValueError):
    """A value that cannot be read as what its field holds; the message says how to write it."""


@dataclass(frozen=True, slots=True)
class Span:
    """A number of days, weeks, months or years."""

    count: int
    unit: str

    @property
    def days(self) -> int:
        return self.count * UNITS[self.unit]


def _span(text: str) -> Span:
    unit, count = text[-1:], text[:-1]
    if unit not in UNITS or not (count.isascii() and count.isdigit()) or len(count) > 5:
        raise Unreadable(_("Write a length of time as 90d, 12w, 6m or 1y."))
    span = Span(int(count), unit)
    if span.days > FURTHEST_DAYS:
        raise Unreadable(_("That is further away than anybody remembers. Choose a shorter time."))
    return span


def _present(text: str) -> str:
    if text not in PRESENT:
        raise Unreadable(_("Choose this day, week, month or year."))
    return text


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as trouble:
        raise Unreadable(_("Write a date as 2026-11-24.")) from trouble


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation as trouble:
        raise Unreadable(_("Write a number as 12 or 12.50.")) from trouble
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise Unreadable(_("That number is larger than Plein can keep. Write a smaller one."))
    return number


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as trouble:
        raise Unreadable(_("Choose one from the list.")) from trouble


def _relation(text: str) -> UUID | str:
    return text if text == ME else _uuid(text)


def _seat(text: str) -> UUID | str:
    return text if text in (ME, TEAM) else _uuid(text)


_READERS: dict[FieldType, Callable[[str], Any]] = {
    FieldType.NUMBER: _number,
    FieldType.MONEY: _number,
    FieldType.DATE: _date,
    FieldType.TIME: _date,
    FieldType.RELATION: _relation,
    FieldType.SEAT: _seat,
    FieldType.TAG: _uuid,
}
_READERS_OF_OPERATORS: dict[str, Callable[[str], Any]] = {
    "last": _span,
    "next": _span,
    "older": _span,
    "this": _present,
}


def read_value(kind: FieldType, operator: str, text: str) -> Any:
    """The value a question names; raises Unreadable. Texts, choices and tags are what they are."""
    if "\x00" in text:
        raise Unreadable(_("A value holds a sign that cannot be written. Take it out."))
    try:
        text.encode()
    except UnicodeEncodeError as trouble:
        raise Unreadable(_("A value holds a sign that cannot be written. Take it out.")) from trouble
    if kind in (FieldType.DATE, FieldType.TIME) and operator in _READERS_OF_OPERATORS:
        return _READERS_OF_OPERATORS[operator](text)
    return _READERS.get(kind, str)(text)


def days_between(operator: str, values: Sequence[Any]) -> tuple[date | None, date | None]:
    """From which day up to which, both included, a question about time reaches; None is without end."""
    today = timezone.localdate(now())
    day = timedelta(days=1)
    match operator:
        case "on":
            return values[0], values[0]
        case "before":
            return None, _safe(values[0], -1)
        case "after":
            return _safe(values[0], 1), None
        case "between":
            return min(values), max(values)
        case "last":
            return today - timedelta(days=values[0].days), today
        case "next":
            return today, today + timedelta(days=values[0].days)
        case "older":
            return None, today - timedelta(days=values[0].days) - day
        case _:
            return _this(values[0], today)


def _safe(day: date, by: int) -> date:
    try:
        return day + timedelta(days=by)
    except OverflowError:
        return day


def _this(unit: str, today: date) -> tuple[date, date]:
    match unit:
        case "week":
            start = today - timedelta(days=today.weekday())
            return start, start + timedelta(days=6)
        case "month":
            following = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
            return today.replace(day=1), following - timedelta(days=1)
        case "year":
            return today.replace(month=1, day=1), today.replace(month=12, day=31)
        case _:
            return today, today


def start_of(day: date) -> datetime:
    """The first moment of a day where the reader is."""
    try:
        return datetime.combine(day, time.min, timezone.get_current_timezone()).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time.min, UTC)


def end_of(day: date) -> datetime:
    """The moment a day is over where the reader is; the last day there can be ends as it begins."""
    return start_of(min(day, date.max - timedelta(days=1)) + timedelta(days=1))
