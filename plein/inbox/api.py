# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the inbox: its lists, and what one does with a message."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.core.payloads import Invalid, Payload, Time, act
from plein.inbox import actions
from plein.inbox.models import Message
from plein.inbox.offers import Offer, facts_of, offers_in
from plein.inbox.queries import heard, message_of, messages, numbers_of, sender_of, writer_of
from plein.inbox.refusals import CannotDo
from plein.inbox.vocabulary import PAGE, Tab
from plein.moments.queries import BadCursor, Cursor, heard_in
from plein.relations.contact import ContactError
from plein.relations.refusals import Refused
from plein.trust.seats import seat_of

router = Router(tags=["inbox"])
type Channel = Literal["email", "chat", "text", "post", "voicemail", "letter"]


class MessageOut(BaseModel):
    """What became of a message; `moment` is the contact moment that it is. Put off, `at` is still to come. `worth` is
    what its text is worth, empty where nobody looked yet.
    """

    moment: UUID
    state: str
    lane: str
    worth: str
    filed_as: str
    is_unsure: bool
    is_kept: bool
    came_at: datetime
    at: datetime
    assignee: UUID | None
    done_by: UUID | None
    done_at: datetime | None


class MessageItem(MessageOut):
    """A message in a list: from whom, how it begins, and the kinds of text that hold of it and its topics, the
    likeliest first."""

    kind: str
    title: str
    text: str
    sender: str
    relation: UUID | None
    labels: list[str]
    topics: list[UUID]


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


class OfferOut(BaseModel):
    """One thing that Plein suggests: what it does, in words, and the sentence of the message it comes from."""

    key: str
    kind: str
    title: str
    detail: str
    evidence: str


class OfferList(BaseModel):
    """What Plein suggests, in the order in which one would do it."""

    items: list[OfferOut]


class OffersPayload(Payload):
    """The keys of the suggestions that are to be done."""

    keys: Annotated[list[Annotated[str, Field(max_length=60)]], Field(min_length=1, max_length=50)]


class OffersDone(BaseModel):
    """Which were done; what was done before, or is suggested no more, is not among them."""

    done: list[OfferOut]


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
        worth=one.worth,
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
def list_inbox(
    request: HttpRequest,
    tab: Tab = Tab.ME,
    kind: Channel | None = None,
    topic: UUID | None = None,
    cursor: CursorText = "",
    limit: Limit = PAGE,
) -> MessageList:
    """One of the lists of the page, of all or of one kind or topic: the latest first; what is put off, the soonest."""
    del request
    try:
        found = messages(tab, kind=kind or "", topic=topic, before=Cursor.read(cursor), limit=limit)
    except BadCursor as trouble:
        raise NotUnderstood("cursor", "This is no place in a list.") from trouble
    items, read = [], heard_in(line.moment.id for line in found.lines)
    for line in found.lines:
        sender = sender_of(line.moment.parts)
        items.append(
            MessageItem(
                moment=line.moment.id,
                state=line.state,
                lane=line.lane,
                worth=line.worth,
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
                labels=read[line.moment.id].labels if line.moment.id in read else [],
                topics=list(map(UUID, read[line.moment.id].topics)) if line.moment.id in read else [],
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


@router.get("/inbox/{moment_id}/offers", response=OfferList, summary="List what Plein suggests with a message")
def list_offers(request: HttpRequest, moment_id: UUID) -> OfferList:
    """Nothing of it is done by itself."""
    del request
    facts = facts_of(_found(moment_id).moment_id)
    return OfferList(items=[_offer(one) for one in offers_in(facts)] if facts is not None else [])


@router.post("/inbox/{moment_id}/offers", response=OffersDone, summary="Do what Plein suggests with a message")
def do_offers(request: HttpRequest, moment_id: UUID, payload: OffersPayload) -> OffersDone:
    """As one operation, which one undo turns back."""
    message = _found(moment_id)
    try:
        with act(request, "do_offered"):
            done = actions.do_offered(actor=seat_of(request), message=message, keys=payload.keys)
    except CannotDo:
        done = []
    except (Refused, ContactError) as refusal:
        raise Invalid({"keys": str(refusal)}) from refusal
    return OffersDone(done=[_offer(one) for one in done])


@router.post("/inbox/{moment_id}/not-them", response=MessageOut, summary="Say that a message is of somebody else")
def say_not_them(request: HttpRequest, moment_id: UUID) -> MessageOut:
    """Than whom Plein took the writer for: remembered for good, for the whole conversation."""
    _found(moment_id)
    writer = writer_of(moment_id)
    if writer is not None and writer.relation_id is not None:
        try:
            with act(request, "not_them"):
                actions.not_them(actor=seat_of(request), participant=writer, heard=heard(writer))
        except (CannotDo, Refused) as refusal:
            raise Invalid({"moment": str(refusal)}) from refusal
    return _out(moment_id)


def _offer(one: Offer) -> OfferOut:
    return OfferOut(key=one.key, kind=one.kind, title=one.title, detail=one.detail, evidence=one.evidence)


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
