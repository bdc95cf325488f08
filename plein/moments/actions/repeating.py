# SPDX-License-Identifier: AGPL-3.0-or-later
"""The next of a to-do that repeats. Both run inside the operation of whoever ticks."""

from datetime import date, timedelta

from django.utils import timezone

from plein.core.ids import now
from plein.moments.models import ToDo
from plein.moments.queries.seats import zone_of_seat
from plein.moments.queries.todos import next_of
from plein.moments.reminding import days_later, reminder_at
from plein.moments.repeats import BadRule, read_rule

COPIED = (
    "title",
    "note",
    "due_at",
    "assignee_id",
    "relation_id",
    "moment_id",
    "means_needed",
    "remind_before",
    "repeat",
    "repeats_after",
    "own_circle_id",
    "series_id",
    "source",
    "mentions",
)


def make_next(todo: ToDo) -> ToDo | None:
    """Make the to-do that comes after this one, once; None when it does not repeat or has come to its end."""
    if not todo.repeat or todo.series_id is None or next_of(todo) is not None:
        return None
    zone = zone_of_seat(todo.assignee_id)
    due_on = _next_day(todo, timezone.localtime(todo.done_at or now(), zone).date())
    if due_on is None:
        return None
    made = ToDo(**{name: getattr(todo, name) for name in COPIED}, due_on=due_on, occurrence=todo.occurrence + 1)
    made.repeat_since = due_on if todo.repeats_after else todo.repeat_since
    if todo.remind_before is not None:
        made.remind_at = reminder_at(due_on, todo.due_at, todo.remind_before, zone)
    elif todo.remind_at is not None and todo.due_on is not None:
        made.remind_at = days_later(todo.remind_at, (due_on - todo.due_on).days, zone)
    made.save(force_insert=True)
    return made


def _next_day(todo: ToDo, done_on: date) -> date | None:
    """The next due day: after the one before, and not in the past already."""
    try:
        rule = read_rule(todo.repeat)
    except BadRule:
        return None
    if rule.count is not None and todo.occurrence >= rule.count:
        return None
    if todo.repeats_after:
        return rule.after(done_on, done_on)
    due_on = todo.due_on or done_on
    return rule.after(todo.repeat_since or due_on, max(due_on, done_on - timedelta(days=1)))


def take_back_next(todo: ToDo) -> None:
    """Remove the to-do that came after this one, as long as nobody did anything with it."""
    after = next_of(todo)
    if after is not None and after.done_at is None and after.version == 1:
        ToDo.objects.filter(id=after.id, version=1).delete()
