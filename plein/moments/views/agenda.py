# SPDX-License-Identifier: AGPL-3.0-or-later
"""The agenda: a list that the browser turns into a calendar, its contents, and what is dragged in it."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plein.core.ids import now
from plein.core.operations import EditConflict
from plein.core.toasts import undo_address
from plein.moments import actions
from plein.moments.agenda_days import VIEWS, Item, Span, Whose, appointment_item, days_of, items_of, todo_item
from plein.moments.models import Moment, ToDo
from plein.moments.queries import Colleague, appointments_in, colleagues, todos_due
from plein.moments.queries.calendar import MOST, appointment_line
from plein.moments.views.guests import guests_to_tell
from plein.trust.answers import Request, act, allow, page
from plein.trust.models import TeamMember

#: The list is read without a calendar and on paper; a longer one is no list any more.
MOST_IN_LIST = 200
LONGEST = timedelta(days=70)


@require_safe
def agenda(request: Request) -> HttpResponse:
    """Appointments and to-dos of a day, a week or a month: one's own, a colleague's, or everybody's."""
    people = colleagues()
    whose = whose_agenda(request, people)
    span = _span(request)
    today = timezone.localdate(now())
    items = _items(span.start(), span.end(), whose)
    kept = {**({"of": whose.key} if whose.key else {}), "view": span.view}
    base = reverse("moments:agenda")
    address = {
        name: f"{base}?{urlencode({**kept, 'on': day.isoformat()})}"
        for name, day in (("before", span.step(-1)), ("after", span.step(1)), ("today", today))
    }
    now_shown = {"view": span.view, "on": span.on.isoformat()}
    choices = [
        (key, name, f"{base}?{urlencode({**now_shown, **({'of': key} if key else {})})}")
        for key, name in whose_choices(request, people)
    ]
    words = {"day": _("Day"), "week": _("Week"), "month": _("Month")}
    context = {
        "span": span,
        "whose": whose,
        "views": [
            (words[view], f"{base}?{urlencode({**kept, **now_shown, 'view': view})}", view == span.view, view)
            for view in VIEWS
        ],
        "choices": choices,
        "legend": [(one, whose.tone_of(one.seat_id)) for one in whose.people] if whose.is_team else [],
        "address": address,
        "days": days_of(items[:MOST_IN_LIST], span, today),
        "rest": max(0, len(items) - MOST_IN_LIST),
        "whose_words": whose.words or next((words for key, words, _href in choices if key == whose.key), ""),
        "calendar_json": json.dumps(_calendar(span, whose, base), ensure_ascii=False),
        "words_json": json.dumps(_words(), ensure_ascii=False),
    }
    return page(request, "moments/agenda.html", context)


def _words() -> dict[str, str]:
    """The words the calendar in the browser needs."""
    return {
        "all_day": _("all day"),
        "more": _("{count} more"),
        "before": _("Before"),
        "after": _("After"),
        "not_to_another": _("Open it to give it to somebody else."),
    }


def _calendar(span: Span, whose: Whose, base: str) -> dict[str, Any]:
    """What the calendar in the browser needs to know."""
    return {
        "view": span.view,
        "on": span.on.isoformat(),
        "of": whose.key,
        "events": f"{reverse('moments:agenda_events')}?{urlencode({'of': whose.key})}",
        "move": reverse("moments:agenda_move"),
        "new": reverse("moments:appointment_new"),
        "base": base,
        "people": [
            {"id": str(one.seat_id), "title": one.name, "tone": whose.tone_of(one.seat_id)} for one in whose.people
        ]
        if whose.is_team
        else [],
    }


def _span(request: Request) -> Span:
    asked = request.GET.get("view", "")
    # A phone has room for one day; it says in its name that it is one.
    view = asked if asked in VIEWS else "day" if "Mobi" in request.headers.get("User-Agent", "") else "week"
    try:
        on = date.fromisoformat(request.GET.get("on", "")[:10])
    except ValueError:
        on = timezone.localdate(now())
    return Span.around(view, on)


def whose_choices(request: Request, people: Sequence[Colleague]) -> list[tuple[str, str]]:
    """Whose agenda one may look at: one's own, everybody's, that of a team one is in, that of a colleague."""
    teams = TeamMember.objects.filter(team__members__seat_id=request.seat.seat_id).order_by("team__name")
    names = {f"team-{team}": name for team, name in teams.values_list("team_id", "team__name")}
    others = [(str(one.seat_id), one.name) for one in people if one.seat_id != request.seat.seat_id]
    return [("", _("Mine")), ("all", _("Everybody")), *names.items(), *others]


def whose_agenda(request: Request, people: Sequence[Colleague]) -> Whose:
    """The agenda that an address asks for; one's own when it names nobody."""
    key = request.GET.get("of", "")[:60]
    if key == "all":
        return Whose(key, _("Everybody"), tuple(people))
    if key.startswith("team-") and (team := _uuid(key.removeprefix("team-"))):
        members = set(TeamMember.objects.filter(team_id=team).values_list("seat_id", flat=True))
        chosen = tuple(one for one in people if one.seat_id in members)
        if request.seat.seat_id in members and chosen:
            return Whose(key, "", chosen)
    one = next((one for one in people if str(one.seat_id) == key), None)
    if one is not None and one.seat_id != request.seat.seat_id:
        return Whose(key, one.name, (one,))
    return Whose("", _("Mine"), (Colleague(request.seat.seat_id, str(request.seat.user)),))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _items(start: datetime, end: datetime, whose: Whose) -> list[Item]:
    lines = appointments_in(whose.seats, start, end)
    last = timezone.localtime(end - timedelta(microseconds=1)).date()
    return items_of(lines, todos_due(whose.seats, timezone.localtime(start).date(), last), whose)


