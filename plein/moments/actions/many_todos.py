# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be done to many to-dos at once; only those with a reminder or a rule are looked at one by one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from plein.core.audit import audit
from plein.core.events import publish
from plein.core.ids import now
from plein.core.operations import operation
from plein.lists.bulk.acts import CannotChange
from plein.lists.outcomes import Outcome
from plein.moments.actions.repeating import make_next
from plein.moments.actions.todos import UnknownColleague, check_colleague, consequences, tell_assignee
from plein.moments.events import ToDoDone
from plein.moments.models import ToDo
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: Details that can become the same for many, and what else hangs on them: their reminder.
SAME_FOR_MANY = frozenset({"due_on", "assignee_id", "means_needed"})
REMINDED_OF = frozenset({"due_on", "assignee_id"})


def tick_many(*, actor: Entrance, ids: list[UUID], values: dict[str, Any]) -> Outcome:
    """Say that many are done; of each that repeats the next one is made, once.

    Who ticks one of them at the same moment waits for these rows, and then finds it done.
    """
    del values
    permit(actor, "write")
    with operation("tick_todos", count=len(ids)):
        open_ones = ToDo.objects.filter(id__in=ids, done_at__isnull=True).order_by("id")
        found = list(open_ones.select_for_update(of=("self",)).values_list("id", flat=True))
        changed = ToDo.objects.filter(id__in=found).update(done_at=now(), done_by_id=actor.seat_id)
        for todo in (
            ToDo.objects.filter(id__in=found, series_id__isnull=False).exclude(repeat="").order_by("occurrence")
        ):
            make_next(todo)
        for one in found:
            publish(ToDoDone(one))
    return Outcome(changed)


def assign_many(*, actor: Entrance, ids: list[UUID], values: dict[str, Any]) -> Outcome:
    """Give many to-dos to a colleague, or to nobody."""
    return set_detail_of_many(
        actor=actor, ids=ids, name="assignee_id", value=values["assignee"] or None, verb="assign_todos"
    )


def plan_many(*, actor: Entrance, ids: list[UUID], values: dict[str, Any]) -> Outcome:
    """Give many to-dos the same due day, each at its own hour and with its reminder."""
    return set_detail_of_many(actor=actor, ids=ids, name="due_on", value=values["due"], verb="plan_todos")


def set_detail_of_many(*, actor: Entrance, ids: list[UUID], name: str, value: Any, verb: str = "edit_todos") -> Outcome:
    """Give many to-dos the same value of one detail; a reminder goes along with its to-do."""
    permit(actor, "write")
    if name not in SAME_FOR_MANY:
        raise CannotChange(f"not a detail for many: {name}")
    if name == "assignee_id":
        value = UUID(str(value)) if value else None
        try:
            check_colleague(actor, value)
        except UnknownColleague as trouble:
            raise CannotChange(_("Choose a colleague who has a seat here.")) from trouble
    with operation(verb, count=len(ids)):
        others = list(ToDo.objects.filter(id__in=ids).exclude(**{name: value}).order_by("id"))
        reminded = [one for one in others if name in REMINDED_OF and one.remind_before is not None]
        apart = {one.id for one in reminded}
        ToDo.objects.filter(id__in=[one.id for one in others if one.id not in apart]).update(**{name: value})
        for todo in others:
            setattr(todo, name, value)
        for todo in reminded:
            ToDo.objects.filter(id=todo.id).update(**{name: value}, **consequences(todo, {name}))
        if name == "assignee_id":
            for todo in others:
                tell_assignee(actor, todo)
    return Outcome(len(others))


def for_many(attribute: str) -> Callable[[Entrance, list[UUID], Any], Outcome] | None:
    """How many to-dos get the same value of a detail, None for what each has for itself."""
    if attribute not in SAME_FOR_MANY:
        return None
    return lambda actor, ids, value: set_detail_of_many(actor=actor, ids=ids, name=attribute, value=value)


def delete_many(*, actor: Entrance, ids: list[UUID], values: dict[str, Any]) -> Outcome:
    """Move many to-dos to the recycle bin."""
    del values
    permit(actor, "delete")
    with operation("delete_todos", count=len(ids)):
        audit("delete", kind="todo", about=ids)
        ToDo.objects.filter(id__in=ids).delete()
    return Outcome(len(ids))
