# SPDX-License-Identifier: AGPL-3.0-or-later
"""A colleague's day in a greeting, a sentence and a hopscotch."""

from collections.abc import Sequence
from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plein.moments.models import ToDo
from plein.moments.queries import MomentLine
from plein.moments.queries.agenda import end_of as end_of_appointment
from plein.moments.vocabulary import State
from plein.moments.wording import names_of, title_of
from plein.web.charts import Tile
from plein.web.human_dates import clock

GOING_HOME = time(17, 0)
TILE_LETTERS = 12
NUMBERS = (
    gettext_lazy("no"),
    gettext_lazy("one"),
    gettext_lazy("two"),
    gettext_lazy("three"),
    gettext_lazy("four"),
    gettext_lazy("five"),
    gettext_lazy("six"),
    gettext_lazy("seven"),
    gettext_lazy("eight"),
    gettext_lazy("nine"),
    gettext_lazy("ten"),
    gettext_lazy("eleven"),
    gettext_lazy("twelve"),
)


def greeting(name: str, moment: datetime) -> str:
    """Greet by the time of day and by first name."""
    first = name.split(" ")[0] if name else ""
    hour = timezone.localtime(moment).hour
    if 5 <= hour < 12:
        words = _("Good morning, %(name)s")
    elif 12 <= hour < 18:
        words = _("Good afternoon, %(name)s")
    else:
        words = _("Good evening, %(name)s")
    return words % {"name": first}


def _number(count: int) -> str:
    return str(NUMBERS[count]) if count < len(NUMBERS) else str(count)


def sentence(moment: datetime, appointments: int, todos: int) -> str:
    """Say which day it is and what is in it."""
    day = date_format(timezone.localtime(moment).date(), "l j F")
    planned = ngettext("%(count)s appointment", "%(count)s appointments", appointments) % {
        "count": _number(appointments)
    }
    to_do = ngettext("%(count)s thing to do", "%(count)s things to do", todos) % {"count": _number(todos)}
    if not appointments and not todos:
        rest = _("nothing planned")
    elif not todos:
        rest = planned
    elif not appointments:
        rest = to_do
    else:
        rest = _("%(appointments)s, %(todos)s") % {"appointments": planned, "todos": to_do}
    return _("%(day)s. %(rest)s.") % {"day": _capital(day), "rest": _capital(rest)}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def is_over(line: MomentLine, moment: datetime) -> bool:
    """Whether an appointment is behind us."""
    return line.state == State.DONE or end_of_appointment(line) < moment


def short_title(line: MomentLine) -> str:
    """Whom an appointment is with, short enough for a tile; else what it is about."""
    theirs = [part for part in line.parts if not part.is_ours and part.role != "for"]
    companies = [part for part in line.parts if part.role == "for"]
    return first_words(names_of(companies[:1] or theirs[:1]) or title_of(line))


def first_words(text: str) -> str:
    """As many whole words as fit a tile."""
    words = text.split()
    shown = words[0] if words else ""
    for word in words[1:]:
        if len(shown) + 1 + len(word) > TILE_LETTERS:
            break
        shown += f" {word}"
    return shown


def _appointment_tile(line: MomentLine, state: str) -> Tile:
    href = reverse("moments:moment", args=[line.id])
    hour = "" if line.is_all_day else clock(line.occurred_at)
    return Tile(short_title(line), title_of(line), href, hour, state)


def _todo_tile(todo: ToDo, state: str) -> Tile:
    href = reverse("moments:todo", args=[todo.id])
    hour = f"{todo.due_at.hour}.{todo.due_at.minute:02d}" if todo.due_at else ""
    name = todo.relation.name if todo.relation else todo.title
    return Tile(first_words(name), todo.title, href, hour, state, free=state != "done" and not hour)


def tiles_of(appointments: Sequence[MomentLine], todos: Sequence[ToDo], moment: datetime) -> list[Tile]:
    """The day as tiles: what is done, what is now, what comes later; two things of free order lie side by side."""
    over = [(line.occurred_at, _appointment_tile(line, "done")) for line in appointments if is_over(line, moment)]
    over += [(todo.done_at, _todo_tile(todo, "done")) for todo in todos if todo.done_at]
    tiles = [tile for _at, tile in sorted(over, key=lambda pair: pair[0])]
    ahead = [line for line in appointments if not is_over(line, moment)]
    waiting = [todo for todo in todos if not todo.done_at]
    is_busy = bool(ahead) and ahead[0].occurred_at <= moment
    coming: list[Tile] = [_appointment_tile(ahead.pop(0), "later")] if is_busy else []
    while ahead or waiting:
        coming += [_todo_tile(todo, "later") for todo in waiting[:2]]
        del waiting[:2]
        if ahead:
            coming.append(_appointment_tile(ahead.pop(0), "later"))
    if coming:
        first = coming[0]
        coming[0] = Tile(first.name, first.title, first.href, first.time, "now", first.free)
    return tiles + coming


def end_of(appointments: Sequence[MomentLine]) -> str:
    """When the day is over: at going-home time, or after the last appointment."""
    ends = [(timezone.localtime(end_of_appointment(line)), line) for line in appointments if not line.is_all_day]
    last = max((end.time() for end, line in ends if _same_day(end, line)), default=GOING_HOME)
    latest = max(last, GOING_HOME)
    return f"{latest.hour}.{latest.minute:02d}"


def _same_day(end: datetime, line: MomentLine) -> bool:
    return end.date() == timezone.localtime(line.occurred_at).date()
