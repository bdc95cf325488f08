# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the guests of an appointment: who was invited by mail, and inviting, telling and calling off."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.core.audit import audit_look
from plein.core.payloads import Payload
from plein.moments.models import Moment
from plein.moments.queries.guests import GuestLine, guests_of
from plein.moments.queries.occasions import occasion_of
from plein.outbox import actions
from plein.outbox.actions.inviting import LONGEST_NOTE, MOST_GUESTS
from plein.outbox.api.door import router
from plein.outbox.api.mails import MailOut, shown_mail
from plein.outbox.models import Mail
from plein.trust.seats import seat_of

Standing = Literal["new", "behind", "off", "told", "called_off", "unreachable"]


class GuestOut(BaseModel):
    """Somebody who takes part, and what they know of the appointment.

    `standing` is `new` when they were not invited yet, `behind` when it is otherwise than they were told, `off` when
    they do not know that they need not come, `told` and `called_off` when they know how it is, `unreachable` without
    an address. `trouble` says why nothing may be sent to them.
    """

    contact_point: UUID | None
    name: str
    address: str
    relation: UUID | None
    is_ours: bool
    standing: Standing
    answer: str
    told_at: datetime | None
    delivery: str
    trouble: str


class GuestList(BaseModel):
    """Everybody who takes part in an appointment, or was invited to it."""

    items: list[GuestOut]


class GuestsToTell(Payload):
    """Whom to tell what they do not know yet, by their contact points; `note` is a word to them."""

    guests: Annotated[list[UUID], Field(min_length=1, max_length=MOST_GUESTS)]
    note: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""
    identity: UUID | None = None


class GuestsTold(BaseModel):
    """The mails that leave in ten seconds."""

    items: list[MailOut]


def _found(moment_id: UUID) -> Moment:
    found: Moment | None = Moment.objects.filter(id=moment_id).select_related("recorded_by__user").first()
    if found is None:
        raise Http404
    audit_look("moment", [found])
    return found


def _shown(line: GuestLine) -> GuestOut:
    return GuestOut(
        contact_point=line.point.id if line.point else None,
        name=line.name,
        address=line.point.value if line.point else "",
        relation=line.relation.id if line.relation else None,
        is_ours=line.is_ours,
        standing=line.standing.value,
        answer=line.answer,
        told_at=line.told_at,
        delivery=line.delivery,
        trouble=line.trouble,
    )


@router.get("/moments/{moment_id}/guests", response=GuestList, summary="List the guests of an appointment")
def list_guests(request: HttpRequest, moment_id: UUID) -> GuestList:
    """Who takes part, who was invited by mail and when, and what they answered; of a series those of the whole."""
    del request
    return GuestList(items=[_shown(one) for one in guests_of(occasion_of(_found(moment_id)))])


@router.post("/moments/{moment_id}/guests", response={201: GuestsTold}, summary="Invite guests by mail, or tell them")
def tell_guests(request: HttpRequest, moment_id: UUID, payload: GuestsToTell) -> Status[GuestsTold]:
    """Each gets an invitation, how it is now, or that they need not come; undoing it stops the mails."""
    done = actions.tell_guests(
        actor=seat_of(request),
        moment=_found(moment_id),
        chosen=payload.guests,
        note=payload.note,
        sender=str(payload.identity or ""),
    )
    request.operation_id = done.id  # type: ignore[attr-defined]
    return Status(
        201, GuestsTold(items=[shown_mail(one) for one in Mail.objects.filter(operation_id=done.id).order_by("id")])
    )
