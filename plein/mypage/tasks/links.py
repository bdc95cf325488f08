# SPDX-License-Identifier: AGPL-3.0-or-later
"""The job that sends somebody the link they asked for. The address lies sealed in the queue."""

from datetime import timedelta

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from plein.consent.actions.purposes import begin_purposes
from plein.consent.models import Purpose, Subject
from plein.core.ids import now
from plein.core.isolation import Context, workspace_context
from plein.core.operations import operation
from plein.mypage.actions import letter_for, link_for, link_of_subject
from plein.mypage.actions.ways import ASKED_FOR, SEALED
from plein.mypage.events import PageWanted
from plein.mypage.models import Way
from plein.mypage.queries import Known, known_at, settings_of_pages
from plein.relations.models import Relation
from plein.trust import letters, secret_box
from plein.trust.circles import EVERYONE
from plein.trust.models import Circle, Workspace
from plein.trust.seats import Entrance

#: Somebody who asks again and again gets one letter a minute.
SPACE_BETWEEN = timedelta(minutes=1)
PATIENT = RetryStrategy(max_attempts=5, wait=20, linear_wait=20, retry_exceptions={OperationalError, InterfaceError})


@app.task(name="mypage.send_link", retry=PATIENT)
def send_link(*, sealed: str) -> None:
    """Send a link to whoever has this address, from each company that knows them by it."""
    address = secret_box.unseal(SEALED, sealed.encode())
    for known in known_at(address):
        with workspace_context(Context(workspace_id=known.workspace_id, door="my-page")):
            circles = (Circle.objects.get(key=EVERYONE).id, known.circle_id)
        with workspace_context(Context(workspace_id=known.workspace_id, circles=circles, door="my-page")):
            _send(address, known)


def _send(address: str, known: Known) -> None:
    if not settings_of_pages().is_open or not letters.can_send():
        return
    subject = Subject.objects.filter(relation_id=known.relation_id).order_by("created_at", "id").first()
    if subject is None or not Purpose.objects.exists():
        with operation("begin_subject"):
            begin_purposes()
            subject = subject or Subject.objects.create(relation_id=known.relation_id, circle_id=known.circle_id)
    made = Way.objects.filter(subject_id=subject.id, kind="link", created_at__gt=now() - SPACE_BETWEEN)
    if made.filter(expires_at__lt=now() + ASKED_FOR).exists():
        return
    link = link_of_subject(subject=subject.id, lifetime=ASKED_FOR)
    letters.send(letter_for(address, Workspace.objects.get().name, known.language, link))


def enqueue_link(event: PageWanted) -> None:
    """Have the link sent; the same work for every address."""
    send_link.defer(sealed=event.sealed)


def link_in_letter(actor: Entrance, relation: Relation, address: str) -> str:
    """A link for a letter that leaves now."""
    return link_for(actor=actor, relation=relation, address=address)
