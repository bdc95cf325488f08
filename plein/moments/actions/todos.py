# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from plein.core.audit import audit
from plein.core.events import publish
from plein.core.ids import new_id, now
from plein.core.models import Operation
from plein.core.operations import EditConflict, operation, save_edit
from plein.moments.actions.mentions import note_mentions
from plein.moments.actions.participants import visible_relations
from plein.moments.actions.repeating import make_next, take_back_next
from plein.moments.events import ToDoAssigned, ToDoDone
from plein.moments.models import Moment, MomentText, ToDo
from plein.moments.queries.people import relations_of_moment
from plein.moments.queries.seats import zone_of_seat
from plein.moments.refusals import OutOfSight
from plein.moments.reminding import reminder_at
from plein.moments.repeats import read_rule
from plein.trust.circles import own_circle_for_new
from plein.trust.models import Seat
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

EDITABLE = (
    "title",
    "note",
    "due_on",
    "due_at",
    "assignee_id",
    "relation_id",
    "means_needed",
    "remind_before",
    "remind_at",
    "repeat",
    "repeats_after",
)


class UnknownColleague(ValueError):
    """Somebody who is to do something has no seat here."""


def check_colleague(actor: Entrance, seat_id: UUID | None) -> None:
    """Raise UnknownColleague when somebody who is to do something has no seat here."""
    if seat_id is None or seat_id == actor.seat_id:
        return
    if not Seat.objects.filter(id=seat_id, is_active=True).exists():
        raise UnknownColleague(str(seat_id))


def create_todo(
    *,
    actor: Entrance,
    title: str,
    note: str = "",
    due_on: date | None = None,
    due_at: time | None = None,
    assignee_id: UUID | None = None,
    relation_id: UUID | None = None,
    moment: Moment | None = None,
    means_needed: str = "",
    remind_before: int | None = None,
    remind_at: datetime | None = None,
    repeat: str = "",
    repeats_after: bool = False,
    circle: str = "",
    mentions: Iterable[UUID] = (),
    todo_id: UUID | None = None,
) -> ToDo:
    """Put something on a colleague's list, the actor's own unless told otherwise; with an id of the sender's, once."""
    permit(actor, "write")
    if todo_id is not None and (known := ToDo.objects.filter(id=todo_id).first()) is not None:
        return known
    visible_relations([relation_id])
    check_colleague(actor, assignee_id)
    with operation("create_todo"):
        todo = ToDo(
            id=todo_id or new_id(),
            title=title[:300],
            note=note,
            due_on=due_on,
            due_at=due_at,
            assignee_id=assignee_id or actor.seat_id,
            relation_id=relation_id,
            moment=moment,
            means_needed=means_needed[:500],
            remind_before=remind_before,
            remind_at=remind_at,
            repeat=repeat,
            repeats_after=repeats_after,
            own_circle_id=own_circle_for_new(circle),
        )
        for name, value in consequences(todo, {"due_on", "repeat"}).items():
            setattr(todo, name, value)
        _insert(todo)
        tell_assignee(actor, todo)
        note_mentions(todo, chosen=mentions)
    return todo


def _insert(todo: ToDo) -> None:
    try:
        with transaction.atomic():
            todo.save(force_insert=True)
    except IntegrityError as trouble:
        raise OutOfSight from trouble


def consequences(todo: ToDo, changed: set[str]) -> dict[str, Any]:
    """What else must change with these fields: the reminder goes along with the due time, the rule gets a beginning.

    Raises BadRule for a rule that cannot be followed.
    """
    also: dict[str, Any] = {}
    if "repeat" in changed:
        if todo.repeat:
            also["repeat"] = str(read_rule(todo.repeat))
            also["due_on"] = todo.due_on or now().astimezone(zone_of_seat(todo.assignee_id)).date()
            also["repeat_since"] = also["due_on"]
            also["series_id"] = todo.series_id or new_id()
        elif todo.repeat_since is not None:
            also |= {"repeat_since": None, "repeats_after": False}
    if todo.remind_before is not None and changed & {"due_on", "due_at", "remind_before", "assignee_id"}:
        due_on = also.get("due_on", todo.due_on)
        also["remind_at"] = reminder_at(due_on, todo.due_at, todo.remind_before, zone_of_seat(todo.assignee_id))
    return also


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
    """Change a to-do; raises EditConflict when somebody was first, BadRule for a rule that cannot be followed."""
    permit(actor, "write")
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise ValueError(f"not fields of a to-do: {sorted(unknown)}")
    visible_relations([changes.get("relation_id")])
    before = todo.assignee_id
    if changes.get("assignee_id") != before:
        check_colleague(actor, changes.get("assignee_id"))
    with operation("edit_todo"):
        try:
            saved = save_edit(todo, _with_consequences(todo, changes), based_on=based_on)
        except EditConflict as conflict:
            # What follows from a change is no choice of its own.
            raise EditConflict(conflict.current, changes) from conflict
        if saved.assignee_id != before:
            tell_assignee(actor, saved)
        note_mentions(saved, chosen=mentions)
    return saved


def _with_consequences(todo: ToDo, changes: dict[str, Any]) -> dict[str, Any]:
    wanted = ToDo.objects.get(id=todo.id)
    changed = {name for name, value in changes.items() if getattr(wanted, name) != value}
    for name, value in changes.items():
        setattr(wanted, name, value)
    return changes | consequences(wanted, changed)


def postpone_todo(*, actor: Entrance, todo: ToDo, until: date) -> ToDo:
    """Do it later: another due day at the same hour, with its reminder."""
    permit(actor, "write")
    with operation("postpone_todo"):
        changes = _with_consequences(todo, {"due_on": until})
        ToDo.objects.filter(id=todo.id, done_at__isnull=True).update(**changes)
    todo.refresh_from_db()
    return todo


def tick_todo(*, actor: Entrance, todo: ToDo) -> ToDo:
    """Say that it is done; doing so twice is once. Of one that repeats the next is made.

    The change of the row lets only one of two people through who tick at once; that one makes the next.
    """
    permit(actor, "write")
    with operation("tick_todo"):
        changed = ToDo.objects.filter(id=todo.id, done_at__isnull=True).update(done_at=now(), done_by_id=actor.seat_id)
        todo.refresh_from_db()
        if changed:
            make_next(todo)
            publish(ToDoDone(todo.id))
    return todo


def untick_todo(*, actor: Entrance, todo: ToDo) -> ToDo:
    """Say that it is not done after all; the next one, if nobody touched it yet, goes again."""
    permit(actor, "write")
    with operation("untick_todo"):
        if ToDo.objects.filter(id=todo.id, done_at__isnull=False).update(done_at=None, done_by_id=None):
            take_back_next(todo)
    todo.refresh_from_db()
    return todo


def delete_todo(*, actor: Entrance, todo: ToDo) -> Operation:
    """Remove a to-do; returns the operation that brings it back."""
    permit(actor, "delete")
    with operation("delete_todo") as removal:
        audit("delete", kind="todo", about=todo.id, operation=removal.id)
        ToDo.objects.filter(id=todo.id).delete()
    return removal
