# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters of the house to whoever comes second or later, and the links in which people answer.

A letter is noted as leaving before it goes over the line and as sent after it. Whoever finds it leaving without a
living worker cannot know whether it left, and does not send it again (ADR 0015).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plein.asking.actions.going_on import stop_request
from plein.asking.actions.reaching import address_of, somebody
from plein.asking.models import AnswerLink, IntroductionRequest
from plein.asking.places import answer_address
from plein.asking.queries.keeper import Told, call
from plein.asking.vocabulary import Letter
from plein.asking.wording import subject_of, with_link
from plein.core.isolation import workspace_id
from plein.outbox.models import Mail
from plein.trust.actions.links import digest_of
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

LETTER = "SELECT plein_asking_letter(%s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Leaving:
    """A letter that goes over the line now."""

    to: str
    subject: str
    text: str


def begin_letter(*, actor: Entrance, turn_id: UUID) -> Leaving | None:
    """Note that a letter leaves, and put it together; None when it is not to, or left already."""
    permit(actor, "write")
    told = call(LETTER, turn_id, Letter.WAITING, Letter.LEAVING)
    person, request = somebody(told.id("person")), _request_of(told)
    address = address_of(person) if person is not None else ""
    expires_at = told.time("expires_at")
    if person is None or request is None or not address or expires_at is None:
        return None
    link = _new_link(turn_id, expires_at)
    text = with_link(told.facts["text"], person.language, link)
    return Leaving(address, subject_of(request.target, person.language), text)


def end_letter(*, actor: Entrance, turn_id: UUID) -> None:
    """Note that the mail server took it."""
    permit(actor, "write")
    call(LETTER, turn_id, Letter.LEAVING, Letter.SENT)


def retry_letter(*, actor: Entrance, turn_id: UUID) -> None:
    """Note that the mail server refused it, so that nobody has it: it may be tried again."""
    permit(actor, "write")
    call(LETTER, turn_id, Letter.LEAVING, Letter.WAITING)


def stop_turn(*, actor: Entrance, turn_id: UUID) -> None:
    """End the way of a letter that no mail server takes."""
    permit(actor, "write")
    told = call(LETTER, turn_id, Letter.WAITING, Letter.NONE)
    request = _request_of(told)
    if request is not None:
        stop_request(actor=actor, request=request)


def _request_of(told: Told) -> IntroductionRequest | None:
    request = told.id("request")
    found = IntroductionRequest.objects.filter(id=request).select_related("target") if request is not None else ()
    return next(iter(found), None)


def link_in_mail(actor: Entrance, mail: Mail) -> str:
    """The link for a mail that leaves now; nothing when there is nothing to answer any more."""
    permit(actor, "write")
    told = call("SELECT plein_asking_mailed(%s)", mail.id)
    turn, expires_at = told.id("turn"), told.time("expires_at")
    return _new_link(turn, expires_at) if turn is not None and expires_at is not None else ""


def _new_link(turn_id: UUID, expires_at: datetime) -> str:
    """A link that answers once."""
    secret = secrets.token_urlsafe(32)
    AnswerLink.objects.create(
        digest=digest_of(secret), into_workspace=workspace_id(), turn_id=turn_id, expires_at=expires_at
    )
    return answer_address(secret)