@require_safe
def events(request: Request) -> JsonResponse:
    """What stands in the agenda between two times, for the calendar."""
    start, end = _wall(request.GET.get("start", "")), _wall(request.GET.get("end", ""))
    if start is None or end is None or not timedelta() < end - start <= LONGEST:
        return JsonResponse({"text": _("Say from when to when, seventy days at most.")}, status=422)
    whose = whose_agenda(request, colleagues())
    found = _items(start, end, whose)
    can_write = request.seat.can_write
    shown = [item.as_event(can_write=can_write) for item in found]
    more = _("There is more than fits. Choose a colleague or a shorter time.") if len(found) >= MOST else ""
    return JsonResponse({"events": shown, "more": more})


def _wall(text: str) -> datetime | None:
    """A time as it stands on the clock of the reader."""
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        return None
    if found is None or not 1900 < found.year < 2200:
        return None
    return timezone.make_aware(found.replace(tzinfo=None))


@require_POST
def move(request: Request) -> JsonResponse:
    """Something was dragged to another time, or made longer or shorter."""
    allow(request)
    record_id, version = _uuid(request.POST.get("id", "")), request.POST.get("version", "")
    start, end = _wall(request.POST.get("start", "")), _wall(request.POST.get("end", ""))
    is_all_day = request.POST.get("all_day") == "1"
    if record_id is None or start is None or not (version.isdecimal() and len(version) < 10):
        return JsonResponse({"text": _("This cannot be moved there. Open it and change its time.")}, status=422)
    if request.POST.get("kind") == "todo":
        return _move_todo(request, record_id, int(version), start, is_all_day=is_all_day)
    if end is None or end < start or end - start > timedelta(days=31):
        return JsonResponse({"text": _("An appointment lasts a month at most.")}, status=422)
    return _move_appointment(request, record_id, int(version), start, end, is_all_day=is_all_day)


def _move_appointment(
    request: Request, moment_id: UUID, version: int, start: datetime, end: datetime, *, is_all_day: bool
) -> JsonResponse:
    moment = Moment.objects.filter(id=moment_id).first()
    if moment is None:
        raise Http404
    # The end of a whole day is exclusive in a calendar, and the day itself with us.
    last = max(start, end - timedelta(days=1)) if is_all_day else end
    changes = {"occurred_at": start, "ends_at": last, "is_all_day": is_all_day}
    try:
        with act("move_appointment") as done:
            actions.change_appointment(actor=request.seat, moment=moment, changes=changes, based_on=version)
    except EditConflict:
        return _was_first(_one(request, moment_id))
    item = _one(request, moment_id)
    words = _("Moved to %(when)s.") % {"when": _when(start, is_all_day=is_all_day)}
    if item.repeats:
        words = _("Only this one moved, to %(when)s.") % {"when": _when(start, is_all_day=is_all_day)}
    there = guests_to_tell(moment_id)
    if there:
        words = f"{words} {_('Its guests do not know yet: open this to tell them.')}"
    return _moved(item, words, done.id, there)


def _move_todo(request: Request, todo_id: UUID, version: int, start: datetime, *, is_all_day: bool) -> JsonResponse:
    todo = ToDo.objects.filter(id=todo_id).first()
    if todo is None:
        raise Http404
    changes = {"due_on": start.date(), "due_at": None if is_all_day else start.time().replace(second=0, microsecond=0)}
    try:
        with act("edit_todo") as done:
            actions.edit_todo(actor=request.seat, todo=todo, changes=changes, based_on=version)
    except EditConflict:
        return _was_first(_one(request, todo_id))
    words = _("Due %(when)s now.") % {"when": _when(start, is_all_day=is_all_day)}
    return _moved(_one(request, todo_id), words, done.id)


def _one(request: Request, record_id: UUID) -> Item:
    """One thing as it stands in the agenda now, in the colours of whoever's agenda is open."""
    whose = whose_agenda(request, colleagues())
    todo = ToDo.objects.select_related("relation").filter(id=record_id, due_on__isnull=False).first()
    if todo is not None:
        return todo_item(todo, whose)
    line = appointment_line(record_id)
    if line is None:
        raise Http404
    return appointment_item(line, whose)


def _when(moment: datetime, *, is_all_day: bool) -> str:
    day = date_format(moment.date(), "l j F")
    return day if is_all_day else _("%(day)s, %(hour)s") % {"day": day, "hour": f"{moment.hour}.{moment.minute:02d}"}


def _moved(item: Item, words: str, operation_id: UUID, there: str = "") -> JsonResponse:
    """Where it is now, the way back, and the page where something is left to do because of it."""
    said = {"event": item.as_event(can_write=True), "text": words, "undo": undo_address(operation_id)}
    return JsonResponse(said | ({"href": there} if there else {}))


def _was_first(item: Item) -> JsonResponse:
    """Somebody else moved it first: where it is now, and that in a sentence."""
    words = _("Somebody moved this just before you: it is on %(when)s now. Yours was not saved.") % {
        "when": _when(item.starts, is_all_day=item.is_all_day)
    }
    return JsonResponse({"event": item.as_event(can_write=True), "text": words}, status=409)
