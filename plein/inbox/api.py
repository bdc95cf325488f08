# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the inbox: its lists, and what one does with a message."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.core.payloads import Invalid, Payload, Time, act
from plein.inbox import actions
from plein.inbox.models import Message
from plein.inbox.queries import message_of, messages, numbers_of, sender_of
from plein.inbox.refusals import CannotDo
from plein.inbox.vocabulary import PAGE, Tab
from plein.moments.queries import BadCursor, Cursor
from plein.trust.seats import seat_of

router = Router(tags=["inbox"])


class MessageOut(BaseModel):
    """What became of a message; `moment` is the contact moment that it is. Put off, `at` is still to come."""

    moment: UUID
    state: str
    lane: str
    filed_as: str
    is_unsure: bool
    is_kept: bool
    came_at: datetime
    at: datetime
    assignee: UUID | None
    done_by: UUID | None
    done_at: datetime | None


class MessageItem(MessageOut):
    """A message in a list: from whom, and how it begins."""

    kind: str
    title: str
    text: str
    sender: str
    relation: UUID | None


class MessageList(BaseModel):
    """A page of a list, and where the next one starts."""

    items: list[MessageItem]
    next: str | None


class InboxNumbers(BaseModel):
    """How much waits (no further than a hundred is counted), what came in today, and how much of that filed itself."""

    me: int
    unsure: int
    came: int
    filed: int


class NotePayload(Payload):
    """A note for colleagues; @ names one."""

    text: Annotated[str, Field(max_length=20_000)]


class NoteOut(BaseModel):
    """The moment that the note is, and the conversation it stands in."""

    moment: UUID
    thread: UUID


class LaterPayload(Payload):
    """Until when."""

    until: Time


class AssignPayload(Payload):
    """To whom; null for nobody in particular."""

    seat: UUID | None


def _found(moment_id: UUID) -> Message:
    message = message_of(moment_id)
    if message is None:
        raise Http404
    return message


def _out(moment_id: UUID) -> MessageOut:
    one = _found(moment_id)
    return MessageOut(
        moment=one.moment_id,
        state=one.state,
        lane=one.lane,
        filed_as=one.filed_as,
        is_unsure=one.is_unsure,
        is_kept=one.is_kept,
        came_at=one.came_at,
        at=one.at,
        assignee=one.assignee_id,
        done_by=one.done_by_id,
        done_at=one.done_at,
    )


@router.get("/inbox", response=MessageList, summary="List what came in")
def list_inbox(request: HttpRequest, tab: Tab = Tab.ME, cursor: CursorText = "", limit: Limit = PAGE) -> MessageList:
    """One of the lists of the page, the latest first; what is put off, the soonest first."""
    del request
    try:
        found = messages(tab, before=Cursor.read(cursor), limit=limit)
    except BadCursor as trouble:
        raise NotUnderstood("cursor", "This is no place in a list.") from trouble
    items = []
    for line in found.lines:
        sender = sender_of(line.moment.parts)
        items.append(
            MessageItem(
                moment=line.moment.id,
                state=line.state,
                lane=line.lane,
                filed_as=line.filed_as,
                is_unsure=line.is_unsure,
                is_kept=line.is_kept,
                came_at=line.came_at,
                at=line.at,
                assignee=line.assignee_id,
                done_by=line.done_by_id,
                done_at=line.done_at,
                kind=line.moment.kind,
                title=line.moment.title,
                text=line.moment.text,
                sender=(sender.name or sender.heard) if sender else "",
                relation=sender.relation_id if sender else None,
            )
        )
    return MessageList(items=items, next=str(found.next) if found.next else None)


@router.get("/inbox/numbers", response=InboxNumbers, summary="Count what waits, and what came in today")
def read_inbox_numbers(request: HttpRequest) -> InboxNumbers:
    """Of what one may see."""
    del request
    numbers = numbers_of()
    return InboxNumbers(me=numbers.me, unsure=numbers.unsure, came=numbers.came, filed=numbers.filed)


@router.get("/inbox/{moment_id}", response=MessageOut, summary="Read what became of a message")
def read_message(request: HttpRequest, moment_id: UUID) -> MessageOut:
    """The moment itself is read at its own address."""
    del request
    return _out(moment_id)


@router.post("/inbox/{moment_id}/done", response=MessageOut, summary="Be done with a message")
def close_message(request: HttpRequest, moment_id: UUID) -> MessageOut:
    """With what came earlier in the same conversation too."""
    message = _found(moment_id)
    with act(request, "close_message"):
        actions.close_message(actor=seat_of(request), message=message)
    return _out(moment_id)


@router.post("/inbox/{moment_id}/reopen", response=MessageOut, summary="Take a message up again")
def reopen_message(request: HttpRequest, moment_id: UUID) -> MessageOut:
    """One that was done with, or that was put off."""
    message = _found(moment_id)
    with act(request, "reopen_message"):
        actions.reopen_message(actor=seat_of(request), message=message)
    return _out(moment_id)


@router.post("/inbox/{moment_id}/snooze", response=MessageOut, summary="Put a message off")
def snooze_message(request: HttpRequest, moment_id: UUID, payload: LaterPayload) -> MessageOut:
    """It comes back by itself, on top."""
    message = _found(moment_id)
    try:
        with act(request, "snooze_message"):
            actions.snooze_message(actor=seat_of(request), message=message, until=payload.until)
    except CannotDo as refusal:
        raise Invalid({refusal.field: str(refusal)}) from refusal
    return _out(moment_id)


@router.post("/inbox/{moment_id}/assign", response=MessageOut, summary="Give a message to a colleague")
def assign_message(request: HttpRequest, moment_id: UUID, payload: AssignPayload) -> MessageOut:
    """Who may see it; they are told."""
    message = _found(moment_id)
    try:
        with act(request, "assign_message"):
            actions.assign_message(actor=seat_of(request), message=message, seat_id=payload.seat)
    except CannotDo as refusal:
        raise Invalid({refusal.field: str(refusal)}) from refusal
    return _out(moment_id)


@router.post("/inbox/{moment_id}/keep", response=MessageOut, summary="Take into the inbox what filed itself")
def keep_message(request: HttpRequest, moment_id: UUID) -> MessageOut:
    """Plein had put it aside."""
    message = _found(moment_id)
    with act(request, "keep_message"):
        actions.keep_message(actor=seat_of(request), message=message)
    return _out(moment_id)


@router.post("/inbox/{moment_id}/note", response={201: NoteOut}, summary="Write a note about a message")
def note_message(request: HttpRequest, moment_id: UUID, payload: NotePayload) -> Status[NoteOut]:
    """For colleagues who may read the message, and nobody else."""
    message = _found(moment_id)
    try:
        with act(request, "note_message"):
            note = actions.note_message(actor=seat_of(request), message=message, text=payload.text)
    except CannotDo as refusal:
        raise Invalid({refusal.field: str(refusal)}) from refusal
    return Status(201, NoteOut(moment=note.id, thread=note.thread_id))
