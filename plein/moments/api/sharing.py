# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to what colleagues get of one's mailbox."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from plein.channels.models import Connection, MailImport
from plein.core.payloads import Payload, act, checked, needs
from plein.moments import actions
from plein.moments.import_forms import ShareForm
from plein.moments.models import Gives
from plein.moments.queries.sharing import rules_of, shareable
from plein.trust.audience import Circle
from plein.trust.circles import circle_key, describe
from plein.trust.seats import seat_of

router = Router(tags=["imports"])
type Mailbox = MailImport | Connection
type Level = Literal["nothing", "envelope", "subject", "everything"]


class ExceptionOut(BaseModel):
    """What colleagues get of the mail with one relation."""

    relation: UUID
    gives: str


class SharingOut(BaseModel):
    """What colleagues get of a mailbox: `circle` is who they are, null when the reader could not choose it."""

    gives: str
    circle: str | None
    seen_by: str
    exceptions: list[ExceptionOut]


class SharingPreview(BaseModel):
    """How many rows such a choice would move; nothing was changed."""

    moments: int
    subjects: int
    texts: int
    people: int


class OneException(Payload):
    """What colleagues are to get of the mail with one relation."""

    relation: UUID
    gives: Level


class Sharing(Payload):
    """What colleagues are to get; `exceptions` take the place of those there are, and without it those stay."""

    gives: Level
    circle: Circle
    exceptions: Annotated[list[OneException], Field(max_length=500)] | None = None


def _own_import(request: HttpRequest, import_id: UUID) -> MailImport:
    found: MailImport | None = MailImport.objects.filter(id=import_id).first()
    if found is None or found.seat_id != seat_of(request).seat_id or found.operation_id is None:
        raise Http404
    return found


@router.get("/imports/{import_id}/sharing", response=SharingOut, summary="Ask what colleagues get of one's mailbox")
@needs("import")
def read_sharing(request: HttpRequest, import_id: UUID) -> SharingOut:
    """Of an import of one's own that has begun."""
    return _told(_own_import(request, import_id))


def _told(mailbox: Mailbox) -> SharingOut:
    rules = rules_of(mailbox)
    return SharingOut(
        gives=rules.default.gives,
        circle=circle_key(rules.default.audience) or None,
        seen_by=describe(rules.default.audience),
        exceptions=[ExceptionOut(relation=one, gives=rule.gives) for one, rule in rules.exceptions.items()],
    )


@router.get(
    "/imports/{import_id}/sharing/preview", response=SharingPreview, summary="Ask what another choice would move"
)
@needs("import")
def preview_sharing(request: HttpRequest, import_id: UUID, gives: Level, circle: str) -> SharingPreview:
    """With the exceptions as they are."""
    return _previewed(request, _own_import(request, import_id), gives, circle)


def _previewed(request: HttpRequest, mailbox: Mailbox, gives: str, circle: str) -> SharingPreview:
    told = actions.preview_share(actor=seat_of(request), mailbox=mailbox, gives=gives, circle=_checked(gives, circle))
    return SharingPreview(moments=told.moments, subjects=told.subjects, texts=told.texts, people=told.people)


@router.put("/imports/{import_id}/sharing", response={204: None}, summary="Choose what colleagues get of a mailbox")
@needs("import")
def choose_sharing(request: HttpRequest, import_id: UUID, payload: Sharing) -> None:
    """What was brought in already moves along in the same act, but for what somebody moved by hand."""
    _choose(request, _own_import(request, import_id), payload)


@router.get(
    "/connections/{connection_id}/sharing",
    response=SharingOut,
    summary="Ask what colleagues get of one's account",
    tags=["connections"],
)
@needs("import")
def read_connection_sharing(request: HttpRequest, connection_id: UUID) -> SharingOut:
    """Of a connection of one's own that brings messages and has begun."""
    return _told(_own_connection(request, connection_id))


@router.get(
    "/connections/{connection_id}/sharing/preview",
    response=SharingPreview,
    summary="Ask what another choice for one's account would move",
    tags=["connections"],
)
@needs("import")
def preview_connection_sharing(request: HttpRequest, connection_id: UUID, gives: Level, circle: str) -> SharingPreview:
    """With the exceptions as they are."""
    return _previewed(request, _own_connection(request, connection_id), gives, circle)


@router.put(
    "/connections/{connection_id}/sharing",
    response={204: None},
    summary="Choose what colleagues get of one's account",
    tags=["connections"],
)
@needs("import")
def choose_connection_sharing(request: HttpRequest, connection_id: UUID, payload: Sharing) -> None:
    """From now on; what it brought already moves along in the same act, but for what somebody moved by hand."""
    _choose(request, _own_connection(request, connection_id), payload)


def _own_connection(request: HttpRequest, connection_id: UUID) -> Connection:
    found = shareable(seat_of(request), connection_id)
    if found is None:
        raise Http404
    return found


def _choose(request: HttpRequest, mailbox: Mailbox, payload: Sharing) -> None:
    exceptions = None if payload.exceptions is None else {one.relation: one.gives for one in payload.exceptions}
    with act(request, "share_mail"):
        actions.share_mail(
            actor=seat_of(request),
            mailbox=mailbox,
            gives=Gives(payload.gives),
            circle=_checked(payload.gives, payload.circle),
            exceptions=exceptions,
        )


def _checked(gives: str, circle: str) -> str:
    chosen: str = checked(ShareForm({"gives": gives, "circle": circle})).cleaned_data["circle"]
    return chosen
