# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to what is to be done, and to what somebody is still writing."""

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel

from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.core.payloads import Invalid, act, changed, checked, needs, sent
from plein.moments import actions
from plein.moments.api.payloads import DueOn, NewToDo, ToDoChanges, Writing
from plein.moments.api.shapes import ToDoList, ToDoOut, found_moment, found_relation, found_todo, todo_of
from plein.moments.forms import DRAFTED, ToDoForm
from plein.moments.placing import TODOS
from plein.moments.queries import todos_page
from plein.trust.actions import place
from plein.trust.seats import seat_of

router = Router(tags=["to-dos"])
PAGE = 50
FURTHEST = 100_000


class DraftOut(BaseModel):
    """What somebody was writing; empty when there is nothing."""

    content: dict[str, Any]


@router.get("/todos", response=ToDoList, summary="List what is to be done, or was")
def list_todos(
    request: HttpRequest,
    of: Literal["mine", "all"] = "mine",
    done: bool = False,
    limit: Limit = PAGE,
    cursor: CursorText = "",
) -> ToDoList:
    """One's own, or everybody's; the most urgent first, and of what was done the latest."""
    start = _start(cursor)
    seat = seat_of(request).seat_id if of == "mine" else None
    found, goes_on = todos_page(seat_id=seat, done=done, start=start, limit=limit)
    following = start + limit
    is_more = goes_on and following <= FURTHEST
    return ToDoList(items=[todo_of(todo) for todo in found], next=str(following) if is_more else None)


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 7 and int(cursor) <= FURTHEST:
        return int(cursor)
    raise NotUnderstood("cursor", _("This is not the `next` of a page of this list."))


@router.post("/todos", response={201: ToDoOut}, summary="Put something on a list")
def create_todo(request: HttpRequest, payload: NewToDo) -> Status[ToDoOut]:
    """On one's own, unless `assignee` names another colleague."""
    actor = seat_of(request)
    form = ToDoForm({"assignee": str(actor.seat_id)} | sent(payload))
    values = checked(form).changes()
    if payload.relation:
        found_relation(payload.relation)
    with act(request, "create_todo"):
        made = actions.create_todo(actor=actor, relation_id=payload.relation, circle=payload.circle, **values)
    return Status(201, todo_of(found_todo(made.id)))


@router.get("/todos/{todo_id}", response=ToDoOut, summary="Read a to-do")
def read_todo(request: HttpRequest, todo_id: UUID) -> ToDoOut:
    """One to-do."""
    del request
    return todo_of(found_todo(todo_id))


@router.patch("/todos/{todo_id}", response=ToDoOut, summary="Change a to-do")
def edit_todo(request: HttpRequest, todo_id: UUID, payload: ToDoChanges) -> ToDoOut:
    """Send the version you read: when somebody was first, the answer is 409 with both values."""
    todo, actor = found_todo(todo_id), seat_of(request)
    if "assignee" in payload.model_fields_set and payload.assignee is None:
        raise Invalid({"assignee": _("Somebody has to do it: choose a colleague.")})
    present = {name: getattr(todo, name, None) for name in ToDoForm.base_fields}
    present["assignee"] = str(todo.assignee_id or actor.seat_id)
    wanted = checked(ToDoForm(changed(payload, present))).changes()
    names = {"assignee_id" if name == "assignee" else name for name in payload.model_fields_set}
    changes: dict[str, Any] = {name: wanted[name] for name in names if name in wanted}
    if "relation" in payload.model_fields_set:
        changes["relation_id"] = payload.relation
    with act(request, "edit_todo"):
        actions.edit_todo(actor=actor, todo=todo, changes=changes, based_on=payload.version)
        if payload.circle is not None:
            version = None if changes else payload.version
            place(actor=actor, kind=TODOS, record=todo, audience=payload.circle, version=version)
    return todo_of(found_todo(todo_id))


@router.post("/todos/{todo_id}/tick", response=ToDoOut, summary="Say that it is done")
def tick_todo(request: HttpRequest, todo_id: UUID) -> ToDoOut:
    """Doing so twice is once."""
    todo = found_todo(todo_id)
    with act(request, "tick_todo"):
        actions.tick_todo(actor=seat_of(request), todo=todo)
    return todo_of(found_todo(todo_id))


@router.post("/todos/{todo_id}/untick", response=ToDoOut, summary="Say that it is not done after all")
def untick_todo(request: HttpRequest, todo_id: UUID) -> ToDoOut:
    """Doing so twice is once."""
    todo = found_todo(todo_id)
    with act(request, "untick_todo"):
        actions.untick_todo(actor=seat_of(request), todo=todo)
    return todo_of(found_todo(todo_id))


@router.delete("/todos/{todo_id}", response={204: None}, summary="Remove a to-do")
@needs("delete")
def delete_todo(request: HttpRequest, todo_id: UUID) -> None:
    """Turning the operation back brings it back."""
    todo = found_todo(todo_id)
    with act(request, "delete_todo"):
        actions.delete_todo(actor=seat_of(request), todo=todo)


@router.post("/moments/{moment_id}/follow-up", response={201: ToDoOut}, summary="Put a follow-up on one's list")
def follow_up(request: HttpRequest, moment_id: UUID, payload: DueOn) -> Status[ToDoOut]:
    """The one that the moment names."""
    moment = found_moment(moment_id)
    with act(request, "create_todo"):
        todo = actions.make_todo_of_follow_up(actor=seat_of(request), moment=moment, due_on=payload.due_on)
        if todo is None:
            raise Invalid({}, _("This moment names no follow-up."))
    return Status(201, todo_of(found_todo(todo.id)))


def _key(relation_id: UUID) -> str:
    return f"relation-{found_relation(relation_id).id}"


@router.get("/relations/{relation_id}/draft", response=DraftOut, summary="Read what one was writing")
def read_draft(request: HttpRequest, relation_id: UUID) -> DraftOut:
    """One's own, about this relation."""
    return DraftOut(content=actions.draft_of(seat_of(request).seat_id, _key(relation_id)))


@router.put("/relations/{relation_id}/draft", response={204: None}, summary="Keep what one is writing")
def save_draft(request: HttpRequest, relation_id: UUID, payload: Writing) -> None:
    """In place of what was kept; without any words nothing is kept."""
    values = payload.model_dump(mode="json", exclude_unset=True, exclude={"people"})
    content: dict[str, Any] = {name: value for name, value in values.items() if name in DRAFTED and value is not None}
    content |= {"kind": payload.kind, "with": [str(one) for one in payload.people]}
    actions.save_draft(actor=seat_of(request), key=_key(relation_id), content=content)


@router.delete("/relations/{relation_id}/draft", response={204: None}, summary="Forget what one was writing")
def discard_draft(request: HttpRequest, relation_id: UUID) -> None:
    """Without a draft there is nothing to forget, and that is no error."""
    actions.discard_draft(actor=seat_of(request), key=_key(relation_id))
