# SPDX-License-Identifier: AGPL-3.0-or-later
"""The days an agenda shows, whose they are, and what stands in them, in the words and the order of a page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property
from typing import Any, Literal, cast
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plein.moments.models import ToDo
from plein.moments.queries import CalendarLine, Colleague
from plein.moments.vocabulary import MomentKind

type View = Literal["day", "week", "month"]
VIEWS: tuple[View, ...] = ("day", "week", "month")
#: As many colours as the chalk has; the seventh colleague shares with the first.
TONES = ("mint", "blue", "lilac", "orange", "rose", "yellow")
HALF_AN_HOUR = timedelta(minutes=30)
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Span:
    """The days that are shown: from the first up to and with the last, around the one that was asked for."""

    view: View
    on: date
    first: date
    last: date

    @classmethod
    def around(cls, view: str, on: date) -> "Span":
        """A day, the week from Monday, or the weeks of a month."""
        on = min(max(on, EARLIEST), LATEST)
        if view == "day":
            return cls("day", on, on, on)
        if view == "month":
            begin = on.replace(day=1)
            end = (begin + timedelta(days=32)).replace(day=1) - timedelta(days=1)
            first, last = begin - timedelta(days=begin.weekday()), end + timedelta(days=6 - end.weekday())
            return cls("month", on, first, last)
        first = on - timedelta(days=on.weekday())
        return cls("week", on, first, first + timedelta(days=6))

    def start(self) -> datetime:
        """The first moment, on the clock of the reader."""
        return _begin(self.first)

    def end(self) -> datetime:
        """The moment after the last."""
        return _begin(self.last + timedelta(days=1))

    def step(self, way: int) -> date:
        """The day to go to for what lies before or after."""
        if self.view == "day":
            return self.on + timedelta(days=way)
        if self.view == "week":
            return self.on + timedelta(days=7 * way)
        month = self.on.year * 12 + self.on.month - 1 + way
        return date(month // 12, month % 12 + 1, 1)

    @property
    def title(self) -> str:
        """What these days are called."""
        if self.view == "day":
            return date_format(self.on, "l j F Y")
        if self.view == "month":
            return date_format(self.on, "F Y")
        number = self.on.isocalendar().week
        first = date_format(self.first, "j" if self.first.month == self.last.month else "j F")
        days = _("%(first)s – %(last)s") % {"first": first, "last": date_format(self.last, "j F Y")}
        return _("%(days)s, week %(number)s") % {"days": days, "number": number}


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())


@dataclass(frozen=True)
class Whose:
    """Whose agenda is looked at: the key of the address, the words, and the colleagues with their colours."""

    key: str
    words: str
    people: tuple[Colleague, ...]

    @cached_property
    def tones(self) -> dict[UUID, str]:
        """The colour of each colleague who is shown."""
        return {one.seat_id: TONES[place % len(TONES)] for place, one in enumerate(self.people)}

    @property
    def seats(self) -> list[UUID]:
        return [one.seat_id for one in self.people]

    @property
    def is_team(self) -> bool:
        return len(self.people) > 1

    def tone_of(self, seat_id: UUID | None) -> str:
        """The colour of a colleague among those shown."""
        return self.tones.get(seat_id, TONES[0]) if seat_id else TONES[0]


@cache
def _pattern(name: str) -> str:
    return reverse(name, args=[UUID(int=0)])


def _address(name: str, record_id: UUID) -> str:
    """The page of a record: as `reverse` would say, which takes too long for a thousand of them."""
    return _pattern(name).replace(str(UUID(int=0)), str(record_id))


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on an agenda, as the list writes it and as the calendar draws it."""

    id: UUID
    kind: Literal["appointment", "todo"]
    title: str
    who: str
    place: str
    starts: datetime
    ends: datetime
    is_all_day: bool
    href: str
    version: int
    tone: str
    seats: tuple[UUID, ...]
    icon: str
    is_done: bool = False
    repeats: bool = False
    #: Whether it is known until when it lasts.
    has_end: bool = True

    @property
    def hours(self) -> str:
        """From when to when."""
        if self.is_all_day:
            return _("all day")
        start = f"{self.starts.hour}.{self.starts.minute:02d}"
        if self.kind == "todo" or not self.has_end:
            return start
        return f"{start} – {self.ends.hour}.{self.ends.minute:02d}"

    def as_event(self, *, can_write: bool) -> dict[str, Any]:
        """The same for the calendar: times as they stand on the clock of the reader, without a zone."""
        ends = self.ends + timedelta(days=1) if self.is_all_day else self.ends
        return {
            "id": str(self.id),
            "start": f"{self.starts:%Y-%m-%dT%H:%M:%S}",
            "end": f"{ends:%Y-%m-%dT%H:%M:%S}",
            "allDay": self.is_all_day,
            "title": self.title,
            "editable": can_write and not self.is_done,
            "durationEditable": can_write and not self.is_done and self.kind == "appointment",
            "resourceIds": [str(seat) for seat in self.seats],
            "classNames": [f"of-{self.tone}", f"is-{self.kind}", *(["is-done"] if self.is_done else [])],
            "extendedProps": {
                "kind": self.kind,
                "href": self.href,
                "version": self.version,
                "who": self.who,
                "place": self.place,
                "repeats": self.repeats,
            },
        }


