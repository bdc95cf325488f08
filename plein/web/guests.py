# SPDX-License-Identifier: AGPL-3.0-or-later
"""Appointments as Today shows them: the next one with what there is to know of whoever will be there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from plein.moments.queries import Briefing, MomentLine, PartLine, briefings
from plein.moments.wording import title_of
from plein.web import day
from plein.web.human_dates import clock, due, when

MOST_TOLD = 4


@dataclass(frozen=True)
class Guest:
    """Somebody who will be at an appointment, and when we last were in contact."""

    name: str
    kind: str
    id: UUID
    href: str
    last: str


@dataclass(frozen=True)
class Line:
    """One thing to know before an appointment: a sign, a sentence, and where it leads."""

    icon: str
    text: str
    href: str = ""


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
    known: list[Line]
    is_past: bool
    is_next: bool

    @property
    def when(self) -> str:
        return in_sentence(self.at)

    @property
    def names(self) -> str:
        return ", ".join(guest.name for guest in self.guests[:4])


def in_sentence(moment: datetime) -> str:
    """Say when something is or was, in the middle of a sentence."""
    words = when(moment)
    return words[:1].lower() + words[1:]


def appointments_of(lines: Sequence[MomentLine], moment: datetime) -> list[Appointment]:
    """Appointments with who will be there, and what there is to know of them."""
    present = {line.id: _theirs(line) for line in lines}
    known = briefings(part.relation_id for parts in present.values() for part in parts if part.relation_id)
    next_id = next((line.id for line in lines if not day.is_over(line, moment)), None)
    return [_appointment(line, present[line.id], known, moment, is_next=line.id == next_id) for line in lines]


def _appointment(
    line: MomentLine, present: Sequence[PartLine], known: Mapping[UUID, Briefing], moment: datetime, *, is_next: bool
) -> Appointment:
    people = [part for part in present if part.role != "for"]
    return Appointment(
        title=title_of(line),
        hour=_("all day") if line.is_all_day else clock(line.occurred_at),
        href=reverse("moments:moment", args=[line.id]),
        at=line.occurred_at,
        place=line.location,
        purpose=line.purpose or line.text[:160],
        guests=[_guest(part, known) for part in people],
        known=_told(present, known) if is_next else [],
        is_past=day.is_over(line, moment),
        is_next=is_next,
    )


def _theirs(line: MomentLine) -> list[PartLine]:
    """The people and organizations of the other side, each once."""
    found = {part.relation_id: part for part in line.parts if part.relation_id and not part.is_ours}
    return list(found.values())


def _guest(part: PartLine, known: Mapping[UUID, Briefing]) -> Guest:
    if part.relation_id is None:
        raise ValueError("a guest is a relation")
    last = known[part.relation_id].last_at if part.relation_id in known else None
    words = _("Last contact %(when)s.") % {"when": in_sentence(last)} if last else _("Not spoken before.")
    return Guest(part.name, part.kind, part.relation_id, f"/relations/{part.relation_id}/", words)


def _told(present: Sequence[PartLine], known: Mapping[UUID, Briefing]) -> list[Line]:
    """What was promised last time, what came of it, and what is still to be done for whoever comes."""
    ids = [part.relation_id for part in present if part.relation_id is not None]
    briefing = [known[one] for one in ids if one in known]
    said = [one.promised for one in briefing if one.promised]
    promised = [Line("arrow-right", _("Promised: %(words)s") % {"words": words}) for words in said]
    came_of_it = [Line("notes", one.outcome) for one in briefing if one.outcome]
    to_do = [
        Line(
            "checkbox",
            _("%(title)s, due %(day)s") % {"title": title, "day": due(due_on)} if due_on else title,
            reverse("moments:todo", args=[todo_id]),
        )
        for one in briefing
        for todo_id, title, due_on in one.todos
    ]
    return list(dict.fromkeys([*promised, *to_do, *came_of_it]))[:MOST_TOLD]
