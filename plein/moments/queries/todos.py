# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import F, Q, QuerySet

from plein.core.audit import audit_look
from plein.core.ids import now
from plein.moments.models import MomentText, Participant, ToDo
from plein.moments.vocabulary import State
from plein.relations.models import Relation

PAGE = 50


def _read() -> QuerySet[ToDo]:
    return ToDo.objects.select_related("relation", "assignee__user")


def _soonest(found: QuerySet[ToDo]) -> QuerySet[ToDo]:
    return found.order_by(F("due_on").asc(nulls_last=True), F("due_at").asc(nulls_last=True), "id")


def find_todo(todo_id: UUID) -> ToDo | None:
    """A to-do with its relation and who is to do it."""
    found = _read().filter(id=todo_id).first()
    audit_look("todo", [found])
    audit_look("relation", [found and found.relation], how="list")
    return found


def todos_open_for(seat_id: UUID, *, done_since: datetime | None = None, limit: int = 30) -> list[ToDo]:
    """What a colleague still has to do, soonest first, and then what they ticked since a time.

    Two looks in one statement, each along an index of its own.
    """
    mine = _read().filter(assignee_id=seat_id)
    waiting = _soonest(mine.filter(done_at__isnull=True))[:limit]
    if done_since is None:
        return shown_todos(waiting)
    ticked = mine.filter(done_at__isnull=False, done_at__gte=done_since).order_by("-done_at")[:limit]
    return sorted(shown_todos(waiting.union(ticked, all=True)), key=_place)


def shown_todos(todos: Iterable[ToDo]) -> list[ToDo]:
    """To-dos as a list shows them, and for whom they are: somebody looks at them."""
    found = list(todos)
    audit_look("todo", found, how="list")
    audit_look("relation", [todo.relation for todo in found], how="list")
    return found


def _place(todo: ToDo) -> tuple[bool, bool, date, time, UUID]:
    due_on, due_at = todo.due_on or date.max, todo.due_at or time.max
    return todo.done_at is not None, todo.due_on is None, due_on, due_at, todo.id


def look_at_relations(todos: Sequence[ToDo]) -> None:
    """A list of to-dos names those whom they are for, when it read them."""
    whom = ToDo._meta.get_field("relation")
    audit_look("relation", [todo.relation for todo in todos if whom.is_cached(todo)], how="list")


def bucket_of(todo: ToDo, today: date) -> str:
    """Under which head an open to-do stands: overdue, today, planned, or someday."""
    if todo.due_on is None:
        return "someday"
    if todo.due_on < today:
        return "overdue"
    return "today" if todo.due_on == today else "planned"


def next_of(todo: ToDo) -> ToDo | None:
    """The to-do that came after this one by its rule."""
    if todo.series_id is None:
        return None
    return ToDo.objects.filter(series_id=todo.series_id, occurrence=todo.occurrence + 1).first()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may come after a to-do that is done.

    `again` is the next of one that repeats, `follow_up` the words on the moment it came from, `relation` somebody with
    whom nothing is planned.
    """

    again: ToDo | None = None
    follow_up: str = ""
    relation: Relation | None = None


def suggestion_after(todo: ToDo) -> Suggestion | None:
    """What to do next, now that this is done."""
    if again := next_of(todo):
        return Suggestion(again=again)
    if todo.moment_id is not None and (words := _open_follow_up(todo.moment_id)):
        return Suggestion(follow_up=words)
    relation = todo.relation
    if relation is None or relation.is_ours or relation.seat_id is not None:
        return None
    if ToDo.objects.filter(relation_id=relation.id, done_at__isnull=True).exists() or _is_planned_with(relation.id):
        return None
    return Suggestion(relation=relation)


def _open_follow_up(moment_id: UUID) -> str:
    text = MomentText.objects.filter(moment_id=moment_id).exclude(follow_up="").order_by("id").first()
    if text is None:
        return ""
    title = text.follow_up[:300]
    is_taken = ToDo.objects.filter(moment_id=moment_id).filter(Q(title=title) | Q(done_at__isnull=True)).exists()
    return "" if is_taken else text.follow_up


def _is_planned_with(relation_id: UUID) -> bool:
    coming = Participant.objects.filter(relation_id=relation_id, occurred_at__gt=now(), moment__state=State.PLANNED)
    return coming.exists()


def todos_of_relation(relation_id: UUID, *, limit: int = 10) -> list[ToDo]:
    """What is still to be done for a relation, soonest first."""
    return shown_todos(_soonest(_read().filter(relation_id=relation_id, done_at__isnull=True))[:limit])


def todos_of_moment(moment_id: UUID) -> list[ToDo]:
    """The to-dos that followed from a moment."""
    return shown_todos(_soonest(_read().filter(moment_id=moment_id))[:20])


def todos_page(*, seat_id: UUID | None, done: bool, start: int = 0, limit: int = PAGE) -> tuple[list[ToDo], bool]:
    """A page of to-dos, of one colleague or of everybody, open or done, and whether there are more."""
    found = _read().filter(done_at__isnull=not done)
    if seat_id is not None:
        found = found.filter(assignee_id=seat_id)
    ordered = found.order_by("-done_at", "-id") if done else _soonest(found)
    rows = list(ordered[start : start + limit + 1])
    return shown_todos(rows[:limit]), len(rows) > limit
