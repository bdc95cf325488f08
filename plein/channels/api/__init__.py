# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the server through which mail leaves."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from plein.channels.actions import ServerFacts, remove_mail_server, set_mail_server, try_mail_server
from plein.channels.models import MailServer
from plein.channels.post import PostRefused, PostUncertain
from plein.core.payloads import Impossible, Payload, act, needs
from plein.trust.seats import seat_of

router = Router(tags=["mail"])


class MailServerOut(BaseModel):
    """The server through which mail leaves; its password is told to nobody. Without a host nothing leaves."""

    host: str
    port: int
    security: str
    user_name: str
    sender: str
    sender_name: str
    is_inside: bool


class MailServerIn(Payload):
    """A mail server; without a password the one that is kept stays, for the same host and user."""

    host: Annotated[str, Field(max_length=253)]
    port: Annotated[int, Field(ge=1, le=65535)]
    security: Annotated[str, Field(max_length=10)]
    sender: Annotated[str, Field(max_length=254)]
    user_name: Annotated[str, Field(max_length=200)] = ""
    sender_name: Annotated[str, Field(max_length=120)] = ""
    is_inside: bool = False
    password: Annotated[str, Field(max_length=1000)] = ""


class Tried(BaseModel):
    """The address a trial letter went to."""

    address: str


@router.get("/mail-server", response=MailServerOut, summary="Read through which server mail leaves")
@needs("manage")
def read_mail_server(request: HttpRequest) -> MailServerOut:
    """Without its password."""
    del request
    row = MailServer.objects.order_by("created_at", "id").first() or MailServer()
    names = MailServerOut.model_fields
    return MailServerOut(**{name: getattr(row, name) for name in names})


@router.put("/mail-server", response=MailServerOut, summary="Choose through which server mail leaves")
@needs("manage")
def choose_mail_server(request: HttpRequest, payload: MailServerIn) -> MailServerOut:
    """The password goes into the secret box."""
    facts = ServerFacts(**payload.model_dump(exclude={"password"}))
    with act(request, "change_mail_server"):
        set_mail_server(actor=seat_of(request), facts=facts, password=payload.password)
    return read_mail_server(request)


@router.delete("/mail-server", response={204: None}, summary="Let no mail leave any more")
@needs("manage")
def delete_mail_server(request: HttpRequest) -> None:
    """The password is forgotten."""
    with act(request, "remove_mail_server"):
        remove_mail_server(actor=seat_of(request))


@router.post("/mail-server/try", response=Tried, summary="Send oneself a trial letter")
@needs("manage")
def try_it(request: HttpRequest) -> Tried:
    """To one's own address."""
    try:
        return Tried(address=try_mail_server(actor=seat_of(request)))
    except (PostRefused, PostUncertain) as trouble:
        raise Impossible(str(trouble)) from trouble
