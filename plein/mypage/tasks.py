# SPDX-License-Identifier: AGPL-3.0-or-later
"""The job that sends somebody the link they asked for. The address lies sealed in the queue."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from plein.consent.actions.purposes import begin_purposes
from plein.consent.models import Purpose, Subject
from plein.core.ids import now
from plein.core.isolation import Context, workspace_context
from plein.core.operations import operation
from plein.moments.actions import create_todo
from plein.mypage.actions import letter_for, link_for, link_of_subject
from plein.mypage.actions.ways import ASKED_FOR, SEALED
from plein.mypage.events import PageWanted, RequestMade
from plein.mypage.models import PageRequest, Way
from plein.mypage.queries import Known, is_in_footer, known_at, owner_behind, settings_of_pages
from plein.relations.models import Relation
from plein.trust import letters, secret_box
from plein.trust.circles import EVERYONE
from plein.trust.models import Circle, Role, Seat, Workspace
from plein.trust.seats import Entrance, NoSeat, entered, user_of_job

__all__ = [
    "PageWanted",
    "RequestMade",
    "enqueue_request",
    "enqueue_link",
    "is_in_footer",
    "link_in_letter",
    "send_link",
]

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


@app.task(name="mypage.give_request", retry=PATIENT)
def give_request(*, workspace: int, request: str) -> None:
    """Put what somebody asked on the list of who answers for them: the owner of the relation, else an administrator."""
    with workspace_context(Context(workspace_id=workspace, door="my-page")):
        seats = Seat.objects.filter(is_active=True, role__in=(Role.OWNER, Role.ADMINISTRATOR)).order_by("id")
        managers = list(seats.values_list("user_id", flat=True))
    owner = owner_behind(workspace, UUID(request))
    for user in dict.fromkeys([*([owner] if owner else []), *managers]):
        with suppress(NoSeat), entered(user_of_job(str(user)), workspace, door="worker") as actor:
            asked = PageRequest.objects.filter(id=UUID(request)).select_related("subject__relation").first()
            if asked is None or not actor.can_write:
                continue
            _put_on_list(actor, asked)
            return


def _put_on_list(actor: Entrance, asked: PageRequest) -> None:
    relation = asked.subject.relation
    with translation.override(actor.user.language):
        facts = {"name": relation.name if relation else "", "wish": asked.get_kind_display()}
        create_todo(
            actor=actor,
            title=_("%(name)s asks on their own page: %(wish)s") % facts,
            note=_("The law wants an answer by then. It stands in Settings, Requests."),
            due_on=asked.due_on,
            relation_id=relation.id if relation else None,
            todo_id=asked.id,
        )


def enqueue_request(event: RequestMade) -> None:
    """Give it to somebody."""
    give_request.defer(workspace=event.workspace, request=str(event.request_id))


def enqueue_link(event: PageWanted) -> None:
    """Have the link sent; the same work for every address."""
    send_link.defer(sealed=event.sealed)


def link_in_letter(actor: Entrance, relation: Relation, address: str) -> str:
    """A link for a letter that leaves now."""
    return link_for(actor=actor, relation=relation, address=address)
