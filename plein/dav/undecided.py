# SPDX-License-Identifier: AGPL-3.0-or-later
"""What waits for a decision at a connection, in words: what we say of it, and what the other side says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.core.audit import audit_look
from plein.dav.actions.mirrored_cards import both_changed as both_in_card
from plein.dav.actions.mirrored_events import both_changed as both_in_event
from plein.dav.actions.mirrored_todos import both_changed as both_in_todo
from plein.dav.actions.mirrored_todos import said_by
from plein.dav.cards import Facts, Value, read_card
from plein.dav.ics import EventFacts, Sent, read_object
from plein.dav.models import Mirrored
from plein.dav.queries.agenda import todo_of
from plein.dav.queries.book import single_facts_of
from plein.dav.queries.mirrored import facts_by_moment
from plein.moments.models import ToDo
from plein.trust.seats import Entrance
from plein.trust.zones import zone_of

LABELS: dict[str, Any] = {
    "name": gettext_lazy("Name"),
    "org": gettext_lazy("Works at"),
    "bday": gettext_lazy("Birthday"),
    "anniversary": gettext_lazy("Anniversary"),
    "note": gettext_lazy("About"),
    "photo": gettext_lazy("Photo"),
    "title": gettext_lazy("Subject"),
    "location": gettext_lazy("Place"),
    "text": gettext_lazy("Text"),
    "due": gettext_lazy("Due"),
    "done": gettext_lazy("Done"),
    "starts": gettext_lazy("Begins"),
    "ends": gettext_lazy("Ends"),
    "rule": gettext_lazy("Repeats"),
    "cancelled": gettext_lazy("Does it take place"),
    "gone": gettext_lazy("Days on which it does not take place"),
    "moved": gettext_lazy("Days on which it is otherwise"),
}
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Undecided:
    """One thing that waits: whose or what it is, and what both sides say; nothing when it is only gone there."""

    id: UUID
    collection: str
    title: str
    relation_id: UUID | None
    moment_id: UUID | None
    todo_id: UUID | None
    lines: tuple[tuple[str, str, str], ...]


def undecided(actor: Entrance, rows: Iterable[Mirrored]) -> list[Undecided]:
    """What waits, in the order of the rows; whom it names is logged as looked at."""
    found = list(rows)
    relations = [one.relation for one in found if one.relation is not None]
    audit_look("relation", relations, how="list")
    audit_look("moment", [one.moment for one in found if one.moment is not None], how="list")
    audit_look("todo", [one.todo for one in found if one.todo is not None], how="list")
    cards, events = single_facts_of(relations), facts_by_moment(actor, found)
    zone = zone_of(actor.user)
    shown = []
    for one in found:
        if one.relation_id in cards:
            shown.append(_of_card(one, cards[one.relation_id]))
        elif one.moment_id in events:
            shown.append(_of_event(one, events[one.moment_id], zone))
        elif one.todo is not None:
            shown.append(_of_todo(actor, one, one.todo))
    return shown


def _of_card(one: Mirrored, facts: Facts) -> Undecided:
    lines: tuple[tuple[str, str, str], ...] = ()
    if one.theirs:
        base, card = (read_card(text) for text in (one.text, one.theirs))
        both = both_in_card(one, base, card, facts.ours())
        lines = tuple(
            (str(LABELS[name]), _said(facts.values, name), _said(card.values, name)) for name in LABELS if name in both
        )
    return Undecided(one.id, one.collection, facts.name, facts.id, None, None, lines)


def _said(values: Iterable[Value], group: str) -> str:
    if group == "photo":
        return _("another photo")
    said = (one.text or ", ".join(filter(None, one.parts)) or one.key for one in values if one.group == group)
    return _short(", ".join(said))


def _of_event(one: Mirrored, facts: EventFacts, zone: ZoneInfo) -> Undecided:
    base, sent = (read_object(text, zone) for text in (one.text, one.theirs))
    both = both_in_event(one, base, sent, facts.ours())
    lines = tuple((str(LABELS[name]), *_sides(facts, sent, name)) for name in LABELS if name in both)
    return Undecided(one.id, one.collection, facts.title or _("Without a subject"), None, facts.id, None, lines)


def _of_todo(actor: Entrance, one: Mirrored, todo: ToDo) -> Undecided:
    zone = zone_of(actor.user)
    base, sent = (read_object(text, zone) for text in (one.text, one.theirs))
    mine, said = todo_of(todo, zone).ours(), said_by(zone, sent)
    both = both_in_todo(zone, one, base, sent, mine)
    due = (todo.due_on, todo.due_at)
    words = {name: (_short(mine[name]), _short(said[name])) for name in mine}
    words["due"] = (_due_words(due), _due_words(sent.due))
    words["done"] = (_yes(todo.done_at is None), _yes(sent.done_at is None))
    lines = tuple((str(LABELS[name]), *words[name]) for name in LABELS if name in both)
    return Undecided(one.id, one.collection, todo.title, None, None, todo.id, lines)


def _due_words(due: tuple[date | None, time | None] | None) -> str:
    on, at = due or (None, None)
    day = date_format(on, "j F Y") if on else ""
    return f"{day} {at:%H:%M}" if at else day


def _sides(facts: EventFacts, sent: Sent, name: str) -> tuple[str, str]:
    starts, ends, is_day = sent.times or (facts.starts, facts.ends, facts.is_all_day)
    match name:
        case "starts":
            return _when(facts.starts, is_day=facts.is_all_day), _when(starts, is_day=is_day)
        case "ends":
            return _when(facts.ends, is_day=facts.is_all_day), _when(ends, is_day=is_day)
        case "cancelled":
            return _yes(facts.is_cancelled), _yes(sent.is_cancelled)
        case "gone":
            return _days(facts.gone), _days(sent.gone)
        case "moved":
            return _days(facts.moved), _days(sent.others)
        case _:
            return _short(str(getattr(facts, name))), _short(str(getattr(sent, name)))


def _yes(is_cancelled: bool) -> str:
    return _("no") if is_cancelled else _("yes")


def _days(days: Iterable[date]) -> str:
    return ", ".join(date_format(day, "j M") for day in sorted(days))


def _when(moment: datetime, *, is_day: bool) -> str:
    there = localtime(moment)
    return date_format(there, "j F Y") if is_day else date_format(there, "j F Y H:i")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
