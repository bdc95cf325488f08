# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to invitations that came by mail: say whether we come."""

from typing import Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja.responses import Status

from plein.core.payloads import Payload
from plein.moments.models import Moment
from plein.moments.vocabulary import Answer
from plein.outbox import actions
from plein.outbox.api.door import router
from plein.outbox.api.mails import MailOut, shown_mail
from plein.outbox.models import Mail
from plein.trust.seats import seat_of


class InvitationAnswer(Payload):
    """Whether we come; `tentative` when we may."""

    answer: Literal["accepted", "tentative", "declined"]


@router.post("/moments/{moment_id}/answer", response={201: MailOut}, summary="Answer an invitation that came by mail")
def answer_invitation(request: HttpRequest, moment_id: UUID, payload: InvitationAnswer) -> Status[MailOut]:
    """The mail to whoever invited leaves in ten seconds, in which turning the operation back takes it back."""
    found: Moment | None = Moment.objects.filter(id=moment_id).first()
    if found is None:
        raise Http404
    done = actions.answer_invitation(actor=seat_of(request), moment=found, answer=Answer(payload.answer))
    request.operation_id = done.id  # type: ignore[attr-defined]
    return Status(201, shown_mail(Mail.objects.get(operation_id=done.id)))
