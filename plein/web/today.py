# SPDX-License-Identifier: AGPL-3.0-or-later
"""Today: what the day holds, what happened around you, and what waits for you."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from plein.core.ids import now
from plein.core.isolation import default_circle_id
from plein.inbox.queries import Numbers, numbers_of
from plein.inbox.wording import sentence_of, waiting_of
from plein.moments.models import ToDo
from plein.moments.queries import (
    DayThatMatters,
    MomentLine,
    appointments_between,
    around_today,
    bucket_of,
    recent_activity,
    todos_open_for,
)
from plein.moments.wording import ShownMoment, names_of, shown
from plein.relations.models import Relation
from plein.relations.vocabulary import DateKind
from plein.web import day
from plein.web.guests import appointments_of
from plein.web.kinds import look_of
from plein.web.middleware import PleinRequest
from plein.web.navigation import address_of
from plein.web.needs import needs_of

#: So many to-dos under each head; the rest is behind "All of it".
ROOM = {"overdue": 5, "today": 8, "planned": 4, "someday": 3}


@dataclass(frozen=True)
class Happening:
    """A recent moment as Today shows it."""

    moment: ShownMoment
    icon: str
    tone: str
    company: str


@dataclass(frozen=True)
class Bucket:
    """To-dos under one head, and how many more of them there are."""

    key: str
    words: str
    todos: list[ToDo]
    rest: int


@dataclass(frozen=True)
class ComingDay:
    """A day that matters this week, in words."""

    words: str
    name: str
    href: str
    on: date
    is_birthday: bool


@require_safe
def today(request: PleinRequest) -> HttpResponse:
    """The page one starts on."""
    seat, moment = request.seat, now()
    start = timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = start + timedelta(days=1)
    agenda = appointments_between(seat.seat_id, start, start + timedelta(days=2))
    todos = todos_open_for(seat.seat_id, done_since=start, limit=60)
    of_all = request.GET.get("of") == "all"
    activity = recent_activity(seat.seat_id, everybody=of_all)
    around = around_today(seat.seat_id, start.date())
    needs = needs_of(seat.seat_id, agenda, todos, around, can_write=seat.can_write)
    this_day = [line for line in agenda.appointments if line.occurred_at < tomorrow]
    due_now = [todo for todo in todos if todo.done_at or (todo.due_on and todo.due_on <= start.date())]
    waiting = [todo for todo in todos if not todo.done_at]
    appointments = appointments_of(agenda.appointments, moment)
    context = {
        "greeting": day.greeting(seat.user.name, moment),
        "sentence": day.sentence(moment, len(this_day), len([todo for todo in due_now if not todo.done_at])),
        "came_in": came_in(numbers_of()),
        "tiles": day.tiles_of(this_day, due_now, moment),
        "end": day.end_of(this_day),
        "appointments": [one for one in appointments if one.at < tomorrow],
        "tomorrow": [one for one in appointments if one.at >= tomorrow],
        "next": next((one for one in appointments if not one.is_past), None),
        "needs": needs,
        "is_quiet": not [todo for todo in due_now if not todo.done_at],
        "days": happenings_of(activity),
        "buckets": buckets_of(waiting, start.date()),
        "todo_count": len(waiting),
        "dates": [_coming_day(one) for one in around.dates],
        "of_all": of_all,
        "can_write": seat.can_write,
        "is_first_use": not activity
        and not todos
        and not appointments
        and not needs
        and not Relation.objects.filter(seat=None).exists(),
        "import_url": address_of("moments:import_list"),
        "new_person_url": address_of("relations:person_create"),
        "shout_url": address_of("questions:ask"),
    }
    return render(request, "web/today.html", context)


def came_in(numbers: Numbers) -> str:
    """What came in today and what of it waits, as one sentence; nothing when there is neither."""
    waiting = waiting_of(numbers)
    if not numbers.came:
        return waiting[:1].upper() + waiting[1:]
    return f"{sentence_of(numbers)}; {waiting}" if waiting else sentence_of(numbers)


def buckets_of(todos: Sequence[ToDo], today: date) -> list[Bucket]:
    """What is overdue, for today, planned, or for someday; of each so many as there is room for."""
    heads = {"overdue": _("Overdue"), "today": _("Today"), "planned": _("Planned"), "someday": _("Someday")}
    found: dict[str, list[ToDo]] = {key: [] for key in heads}
    for todo in todos:
        found[bucket_of(todo, today)].append(todo)
    return [
        Bucket(key, heads[key], rows[: ROOM[key]], max(0, len(rows) - ROOM[key])) for key, rows in found.items() if rows
    ]


def _coming_day(one: DayThatMatters) -> ComingDay:
    is_birthday = one.kind == DateKind.BIRTHDAY
    if is_birthday and one.years > 0:
        words = ngettext("birthday, turns %(years)s", "birthday, turns %(years)s", one.years) % {"years": one.years}
    else:
        words = one.note or str(DateKind(one.kind).label)
    return ComingDay(words, one.name, f"/relations/{one.relation_id}/", one.on, is_birthday)


def happenings_of(lines: Sequence[MomentLine]) -> list[tuple[datetime, list[Happening]]]:
    """Recent moments under the days they fall on."""
    everyone = default_circle_id()
    days = groupby(lines, key=lambda line: timezone.localtime(line.occurred_at).date())
    return [
        (items[0].occurred_at, [_happening(line, everyone) for line in items])
        for _day, group in days
        for items in (list(group),)
    ]


def _happening(line: MomentLine, everyone: int) -> Happening:
    one = shown(line, everyone)
    look = look_of(one.look)
    return Happening(one, look.icon, look.tone, names_of([part for part in line.parts if part.role == "for"]))
