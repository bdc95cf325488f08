# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from plein.moments.models import ToDo

PAGE = 50


def _read() -> QuerySet[ToDo]:
    return ToDo.objects.select_related("relation", "assignee__user")


def _soonest(found: QuerySet[ToDo]) -> QuerySet[ToDo]:
    return found.order_by(F("due_on").asc(nulls_last=True), F("due_at").asc(nulls_last=True), "id")


def find_todo(todo_id: UUID) -> ToDo | None:
    """A to-do with its relation and who is to do it."""
    return _read().filter(id=todo_id).first()


def todos_open_for(seat_id: UUID, *, done_since: datetime | None = None, limit: int = 30) -> list[ToDo]:
    """What a colleague still has to do, soonest first, and what they ticked since a time."""
    wanted = Q(done_at__isnull=True)
    if done_since is not None:
        wanted |= Q(done_at__gte=done_since)
    return list(_soonest(_read().filter(wanted, assignee_id=seat_id))[:limit])


def todos_of_relation(relation_id: UUID, *, limit: int = 10) -> list[ToDo]:
    """What is still to be done for a relation, soonest first."""
    return list(_soonest(_read().filter(relation_id=relation_id, done_at__isnull=True))[:limit])


def todos_of_moment(moment_id: UUID) -> list[ToDo]:
    """The to-dos that followed from a moment."""
    return list(_soonest(_read().filter(moment_id=moment_id))[:20])


def todos_page(*, seat_id: UUID | None, done: bool, start: int = 0, limit: int = PAGE) -> tuple[list[ToDo], bool]:
    """A page of to-dos, of one colleague or of everybody, open or done, and whether there are more."""
    found = _read().filter(done_at__isnull=not done)
    if seat_id is not None:
        found = found.filter(assignee_id=seat_id)
    ordered = found.order_by("-done_at", "-id") if done else _soonest(found)
    rows = list(ordered[start : start + limit + 1])
    return rows[:limit], len(rows) > limit
