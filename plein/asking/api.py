# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to requests for introductions: ask, see where it stands, answer, withdraw."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.asking import actions
from plein.asking.actions.asking import LONGEST_TEXT
from plein.asking.models import Turn
from plein.asking.queries import Standing, refused_by, request_of, requests_of, turn_of, turns_of, waiting_days
from plein.asking.refusals import CannotAsk, TooLate
from plein.asking.vocabulary import LONGEST_DAYS, SHORTEST_DAYS, Reply
from plein.core.payloads import Impossible, Invalid, Payload, act, needs
from plein.relations.models import Relation
from plein.trust.seats import seat_of

router = Router(tags=["introductions"])


class NamedOut(BaseModel):
    """A person or an organization by name."""

    id: UUID
    name: str


class IntroductionOut(BaseModel):
    """A request of one's own, and where it stands: never who said no, and so always of two at a time."""

    id: UUID
    target: NamedOut
    people: list[NamedOut]
    purpose: str
    state: str
    stands: str
    passed: list[UUID]
    made_by: UUID | None
    asked_at: datetime
    expires_at: datetime
    ended_on: date | None


class IntroductionList(BaseModel):
    """What one asked, the latest first."""

    items: list[IntroductionOut]


class TurnOut(BaseModel):
    """What a colleague asks: their text, from whom it comes and whom it is about."""

    id: UUID
    asker: str
    previous: str
    target: NamedOut
    text: str
    is_last: bool
    state: str
    asked_at: datetime
    expires_at: datetime


class TurnList(BaseModel):
    """What one is asked, what waits first."""

    items: list[TurnOut]


class RefusedList(BaseModel):
    """About whom one asked never to be asked."""

    items: list[NamedOut]


class WaitingOut(BaseModel):
    """How many days a request waits."""

    days: int


class AskPayload(Payload):
    """To whom, through whom, and what the first one reads."""

    to: UUID = Field(description="a person, or an organization: then anybody who works there")
    people: list[UUID] = Field(
        default_factory=list,
        max_length=5,
        description="a way as `GET /network/introductions` gives it, first to last; without it the best one",
    )
    purpose: Annotated[str, Field(max_length=500, description="what it is about; everybody on the way reads it")] = ""
    text: Annotated[str, Field(max_length=LONGEST_TEXT, description="what the first one reads; else ready text")] = ""


class ReplyPayload(Payload):
    """What one answers, and a word to whoever is asked next."""

    answer: Reply
    remark: Annotated[str, Field(max_length=1000)] = ""


class WaitingPayload(Payload):
    """How many days."""

    days: Annotated[int, Field(ge=SHORTEST_DAYS, le=LONGEST_DAYS)]


def _named(relation: Relation) -> NamedOut:
    return NamedOut(id=relation.id, name=relation.name)


def _request(one: Standing) -> IntroductionOut:
    is_over = one.request.state == "underway" and not one.request.is_underway
    return IntroductionOut(
        id=one.request.id,
        target=_named(one.request.target),
        people=[_named(person) for person in one.people],
        purpose=one.request.purpose,
        state="ended" if is_over else one.request.state,
        stands=one.words,
        passed=[person.id for person in one.passed],
        made_by=one.made_by.id if one.made_by else None,
        asked_at=one.request.created_at,
        expires_at=one.request.expires_at,
        ended_on=one.request.ended_on,
    )


def _turn(one: Turn) -> TurnOut:
    return TurnOut(
        id=one.id,
        asker=one.asker.user.name,
        previous=one.previous_name,
        target=_named(one.target),
        text=one.text,
        is_last=one.is_last,
        state=one.state,
        asked_at=one.asked_at,
        expires_at=one.expires_at,
    )


def _mine(request: HttpRequest, introduction_id: UUID) -> Standing:
    found = request_of(introduction_id, seat_of(request).seat_id)
    if found is None:
        raise Http404
    return found


