# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the other addresses of a mail account: one to forward to, and those it sends as."""

from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.channels import actions
from plein.channels.actions import drop_address
from plein.channels.models import Connection
from plein.channels.post import PostRefused, PostUncertain
from plein.core.payloads import Impossible, Payload, needs
from plein.moments.api.connections import own_connection, refused, router
from plein.moments.proving import ask_for_proof
from plein.trust.seats import seat_of


class ConnectionAddresses(BaseModel):
    """The address to forward mail to, "" while there is none, and those the account sends as beside its own."""

    drop_box: str
    addresses: list[str]


class WantedAddress(Payload):
    """Another address to send as."""

    address: Annotated[str, Field(min_length=3, max_length=320)]


class AddressProof(Payload):
    """What the letter to that address names, after `proof=` in its link."""

    proof: Annotated[str, Field(min_length=1, max_length=2000)]


@router.get(
    "/connections/{connection_id}/addresses",
    response=ConnectionAddresses,
    summary="List the other addresses of a mail account",
)
@needs("import")
def list_addresses(request: HttpRequest, connection_id: UUID) -> ConnectionAddresses:
    """Of one's own account only: who knows the address to forward to can send something in."""
    return _told(_mailbox(request, connection_id))


@router.post(
    "/connections/{connection_id}/drop-box",
    response={201: ConnectionAddresses},
    summary="Give a mail account a new address to forward to",
)
@needs("import")
def open_drop_box(request: HttpRequest, connection_id: UUID) -> Status[ConnectionAddresses]:
    """One that there was counts no longer."""
    found = _mailbox(request, connection_id)
    with refused():
        actions.open_drop_box(actor=seat_of(request), connection=found)
    return Status(201, _told(_mailbox(request, connection_id)))


@router.delete("/connections/{connection_id}/drop-box", response={204: None}, summary="Take no forwarded mail any more")
@needs("import")
def close_drop_box(request: HttpRequest, connection_id: UUID) -> None:
    """What comes to that address is heard as any mail."""
    actions.close_drop_box(actor=seat_of(request), connection=_mailbox(request, connection_id))


@router.post(
    "/connections/{connection_id}/addresses",
    response={202: ConnectionAddresses},
    summary="Ask to send as another address too",
)
@needs("import")
def want_address(request: HttpRequest, connection_id: UUID, payload: WantedAddress) -> Status[ConnectionAddresses]:
    """A letter goes there; the account sends as that address once somebody who reads it proved it."""
    found = _mailbox(request, connection_id)
    try:
        with refused():
            ask_for_proof(seat_of(request), found, payload.address)
    except (PostRefused, PostUncertain) as trouble:
        raise Impossible(_("The letter did not leave: %(reason)s") % {"reason": trouble.words}) from trouble
    return Status(202, _told(found))


@router.post(
    "/connections/{connection_id}/addresses/proof",
    response=ConnectionAddresses,
    summary="Prove that an address to send as is one's own",
)
@needs("import")
def prove_address(request: HttpRequest, connection_id: UUID, payload: AddressProof) -> ConnectionAddresses:
    """It counts for a day."""
    with refused():
        actions.prove_alias(actor=seat_of(request), connection=_mailbox(request, connection_id), proof=payload.proof)
    return _told(_mailbox(request, connection_id))


@router.delete(
    "/connections/{connection_id}/addresses/{address}", response={204: None}, summary="Send as an address no longer"
)
@needs("import")
def drop_address_of(request: HttpRequest, connection_id: UUID, address: str) -> None:
    """What was sent as it stays as it is."""
    found = _mailbox(request, connection_id)
    if address not in found.settings.get("aliases", []):
        raise Http404
    actions.drop_alias(actor=seat_of(request), connection=found, address=address)


def _mailbox(request: HttpRequest, connection_id: UUID) -> Connection:
    """A mail account of one's own."""
    found = own_connection(request, connection_id)
    if found.connector != "imap":
        raise Http404
    return found


def _told(found: Connection) -> ConnectionAddresses:
    return ConnectionAddresses(drop_box=drop_address(found), addresses=list(found.settings.get("aliases", [])))
