# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a device says of a to-do, written where it belongs: only what it changed."""

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
        todo = _new(actor, put.sent) if put.todo is None else _changed(actor, put, put.todo)
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


def _new(actor: Entrance, sent: Sent) -> ToDo:
    due_on, due_at = _due(sent)
    todo = create_todo(actor=actor, title=sent.title[:300] or UNTITLED, note=sent.text, due_on=due_on, due_at=due_at)
    return tick_todo(actor=actor, todo=todo) if sent.done_at else todo


def _changed(actor: Entrance, put: PutTodo, todo: ToDo) -> ToDo:
    zone = zone_of(actor.user)
    known = KeptText(put.kept.uid, put.kept.text, put.kept.ours) if put.kept else None
    before = read_object(write_todo(todo_of(todo, zone), known), zone)
    said, had = put.sent.ours(), before.ours()
    changes: dict[str, Any] = {name: said[name] for name in ("title", "note") if said[name] != had[name]}
    if "title" in changes:
        changes["title"] = changes["title"][:300] or UNTITLED
    if said["due"] != had["due"]:
        changes |= dict(zip(("due_on", "due_at"), _due(put.sent), strict=True))
    if changes:
        todo = edit_todo(actor=actor, todo=todo, changes=changes, based_on=todo.version)
    if said["done"] != had["done"]:
        return (tick_todo if said["done"] else untick_todo)(actor=actor, todo=todo)
    return todo
