# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to people's own pages: how they are offered, and sending somebody a link to theirs."""

from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel

from plein.core.payloads import Impossible, Payload, act, needs
from plein.mypage import actions
from plein.mypage.actions import CannotOpen
from plein.mypage.queries import settings_of_pages
from plein.relations.models import Relation
from plein.trust.seats import seat_of

router = Router(tags=["my page"])


class OwnPages(BaseModel):
    """Whether people may open their own page, and whether every mail to one person offers it."""

    is_open: bool
    in_footer: bool


class OwnPagesChange(Payload):
    """What is chosen."""

    is_open: bool
    in_footer: bool


@router.get("/my-page", response=OwnPages, summary="Read how people come to their own page")
@needs("manage")
def read_own_pages(request: HttpRequest) -> OwnPages:
    """What the company chose."""
    del request
    chosen = settings_of_pages()
    return OwnPages(is_open=chosen.is_open, in_footer=chosen.in_footer)


@router.put("/my-page", response=OwnPages, summary="Choose how people come to their own page")
@needs("manage")
def set_own_pages(request: HttpRequest, payload: OwnPagesChange) -> OwnPages:
    """When they are closed, no link opens any of them."""
    with act(request, "set_own_pages"):
        actions.set_own_pages(actor=seat_of(request), is_open=payload.is_open, in_footer=payload.in_footer)
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
