# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to appointments that are planned: moving them, alone or with those that follow; and tags of moments."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.core.payloads import Day, Payload, Time, act, needs
from plein.moments import actions
from plein.moments.api.door import router
from plein.moments.api.payloads import Invite, PlanIn, Version
from plein.moments.api.shapes import MomentOut, ToDoOut, found_moment, found_todo, read_again, todo_of
from plein.trust.seats import seat_of

Scope = Literal["one", "following", "all"]


class AppointmentChanges(Payload):
    """What to change of an appointment; what is left out stays. `scope` says of which of its series."""

    version: Version
    scope: Scope = "one"
    occurred_at: Time | None = None
    ends_at: Time | None = None
    title: Annotated[str, Field(max_length=1000)] | None = None
    location: Annotated[str, Field(max_length=300)] | None = None
    text: Annotated[str, Field(max_length=500_000)] | None = None
    purpose: Annotated[str, Field(max_length=300)] | None = None
    people: Annotated[list[UUID], Field(max_length=200)] | None = None
    plan: PlanIn | None = None
    invite: Invite = False


class CallingOff(Payload):
    """Which appointments of a series to call off."""

    version: Version
    scope: Scope = "all"


class Postponed(Payload):
    """Until which day."""

    until: Day


class NewMomentTag(Payload):
    """A tag to file under; it is made when there is none of that name."""

    name: Annotated[str, Field(max_length=60)]


class Filed(BaseModel):
    """The tag a moment was filed under."""

    id: UUID
    name: str


@router.patch("/appointments/{moment_id}", response=MomentOut, summary="Move or change an appointment")
def change_appointment(request: HttpRequest, moment_id: UUID, payload: AppointmentChanges) -> MomentOut:
    """Only this one, this one and those that follow, or all that are still planned."""
    moment = found_moment(moment_id)
    given = payload.model_fields_set - {"version", "scope", "people", "plan", "invite"}
    changes: dict[str, Any] = {name: getattr(payload, name) for name in given if getattr(payload, name) is not None}
    plan = payload.plan.wanted() if payload.plan else None
    with act(request, "change_appointment"):
        saved = actions.change_appointment(
            actor=seat_of(request),
            moment=moment,
            changes=changes,
            based_on=payload.version,
            scope=payload.scope,
            participants=payload.people,
            plan=plan,
        )
        if payload.invite:
            actions.want_guests(actor=seat_of(request), moment=saved)
    return read_again(moment_id)


@router.post("/appointments/{moment_id}/call-off", response={204: None}, summary="Call off appointments of a series")
@needs("delete")
def cancel_series(request: HttpRequest, moment_id: UUID, payload: CallingOff) -> None:
    """They leave the agenda; turning the operation back brings them back."""
    moment = found_moment(moment_id)
    with act(request, "cancel_series"):
        actions.cancel_series(actor=seat_of(request), moment=moment, based_on=payload.version, scope=payload.scope)


@router.post("/todos/{todo_id}/postpone", response=ToDoOut, summary="Do it later")
def postpone_todo(request: HttpRequest, todo_id: UUID, payload: Postponed) -> ToDoOut:
    """At the same hour, with its reminder."""
    todo = found_todo(todo_id)
    with act(request, "postpone_todo"):
        actions.postpone_todo(actor=seat_of(request), todo=todo, until=payload.until)
    return todo_of(found_todo(todo_id))


@router.post("/moments/{moment_id}/tags", response={201: Filed}, summary="File a contact moment under a tag")
def tag_moment(request: HttpRequest, moment_id: UUID, payload: NewMomentTag) -> Status[Filed]:
    """One of those that relations are filed under too."""
    moment = found_moment(moment_id)
    with act(request, "tag_moment"):
        filed = actions.tag_moment(actor=seat_of(request), moment=moment, name=payload.name)
    return Status(201, Filed(id=filed.tag_id, name=filed.tag.name))


@router.delete("/moments/{moment_id}/tags/{tag_id}", response={204: None}, summary="Take a tag off a contact moment")
def untag_moment(request: HttpRequest, moment_id: UUID, tag_id: UUID) -> None:
    """A tag it does not have is no error."""
    moment = found_moment(moment_id)
    with act(request, "untag_moment"):
        actions.untag_moment(actor=seat_of(request), moment=moment, tag_id=tag_id)
