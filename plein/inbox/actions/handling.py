# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from plein.core.events import publish
from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import operation
from plein.inbox.events import MessageAssigned
from plein.inbox.models import Message
from plein.inbox.refusals import CannotDo
from plein.inbox.vocabulary import State
from plein.moments.actions import Part, record_moment
from plein.moments.models import Moment, MomentText, Participant
from plein.moments.vocabulary import MomentKind, ParticipantRole
from plein.trust.circles import circle_key, seats_within
from plein.trust.models import Seat
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

FARTHEST = timedelta(days=366)
LONGEST_NOTE = 20_000


def close_message(*, actor: Entrance, message: Message) -> Operation:
    """Be done with a message, and with what came earlier in the same conversation."""
    permit(actor, "write")
    # Looked up before, so that PostgreSQL reads one conversation by its index whatever it expects of the rest.
    thread = Moment.objects.filter(id=message.moment_id).values("thread_id")[:1]
    with operation("close_message") as done:
        earlier = Message.objects.filter(
            moment_id__in=Moment.objects.filter(thread_id=thread).values("id"),
            state=State.OPEN,
            came_at__lte=message.came_at,
        )
        ids = {message.id, *earlier.values_list("id", flat=True)}
        Message.objects.filter(id__in=ids, state=State.OPEN).update(
            state=State.DONE, done_by_id=actor.seat_id, done_at=now()
        )
    return done


def reopen_message(*, actor: Entrance, message: Message) -> Operation:
    """Take a message up again: one that was done with, or that was put off."""
    permit(actor, "write")
    with operation("reopen_message") as done:
        at = min(message.at, now())
        Message.objects.filter(id=message.id).update(state=State.OPEN, done_by=None, done_at=None, at=at)
    return done


def snooze_message(*, actor: Entrance, message: Message, until: datetime) -> Operation:
    """Put a message off: it comes back by itself, on top."""
    permit(actor, "write")
    if until <= now():
        raise CannotDo(_("That time has passed. Choose one that is still to come."), "until")
    if until > now() + FARTHEST:
        raise CannotDo(_("Choose a time within a year."), "until")
    with operation("snooze_message") as done:
        Message.objects.filter(id=message.id).update(state=State.OPEN, done_by=None, done_at=None, at=until)
    return done


def assign_message(*, actor: Entrance, message: Message, seat_id: UUID | None) -> Operation:
    """Give a message to a colleague who may see it, or to nobody in particular."""
    permit(actor, "write")
    if seat_id is not None and not _may_see(message, seat_id):
        raise CannotDo(_("That colleague may not see this message. Choose somebody who may."), "seat")
    with operation("assign_message") as done:
        Message.objects.filter(id=message.id).update(assignee_id=seat_id)
        if seat_id is not None and seat_id != actor.seat_id:
            publish(MessageAssigned(message.moment_id, seat_id, actor.seat_id))
    return done


def _may_see(message: Message, seat: UUID) -> bool:
    """Whether somebody works here and may see the message."""
    is_here = Seat.objects.filter(id=seat, is_active=True).exists()
    return is_here and seat in seats_within([message.circle_id], [seat])


def keep_message(*, actor: Entrance, message: Message) -> Operation:
    """Take what filed itself into the inbox."""
    permit(actor, "write")
    with operation("keep_message") as done:
        Message.objects.filter(id=message.id).update(is_kept=True)
    return done


def note_message(*, actor: Entrance, message: Message, text: str, mentions: Iterable[UUID] = ()) -> Moment:
    """Write a note in the conversation, for the colleagues who may read the message and nobody else."""
    permit(actor, "write")
    if not text.strip():
        raise CannotDo(_("Write something first."), "text")
    if len(text) > LONGEST_NOTE:
        raise CannotDo(_("That is too long for a note: 20,000 letters at most."), "text")
    body = MomentText.objects.filter(moment_id=message.moment_id).order_by("id").first()
    about = Participant.objects.filter(moment_id=message.moment_id, is_ours=False, relation__isnull=False)
    people = list(dict.fromkeys(about.exclude(role=ParticipantRole.FOR).values_list("relation_id", flat=True)))
    with operation("note_message"):
        note = record_moment(
            actor=actor,
            kind=MomentKind.NOTE,
            participants=[Part(one, ParticipantRole.ABOUT) for one in people[:1]],
            text=text.strip(),
            circle=circle_key(body.circle_id if body is not None else message.circle_id) or "me",
            mentions=mentions,
        )
        thread = Moment.objects.filter(id=message.moment_id).values_list("thread_id", flat=True).get()
        Moment.objects.filter(id=note.id).update(thread_id=thread)
    note.refresh_from_db()
    return note
