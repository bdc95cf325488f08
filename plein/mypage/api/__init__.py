# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to people's own pages: how they are offered, a link to send, and what was asked on them."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.core.payloads import Impossible, Payload, act, needs
from plein.mypage import actions
from plein.mypage.actions import CannotAnswer, CannotOpen
from plein.mypage.models import PageRequest
from plein.mypage.queries import circles_to_answer, request_of, requests, settings_of_pages
from plein.relations.models import Relation
from plein.trust.permissions import permit
from plein.trust.seats import seat_of

router = Router(tags=["my page"])


class OwnPages(BaseModel):
    """Whether people may open their page, whether mail to one person offers it, and whether it names readers."""

    is_open: bool
    in_footer: bool
    names_readers: bool


class OwnPagesChange(Payload):
    """What is chosen."""

    is_open: bool
    in_footer: bool
    names_readers: bool = False


class RequestOut(BaseModel):
    """Something that somebody asked on their own page, and how far it is."""

    id: UUID
    subject: UUID
    relation: UUID | None
    kind: str
    about: str
    words: str
    state: str
    asked_at: datetime
    due_on: date
    why_later: str
    answer: str
    answered_at: datetime | None
    by: UUID | None


class RequestList(BaseModel):
    """What waits, the most urgent first, or what was answered, the last first; two hundred at most."""

    items: list[RequestOut]


class RequestAnswer(Payload):
    """What came of it, in words that they read."""

    state: Literal["done", "refused"]
    answer: Annotated[str, Field(min_length=1, max_length=2000)]


class RequestDelay(Payload):
    """Why it takes two months longer."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


def _told(one: PageRequest) -> RequestOut:
    names = ("id", "kind", "about", "words", "state", "asked_at", "due_on", "why_later", "answer", "answered_at")
    facts = {name: getattr(one, name) for name in names}
    return RequestOut(subject=one.subject_id, relation=one.subject.relation_id, by=one.seat_id, **facts)


def _request(request: HttpRequest, request_id: UUID) -> PageRequest:
    found = request_of(seat_of(request), request_id)
    if found is None:
        permit(seat_of(request), "manage")
        raise Http404
    return found


@router.get("/page-requests", response=RequestList, summary="List what people ask on their own page")
def list_page_requests(request: HttpRequest, answered: bool = False) -> RequestList:
    """The law wants an answer by `due_on`. For who manages, or who sees somebody whom no administrator sees."""
    circles = circles_to_answer(seat_of(request))
    if circles == set():
        permit(seat_of(request), "manage")
    return RequestList(items=[_told(one) for one in requests(circles, is_open=not answered)])


@router.get("/page-requests/{request_id}", response=RequestOut, summary="Read what somebody asks")
def read_page_request(request: HttpRequest, request_id: UUID) -> RequestOut:
    """With the answer, when there is one."""
    return _told(_request(request, request_id))


@router.post("/page-requests/{request_id}/answer", response=RequestOut, summary="Answer what somebody asks")
@needs("read")
def answer_page_request(request: HttpRequest, request_id: UUID, payload: RequestAnswer) -> RequestOut:
    """They read it on their page; it cannot be turned back. Who may is as with the list."""
    found = _request(request, request_id)
    try:
        with act(request, "answer_request"):
            actions.answer_request(actor=seat_of(request), request=found, state=payload.state, answer=payload.answer)
    except CannotAnswer as refusal:
        raise Impossible(str(refusal)) from refusal
    return _told(_request(request, request_id))


@router.post("/page-requests/{request_id}/later", response=RequestOut, summary="Take longer to answer")
@needs("read")
def extend_page_request(request: HttpRequest, request_id: UUID, payload: RequestDelay) -> RequestOut:
    """Once, by two months, within the first one. Who may is as with the list."""
    found = _request(request, request_id)
    try:
        with act(request, "extend_request"):
            actions.extend_request(actor=seat_of(request), request=found, reason=payload.reason)
    except CannotAnswer as refusal:
        raise Impossible(str(refusal)) from refusal
    return _told(_request(request, request_id))


@router.get("/my-page", response=OwnPages, summary="Read how people come to their own page")
@needs("manage")
def read_own_pages(request: HttpRequest) -> OwnPages:
    """What the company chose."""
    del request
    chosen = settings_of_pages()
    names = ("is_open", "in_footer", "names_readers")
    return OwnPages(**{name: getattr(chosen, name) for name in names})


@router.put("/my-page", response=OwnPages, summary="Choose how people come to their own page")
@needs("manage")
def set_own_pages(request: HttpRequest, payload: OwnPagesChange) -> OwnPages:
    """When they are closed, no link opens any of them."""
    with act(request, "set_own_pages"):
        actions.set_own_pages(actor=seat_of(request), **payload.model_dump())
    return read_own_pages(request)


@router.post("/relations/{relation_id}/my-page", response={204: None}, summary="Send somebody a link to their own page")
def send_own_page(request: HttpRequest, relation_id: UUID) -> Status[None]:
    """To an address that is theirs alone. The link itself is told to nobody else, so it is not in the answer."""
    relation = Relation.objects.filter(id=relation_id).first()
    if relation is None:
        raise Http404
    try:
        actions.send_page(actor=seat_of(request), relation=relation)
    except CannotOpen as refusal:
        raise Impossible(str(refusal)) from refusal
    return Status(204, None)
