# SPDX-License-Identifier: AGPL-3.0-or-later
"""Today: what the day holds, what happened around you, and what waits for you."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from plein.core.ids import now
from plein.core.isolation import default_circle_id
from plein.moments.models import Proposal, ToDo
from plein.moments.queries import (
    Agenda,
    LastContact,
    MomentLine,
    PartLine,
    appointments_between,
    last_contact,
    open_follow_ups,
    recent_activity,
    todos_open_for,
)
from plein.moments.wording import ShownMoment, names_of, shown, title_of
from plein.relations.models import Relation
from plein.web import day
from plein.web.human_dates import clock, due, when
from plein.web.kinds import look_of
from plein.web.middleware import PleinRequest
from plein.web.navigation import address_of

MOST_NEEDED, MOST_LATE, MOST_TODOS, MOST_PROPOSALS = 6, 2, 8, 100
PATIENCE = timedelta(days=2)


@dataclass(frozen=True)
class Guest:
    """Somebody who will be at an appointment, and when we last were in contact."""

    name: str
    kind: str
    id: UUID
    href: str
    last: str


@dataclass(frozen=True)
class Appointment:
    """An appointment as Today shows it; the next one comes with its briefing."""

    title: str
    hour: str
    href: str
    at: datetime
    place: str
    purpose: str
    guests: list[Guest]
    is_past: bool
    is_next: bool

    @property
    def when(self) -> str:
        return in_sentence(self.at)

    @property
    def names(self) -> str:
        return ", ".join(guest.name for guest in self.guests[:4])


@dataclass(frozen=True)
class Need:
    """Something that waits for a decision: what, why it is shown, and the acts that settle it."""

    glyph: str
    tone: str
    title: str
    why: str
    href: str
    text: str = ""
    acts: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Happening:
    """A recent moment as Today shows it."""

    moment: ShownMoment
    icon: str
    tone: str
    company: str


def in_sentence(moment: datetime) -> str:
    """Say when something is or was, in the middle of a sentence."""
    words = when(moment)
    return words[:1].lower() + words[1:]


@require_safe
def today(request: PleinRequest) -> HttpResponse:
    """The page one starts on."""
    seat, moment = request.seat, now()
    start = timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    agenda = appointments_between(seat.seat_id, start, start + timedelta(days=2))
    todos = todos_open_for(seat.seat_id, done_since=start, limit=40)
    of_all = request.GET.get("of") == "all"
    activity = recent_activity(seat.seat_id, everybody=of_all)
    needs = needs_of(seat.seat_id, agenda, todos, can_write=seat.can_write)
    this_day = [line for line in agenda.appointments if line.occurred_at < start + timedelta(days=1)]
    due_now = [todo for todo in todos if todo.done_at or (todo.due_on and todo.due_on <= start.date())]
    waiting = [todo for todo in todos if not todo.done_at]
    appointments = appointments_of(agenda.appointments, moment)
    context = {
        "greeting": day.greeting(seat.user.name, moment),
        "sentence": day.sentence(moment, len(this_day), len([todo for todo in due_now if not todo.done_at])),
        "tiles": day.tiles_of(this_day, due_now, moment),
        "end": day.end_of(this_day),
        "appointments": [one for one in appointments if one.at < start + timedelta(days=1)],
        "tomorrow": [one for one in appointments if one.at >= start + timedelta(days=1)],
        "next": next((one for one in appointments if not one.is_past), None),
        "needs": needs,
        "days": happenings_of(activity),
        "todos": waiting[:MOST_TODOS],
        "todo_count": len(waiting),
        "of_all": of_all,
        "can_write": seat.can_write,
        "is_first_use": not activity
        and not todos
        and not appointments
        and not Relation.objects.filter(seat=None).exists(),
        "import_url": address_of("moments:import_list"),
        "new_person_url": address_of("relations:person_create"),
    }
    return render(request, "web/today.html", context)


def appointments_of(lines: Sequence[MomentLine], moment: datetime) -> list[Appointment]:
    """Appointments with who will be there and the last contact with them."""
    guests = {line.id: _guests(line) for line in lines}
    last = last_contact({part.relation_id for parts in guests.values() for part in parts if part.relation_id})
    next_id = next((line.id for line in lines if not day.is_over(line, moment)), None)
    return [
        Appointment(
            title=title_of(line),
            hour=clock(line.occurred_at),
            href=reverse("moments:moment", args=[line.id]),
            at=line.occurred_at,
            place=line.location,
            purpose=line.purpose or line.text[:160],
            guests=[_guest(part, last) for part in guests[line.id]],
            is_past=day.is_over(line, moment),
            is_next=line.id == next_id,
        )
        for line in lines
    ]


def _guests(line: MomentLine) -> list[PartLine]:
    found = {
        part.relation_id: part for part in line.parts if part.relation_id and not part.is_ours and part.role != "for"
    }
    return list(found.values())


def _guest(part: PartLine, last: Mapping[UUID, LastContact]) -> Guest:
    if part.relation_id is None:
        raise ValueError("a guest is a relation")
    href = f"/relations/{part.relation_id}/"
    found = last.get(part.relation_id)
    words = _("Last contact %(when)s.") % {"when": in_sentence(found.occurred_at)} if found else _("Not spoken before.")
    return Guest(part.name, part.kind, part.relation_id, href, words)


def needs_of(seat_id: UUID, agenda: Agenda, todos: Sequence[ToDo], *, can_write: bool) -> list[Need]:
    """What waits for this colleague, what is most pressing first."""
    if not can_write:
        return []
    late = [todo for todo in todos if not todo.done_at and todo.due_on and todo.due_on < (now() - PATIENCE).date()]
    found = [_unsettled(line) for line in agenda.unsettled[-MOST_LATE:]]
    found += [_late(todo) for todo in late[:MOST_LATE]]
    found += [_follow_up(line) for line in open_follow_ups(seat_id)]
    if (waiting := Proposal.objects.filter(decision="open").order_by()[:MOST_PROPOSALS].count()) and (
        href := address_of("moments:import_list")
    ):
        found.append(_proposals(waiting, href))
    return found[:MOST_NEEDED]


def _post(words: str, icon: str, url_name: str, record_id: UUID, look: str = "", **values: Any) -> dict[str, Any]:
    return {"words": words, "icon": icon, "look": look, "url": reverse(url_name, args=[record_id]), "values": values}


def _unsettled(line: MomentLine) -> Need:
    return Need(
        glyph="calendar-event",
        tone="yellow",
        title=_("Did “%(title)s” take place?") % {"title": title_of(line)},
        why=_("It was planned for %(when)s, and nobody wrote down what came of it.")
        % {"when": in_sentence(line.occurred_at)},
        href=reverse("moments:moment", args=[line.id]),
        text=names_of([part for part in line.parts if not part.is_ours]),
        acts=[
            _post(_("Yes, it did"), "check", "moments:complete", line.id, "primary", version=line.version),
            _post(_("No, it did not"), "x", "moments:cancel", line.id, version=line.version),
        ],
    )


def _late(todo: ToDo) -> Need:
    return Need(
        glyph="clock",
        tone="rose",
        title=todo.title,
        why=_("This was due %(when)s.") % {"when": due(todo.due_on)} if todo.due_on else "",
        href=reverse("moments:todo", args=[todo.id]),
        text=todo.relation.name if todo.relation else "",
        acts=[_post(_("It is done"), "check", "moments:todo_tick", todo.id, done="1")],
    )


def _follow_up(line: MomentLine) -> Need:
    return Need(
        glyph="arrow-right",
        tone="mint",
        title=line.follow_up,
        why=_("You wrote this down as a follow-up, and it is on nobody’s list yet."),
        href=reverse("moments:moment", args=[line.id]),
        text=_("%(moment)s, %(when)s") % {"moment": title_of(line), "when": in_sentence(line.occurred_at)},
        acts=[_post(_("Put it on my list"), "checkbox", "moments:follow_up", line.id)],
    )


def _proposals(waiting: int, href: str) -> Need:
    count = _("%(count)s or more") % {"count": waiting} if waiting >= MOST_PROPOSALS else str(waiting)
    return Need(
        glyph="user-plus",
        tone="lilac",
        title=ngettext(
            "%(count)s sender from your mail is nobody yet", "%(count)s senders from your mail are nobody yet", waiting
        )
        % {"count": count},
        why=_("Your import left them for you to decide."),
        href=href,
    )


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
