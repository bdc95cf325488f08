# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable
from datetime import date, time
from typing import Any
from uuid import UUID

from plein.core.events import publish
from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import operation, save_edit
from plein.moments.actions.mentions import note_mentions
from plein.moments.actions.participants import visible_relations
from plein.moments.events import ToDoAssigned, ToDoDone
from plein.moments.models import Moment, MomentText, ToDo
from plein.moments.queries.people import relations_of_moment
from plein.trust.circles import circle_for
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

EDITABLE = ("title", "note", "due_on", "due_at", "assignee_id", "relation_id", "means_needed")


def create_todo(
    *,
    actor: Entrance,
    title: str,
    note: str = "",
    due_on: date | None = None,
    due_at: time | None = None,
    assignee_id: UUID | None = None,
    relation_id: UUID | None = None,
    means_needed: str = "",
    circle: str = "everyone",
    mentions: Iterable[UUID] = (),
) -> ToDo:
    """Put something on a colleague's list: the actor's own unless told otherwise."""
    permit(actor, "write")
    visible_relations([relation_id])
    with operation("create_todo"):
        made = ToDo.objects.create(
            title=title[:300],
            note=note,
            due_on=due_on,
            due_at=due_at,
            assignee_id=assignee_id or actor.seat_id,
            relation_id=relation_id,
            means_needed=means_needed[:500],
            own_circle_id=None if circle in ("", "everyone") else circle_for(circle),
        )
        tell_assignee(actor, made)
        note_mentions(made, chosen=mentions)
    return made


def tell_assignee(actor: Entrance, todo: ToDo) -> None:
    """Say that a to-do came onto somebody else's list."""
    if todo.assignee_id is not None and todo.assignee_id != actor.seat_id:
        publish(ToDoAssigned(todo.id, todo.assignee_id, actor.seat_id))


def make_todo_of_follow_up(*, actor: Entrance, moment: Moment, due_on: date | None = None) -> ToDo | None:
    """Put the follow-up that a moment names on the actor's list; None when it names none."""
    permit(actor, "write")
    text = MomentText.objects.filter(moment=moment).exclude(follow_up="").order_by("id").first()
    if text is None:
        return None
    relation_ids = relations_of_moment(moment.id)
    with operation("create_todo"):
        return ToDo.objects.create(
            title=text.follow_up[:300],
            means_needed=text.means_needed,
            due_on=due_on,
            assignee_id=actor.seat_id,
            relation_id=relation_ids[0] if relation_ids else None,
            moment=moment,
        )


def edit_todo(
    *, actor: Entrance, todo: ToDo, changes: dict[str, Any], based_on: int, mentions: Iterable[UUID] = ()
) -> ToDo:
    """Change a to-do; raises EditConflict when somebody was first."""
    permit(actor, "write")
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise ValueError(f"not fields of a to-do: {sorted(unknown)}")
    visible_relations([changes.get("relation_id")])
    before = todo.assignee_id
    with operation("edit_todo"):
        saved = save_edit(todo, changes, based_on=based_on)
        if saved.assignee_id != before:
            tell_assignee(actor, saved)
        note_mentions(saved, chosen=mentions)
    return saved


def tick_todo(*, actor: Entrance, todo: ToDo) -> ToDo:
    """Say that it is done; doing so twice is once."""
    permit(actor, "write")
    with operation("tick_todo"):
        changed = ToDo.objects.filter(id=todo.id, done_at__isnull=True).update(done_at=now(), done_by_id=actor.seat_id)
        if changed:
            publish(ToDoDone(todo.id))
    todo.refresh_from_db()
    return todo


def untick_todo(*, actor: Entrance, todo: ToDo) -> ToDo:
    """Say that it is not done after all."""
    permit(actor, "write")
    with operation("untick_todo"):
        ToDo.objects.filter(id=todo.id, done_at__isnull=False).update(done_at=None, done_by_id=None)
    todo.refresh_from_db()
    return todo


def delete_todo(*, actor: Entrance, todo: ToDo) -> Operation:
    """Remove a to-do; returns the operation that brings it back."""
    permit(actor, "delete")
    with operation("delete_todo") as removal:
        ToDo.objects.filter(id=todo.id).delete()
    return removal