@dataclass(frozen=True, slots=True)
class AgendaDay:
    """A day of the list and what stands in it."""

    on: date
    is_today: bool
    items: list[Item] = field(default_factory=list)


def appointment_item(line: CalendarLine, whose: Whose) -> Item:
    """An appointment as an agenda shows it, in the colour of the first of its colleagues who is shown."""
    shown = tuple(seat for seat in line.seats if seat in whose.tones)
    zone = timezone.get_current_timezone()
    starts, ends = line.starts_at.astimezone(zone), line.ends_at.astimezone(zone)
    who = ", ".join(line.names[:2])
    return Item(
        id=line.id,
        kind="appointment",
        title=line.title or who or str(MomentKind(line.kind).label).capitalize(),
        who=who if line.title else "",
        place=line.location,
        starts=starts,
        ends=ends if line.is_all_day else max(ends, starts + timedelta(minutes=15)),
        is_all_day=line.is_all_day,
        href=_address("moments:moment", line.id),
        version=line.version,
        tone=whose.tone_of(shown[0] if shown else None),
        seats=shown,
        icon={"call": "phone", "visit": "map-pin"}.get(line.kind, "calendar-event"),
        is_done=line.state != "planned",
        repeats=line.repeats,
        has_end=line.ends_at > line.starts_at,
    )


def todo_item(todo: ToDo, whose: Whose) -> Item:
    """A to-do as an agenda shows it: at its hour, else for the whole day."""
    due_on = cast(date, todo.due_on)
    starts = datetime.combine(due_on, todo.due_at or time.min)
    return Item(
        id=todo.id,
        kind="todo",
        title=todo.title,
        who=todo.relation.name if todo.relation else "",
        place="",
        starts=starts,
        ends=starts + HALF_AN_HOUR if todo.due_at else starts,
        is_all_day=todo.due_at is None,
        href=_address("moments:todo", todo.id),
        version=todo.version,
        tone=whose.tone_of(todo.assignee_id),
        seats=(todo.assignee_id,) if todo.assignee_id else (),
        icon="checkbox",
        repeats=bool(todo.repeat),
    )


def items_of(lines: Sequence[CalendarLine], todos: Sequence[ToDo], whose: Whose) -> list[Item]:
    """Appointments and to-dos in one row, whole days first, then by the clock."""
    found = [appointment_item(line, whose) for line in lines] + [todo_item(todo, whose) for todo in todos]
    return sorted(found, key=_order)


def _order(item: Item) -> tuple[date, bool, datetime, str]:
    return item.starts.date(), not item.is_all_day, item.starts.replace(tzinfo=None), item.title


def days_of(items: Sequence[Item], span: Span, today: date) -> list[AgendaDay]:
    """The days with something in them; what lasts several days stands in each. A single day and today always show."""
    days = []
    for number in range((span.last - span.first).days + 1):
        day = span.first + timedelta(days=number)
        on_it = [item for item in items if item.starts.date() <= day <= _last_day(item)]
        if on_it or day == today or span.view == "day":
            days.append(AgendaDay(day, day == today, on_it))
    return days


def _last_day(item: Item) -> date:
    return (item.ends if item.is_all_day else item.ends - timedelta(microseconds=1)).date()