@router.post("/introduction-requests", response={201: IntroductionOut}, summary="Ask for an introduction")
def ask_introduction(request: HttpRequest, payload: AskPayload) -> Status[IntroductionOut]:
    """Of the first person on the way: a colleague finds it on their list, others get it by mail."""
    to = get_object_or_404(Relation.objects, id=payload.to)
    wish = actions.Wish(to, tuple(payload.people), payload.purpose, payload.text)
    try:
        made = actions.ask_introduction(actor=seat_of(request), wish=wish)
    except CannotAsk as refusal:
        raise Invalid({refusal.field or "people": str(refusal)}) from refusal
    if made.is_by_mail:
        request.operation_id = made.operation_id  # type: ignore[attr-defined]
    return Status(201, _request(_mine(request, made.id)))


@router.get("/introduction-requests", response=IntroductionList, summary="List one's own requests for introductions")
def list_introductions(request: HttpRequest) -> IntroductionList:
    """The latest hundred."""
    return IntroductionList(items=[_request(one) for one in requests_of(seat_of(request).seat_id)])


@router.get("/introduction-requests/asked", response=TurnList, summary="List what one is asked oneself")
def list_asked(request: HttpRequest) -> TurnList:
    """By colleagues, and not by whom it went on."""
    return TurnList(items=[_turn(one) for one in turns_of(seat_of(request).seat_id)])


@router.get("/introduction-requests/refused", response=RefusedList, summary="List about whom one is never asked")
def list_refused(request: HttpRequest) -> RefusedList:
    """Because one said so."""
    return RefusedList(items=[_named(one) for one in refused_by(seat_of(request).seat_id)])


@router.delete(
    "/introduction-requests/refused/{relation_id}", response={204: None}, summary="Be asked about them again"
)
def allow_introductions(request: HttpRequest, relation_id: UUID) -> None:
    """What was not refused is no error."""
    actions.allow_again(actor=seat_of(request), target=get_object_or_404(Relation.objects, id=relation_id))


@router.get("/introduction-requests/waiting", response=WaitingOut, summary="Read how long a request waits")
def read_waiting(request: HttpRequest) -> WaitingOut:
    """In days."""
    del request
    return WaitingOut(days=waiting_days())


@router.put("/introduction-requests/waiting", response=WaitingOut, summary="Choose how long a request waits")
@needs("manage")
def set_waiting(request: HttpRequest, payload: WaitingPayload) -> WaitingOut:
    """Those that wait already keep their time."""
    with act(request, "set_waiting_days"):
        actions.set_waiting_days(actor=seat_of(request), days=payload.days)
    return WaitingOut(days=waiting_days())


@router.get("/introduction-requests/{introduction_id}", response=IntroductionOut, summary="Read where a request stands")
def read_introduction(request: HttpRequest, introduction_id: UUID) -> IntroductionOut:
    """Of one's own."""
    return _request(_mine(request, introduction_id))


@router.post(
    "/introduction-requests/{introduction_id}/withdraw", response=IntroductionOut, summary="Withdraw a request"
)
def withdraw_introduction(request: HttpRequest, introduction_id: UUID) -> IntroductionOut:
    """Whoever is asked now need not answer."""
    try:
        actions.withdraw_introduction(actor=seat_of(request), request=_mine(request, introduction_id).request)
    except TooLate as late:
        raise Impossible(str(late)) from late
    return _request(_mine(request, introduction_id))


@router.post("/introduction-requests/{turn_id}/answer", response=TurnOut, summary="Answer what one is asked")
def answer_introduction(request: HttpRequest, turn_id: UUID, payload: ReplyPayload) -> TurnOut:
    """By its own id as `asked` lists it, or that of the request. Nobody is told who said no."""
    actor = seat_of(request)
    turn = turn_of(turn_id, actor.seat_id)
    if turn is None:
        raise Http404
    try:
        actions.answer_introduction(actor=actor, turn=turn, answer=payload.answer, remark=payload.remark)
    except CannotAsk as refusal:
        raise Invalid({refusal.field: str(refusal)}) from refusal
    except TooLate as late:
        raise Impossible(str(late)) from late
    answered = turn_of(turn.id, actor.seat_id)
    return _turn(answered or turn)
