# SPDX-License-Identifier: AGPL-3.0-or-later
"""What runs at once when something came in or was answered, inside the operation of whoever did that.

So a message is there exactly when its moment is, and both are turned back together.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection

from plein.core.events import publish
from plein.core.ids import now
from plein.core.isolation import seat_id, workspace_id
from plein.core.operations import operation
from plein.inbox.events import MessageAssigned
from plein.inbox.models import Message
from plein.inbox.vocabulary import ANSWERING, FRESH, KINDS, Lane, State
from plein.moments.events import DraftBegun, MomentRecorded, MomentsBroughtIn, MomentsRecognised, OpinionsKept
from plein.moments.models import Moment
from plein.moments.vocabulary import Direction, MomentKind, Nature
from plein.moments.vocabulary import State as MomentState
from plein.outbox.events import MailQueued, MailSent
from plein.outbox.models import Mail
from plein.trust.circles import seats_within
from plein.webforms.events import FormConfirmed


def receive(event: MomentRecorded | MomentsBroughtIn) -> None:
    """Put what came in where somebody finds it; what is older than a month is history."""
    if isinstance(event, MomentRecorded) and event.kind not in KINDS:
        return
    ids = (event.moment_id,) if isinstance(event, MomentRecorded) else event.moment_ids
    rows = [_message(*row) for row in _came_in(ids)]
    if rows:
        with operation("receive_message"):
            Message.objects.bulk_create(rows)
        wake()


def _came_in(moment_ids: Iterable[UUID]) -> Iterable[tuple[UUID, int, str, str, datetime]]:
    wanted = Moment.objects.filter(
        id__in=list(moment_ids),
        kind__in=KINDS,
        direction=Direction.INBOUND,
        state=MomentState.DONE,
        occurred_at__gt=now() - FRESH,
    )
    return wanted.values_list("id", "circle_id", "kind", "nature", "occurred_at")


def _message(moment_id: UUID, circle_id: int, kind: str, nature: str, at: datetime) -> Message:
    filed_as = "" if nature == Nature.PERSONAL else nature
    lane = Lane.FILED if filed_as else Lane.HEARD if kind == MomentKind.POST else Lane.INBOX
    return Message(
        moment_id=moment_id, circle_id=circle_id, lane=lane, filed_as=filed_as, came_at=at, at=min(at, now())
    )


def close_answered(event: MailQueued | MailSent) -> None:
    """Whoever answers a message is done with it: one act, which one undo takes back.

    A scheduled answer counts when it was sent.
    """
    mail = Mail.objects.filter(id=event.mail_id, answers__isnull=False, moment__isnull=False).first()
    if mail is None or mail.answers_id is None or mail.is_scheduled != isinstance(event, MailSent):
        return
    answered = Message.objects.filter(moment_id=mail.answers_id, state=State.OPEN)
    if answered.exists():
        with operation("close_message"):
            answered.update(state=State.DONE, done_by_id=seat_id(), done_at=now())


def give_form(event: FormConfirmed) -> None:
    """A message that came by a form is for whom the form says, if they may see it."""
    seat, message = event.seat_id, Message.objects.filter(moment_id=event.moment_id).first()
    if message is None or seat is None or seat not in seats_within([message.circle_id], [seat]):
        return
    with operation("assign_message"):
        Message.objects.filter(id=message.id).update(assignee_id=seat)
        if seat != seat_id():
            publish(MessageAssigned(message.moment_id, seat, seat_id()))


def tell_answering(event: DraftBegun) -> None:
    """Somebody begins to answer: the pages of the others look again, so that nobody answers twice."""
    if event.key.startswith(ANSWERING):
        wake()


def tell_filed(event: MomentsRecognised | OpinionsKept) -> None:
    """Plein saw what texts are: when messages are among them, open pages look again where those stand."""
    if Message.objects.filter(moment_id__in=event.moment_ids).exists():
        wake()


def wake() -> None:
    """Let the open pages of everybody here look again, each as what its reader may see."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_notify('plein_live', 'seat ' || workspace_id || ' ' || id)) FROM trust_seat"
            " WHERE workspace_id = %s AND is_active",
            [workspace_id()],
        )
