# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps what a visitor filled in until they prove their address, and sends them the one mail with the link."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils import translation

from plein.consent.queries import never_contact
from plein.core.events import publish
from plein.core.ids import now
from plein.trust import letters
from plein.trust.actions.links import digest_of
from plein.trust.permissions import permit
from plein.trust.rates import COUNTED, seconds_to_wait
from plein.trust.seats import Entrance
from plein.webforms.events import FormFilled
from plein.webforms.letters import link_letter
from plein.webforms.models import Submission, WebForm
from plein.webforms.places import whole_address

#: So long a link works, and what was filled in waits.
WAITS = timedelta(days=7)
#: One mail an hour goes to an address, from all forms together; more than these do not wait for theirs.
MINUTES_BETWEEN, MOST_WAITING = 60, 3


class NotTaken(Exception):
    """The mail server did not take the mail now; it is tried again."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a visitor filled in: their address, what they said by name, and to which words of which purposes yes."""

    email: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    yes: Mapping[UUID, UUID] = field(default_factory=dict)
    language: str = "en"


def keep_submission(*, actor: Entrance, form: WebForm, filled: Filled) -> Submission:
    """Let what was filled in wait. The same work for every address: a job looks later whether a mail may go there."""
    permit(actor, "write")
    kept: Submission = Submission.objects.create(
        form=form,
        circle_id=form.circle_id,
        text=form.wording,
        email=filled.email,
        answers=dict(filled.answers),
        yes={str(purpose): str(text) for purpose, text in filled.yes.items()},
        language=filled.language,
        expires_at=now() + WAITS,
    )
    publish(FormFilled(kept.id))
    return kept


def mail_link(*, actor: Entrance, submission_id: UUID) -> datetime | None:
    """Send the mail with the link, once; returns when to come back if it is too early. Raises NotTaken.

    To an address that is never used nothing goes, and what was filled in with it is let go of.
    """
    permit(actor, "write")
    waiting = Submission.objects.select_for_update(of=("self",)).select_related("form", "text")
    one: Submission | None = waiting.filter(id=submission_id, mailed_at__isnull=True, expires_at__gt=now()).first()
    if one is None:
        return None
    if never_contact([one.email]) or _is_too_many(one):
        Submission.objects.filter(id=one.id).delete()
        return None
    if not letters.can_send():
        raise NotTaken
    if wait := seconds_to_wait(uuid5(COUNTED, f"mail of a form\n{one.email}"), most=1, minutes=MINUTES_BETWEEN):
        return now() + timedelta(seconds=wait)
    secret = secrets.token_urlsafe(32)
    Submission.objects.filter(id=one.id).update(link=digest_of(secret), mailed_at=now())
    link = whole_address(f"{one.form.key}/confirm/{secret}/?lang={one.language}")
    with translation.override(one.language):
        letter = link_letter(to=one.email, company=actor.workspace_name, title=one.text.title, link=link)
    if not letters.send(letter):
        raise NotTaken
    return None


def _is_too_many(one: Submission) -> bool:
    """Whether others with this address wait for their mail already."""
    earlier = Submission.objects.filter(form_id=one.form_id, email=one.email, mailed_at__isnull=True)
    return earlier.filter(came_at__lt=one.came_at).count() >= MOST_WAITING
