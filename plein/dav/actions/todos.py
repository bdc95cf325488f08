# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a device says of a to-do, written where it belongs: only what it changed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from plein.core.operations import operation
from plein.dav.actions.kept import keep
from plein.dav.ics import KeptText, Sent, read_object
from plein.dav.ics_text import write_todo
from plein.dav.models import Kept
from plein.dav.queries.agenda import TODOS, todo_of
from plein.dav.refusals import NotTaken
from plein.moments.actions import create_todo, edit_todo, tick_todo, untick_todo
from plein.moments.models import ToDo
from plein.trust.permissions import permit
from plein.trust.seats import Entrance
from plein.trust.zones import zone_of

UNTITLED = "—"
#: What of a to-do is compared.
FIELDS = ("title", "note", "due", "done")


@dataclass(frozen=True, slots=True)
class PutTodo:
    """A to-do that came in for a name in the list; `todo` is ours, if it is known."""

    name: str
    sent: Sent
    text: str
    kept: Kept | None
    todo: ToDo | None


def put_todo(*, actor: Entrance, put: PutTodo) -> ToDo:
    """Take a to-do in: a new one, or what changed of one."""
    permit(actor, "write")
    if not put.sent.is_todo:
        raise NotTaken("This is no to-do.", "supported-calendar-component")
    verb = "add_from_device" if put.todo is None else "change_from_device"
    with operation(verb):
        todo = new_todo(actor, put.sent) if put.todo is None else _changed(actor, put, put.todo)
        todo.refresh_from_db()
        ours = todo_of(todo, zone_of(actor.user)).ours()
        keep(
            actor,
            put.kept,
            collection=TODOS,
            name=put.name,
            uid=put.sent.uid,
            text=put.text,
            ours=ours,
            todo=todo,
        )
    return todo


def _due(sent: Sent) -> tuple[date | None, time | None]:
    return sent.due or (None, None)


def new_todo(actor: Entrance, sent: Sent, circle: str = "") -> ToDo:
    """The new to-do that this is, inside the operation of whoever calls."""
    due_on, due_at = _due(sent)
    title = sent.title[:300] or UNTITLED
    todo = create_todo(actor=actor, title=title, note=sent.text, due_on=due_on, due_at=due_at, circle=circle)
    return tick_todo(actor=actor, todo=todo) if sent.done_at else todo


def _changed(actor: Entrance, put: PutTodo, todo: ToDo) -> ToDo:
    zone = zone_of(actor.user)
    known = KeptText(put.kept.uid, put.kept.text, put.kept.ours) if put.kept else None
    before = read_object(write_todo(todo_of(todo, zone), known), zone)
    said, had = put.sent.ours(), before.ours()
    return change_todo(actor, todo, put.sent, {name for name in FIELDS if said[name] != had[name]})


def change_todo(actor: Entrance, todo: ToDo, sent: Sent, differing: Collection[str]) -> ToDo:
    """The to-do with what differs in it written as it was sent, inside the operation of whoever calls."""
    changes: dict[str, Any] = {"title": sent.title[:300] or UNTITLED, "note": sent.text}
    changes = {name: value for name, value in changes.items() if name in differing}
    if "due" in differing:
        changes |= dict(zip(("due_on", "due_at"), _due(sent), strict=True))
    if changes:
        todo = edit_todo(actor=actor, todo=todo, changes=changes, based_on=todo.version)
    if "done" in differing and bool(sent.done_at) != bool(todo.done_at):
        return (tick_todo if sent.done_at else untick_todo)(actor=actor, todo=todo)
    return todo
