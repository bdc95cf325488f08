# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sending, and all that a person may decide about a mail afterwards. Delivering is the worker's: `delivering.py`."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from plein.channels.letters import NoAddress
from plein.channels.post import post_office
from plein.core.events import publish
from plein.core.ids import new_id, now
from plein.core.models import Operation
from plein.core.operations import CannotUndo, operation
from plein.moments.actions import follow_delivery
from plein.moments.models import Draft
from plein.moments.vocabulary import DeliveryState
from plein.outbox.actions.writing import check_size, own_mail
from plein.outbox.composing import boxes_of, check_receivers, draft_key
from plein.outbox.events import MailQueued
from plein.outbox.models import Mail, MailState
from plein.outbox.own_page import check_own_page
from plein.outbox.posting import check_post
from plein.outbox.queries import sender_named
from plein.outbox.recording import put_on_timeline
from plein.outbox.refusals import CannotSend
from plein.trust.circles import circle_of_people
from plein.trust.permissions import may, permit
from plein.trust.rates import MAILS_IN_TEN, slow_down
from plein.trust.seats import Entrance

#: How long a mail waits before it leaves, so that one can take it back.
BACK_SECONDS = 10
FARTHEST = timedelta(days=366)


def send_mail(*, actor: Entrance, mail: Mail, at: datetime | None = None) -> Operation | None:
    """Let a mail leave in ten seconds, or at a time; raises CannotSend.

    Leaving now it is on the timeline at once, under the operation that is returned: turning that back takes the mail
    back. A scheduled one comes onto the timeline when it leaves.
    """
    permit(actor, "write")
    slow_down("mail", actor.user.id, most=MAILS_IN_TEN, minutes=10)
    locked = own_mail(actor, mail.id, MailState.DRAFT)
    _check(actor, locked)
    if at is not None:
        _schedule(locked, at)
        return None
    leaves_at = now() + timedelta(seconds=BACK_SECONDS)
    with operation("send_mail") as done:
        _queue(locked, leaves_at, is_scheduled=False, operation_id=done.id)
        put_on_timeline(actor, locked, leaves_at)
        publish(MailQueued(locked.id, leaves_at))
    return done


def _check(actor: Entrance, mail: Mail) -> None:
    if mail.network:
        check_post(actor, mail)
        return
    sender = sender_named(actor, str(mail.identity_id or ""))
    if sender is None:
        raise CannotSend(_("You may not send as this sender any more. Choose another one."), "identity")
    try:
        check_receivers(mail)
    except NoAddress as trouble:
        raise CannotSend(str(trouble), "to") from trouble
    check_own_page(mail)
    check_size(mail)


def _schedule(mail: Mail, at: datetime) -> None:
    _check_time(at)
    _queue(mail, at, is_scheduled=True, operation_id=None)
    publish(MailQueued(mail.id, at))


def _check_time(at: datetime) -> None:
    if at < now() + timedelta(seconds=30):
        raise CannotSend(_("That time has passed. Choose one that is still to come, or send it now."), "send_at")
    if at > now() + FARTHEST:
        raise CannotSend(_("Choose a time within a year."), "send_at")


def _queue(mail: Mail, at: datetime, *, is_scheduled: bool, operation_id: UUID | None) -> None:
    mail.state, mail.send_at, mail.is_scheduled = MailState.WAITING, at, is_scheduled
    mail.operation_id, mail.reason, mail.refused, mail.tries = operation_id, "", {}, 0
    mail.message_id = mail.message_id or post_office().message_id()
    mail.changed_at = now()
    mail.save()


def take_back(undone: Operation) -> None:
    """Before the operation of sending is turned back: the mail is a draft again, whole, if it has not left yet."""
    mail: Mail | None = Mail.objects.select_for_update(of=("self",)).filter(operation_id=undone.id).first()
    if mail is None or mail.state == MailState.DRAFT:
        return
    if mail.state != MailState.WAITING:
        raise CannotUndo("left")
    if mail.seat_id != undone.seat_id:
        raise CannotUndo("not_yours")
    _as_draft(mail)
    # Where it was written the form opens with it again.
    content = {"kind": "email", "mail": str(mail.id), "subject": mail.subject, "text": mail.text}
    Draft.objects.update_or_create(
        seat_id=mail.seat_id,
        key=draft_key(mail.relation_id, mail.answers_id),
        defaults={"content": content, "changed_at": now()},
    )


def _as_draft(mail: Mail) -> None:
    """A draft again, with another identifier than the one that may have been seen on a timeline."""
    mail.own_circle_id = circle_of_people([mail.seat_id])
    mail.moment, mail.body, mail.operation_id = None, None, None
    mail.state, mail.message_id, mail.send_at, mail.is_scheduled = MailState.DRAFT, "", None, False
    mail.changed_at = now()
    mail.save()


def call_off(*, actor: Entrance, mail: Mail) -> Mail:
    """Do not send a scheduled mail: it is a draft again."""
    permit(actor, "write")
    locked = own_mail(actor, mail.id, MailState.WAITING)
    if locked.moment_id is not None:
        raise CannotSend(_("This mail is leaving. Take it back with Undo."))
    _as_draft(locked)
    return locked


def reschedule(*, actor: Entrance, mail: Mail, at: datetime | None) -> Mail:
    """Let a waiting mail leave at another time, or now."""
    permit(actor, "write")
    locked = _waiting(actor, mail)
    if at is not None:
        _check_time(at)
    locked.send_at, locked.changed_at = at or now(), now()
    locked.save(update_fields=["send_at", "changed_at"])
    publish(MailQueued(locked.id, locked.send_at))
    return locked


def _waiting(actor: Entrance, mail: Mail) -> Mail:
    return own_mail(actor, mail.id, MailState.WAITING)


def _decidable(actor: Entrance, mail: Mail, *states: str) -> Mail:
    """A mail about which the actor may decide: their own, or anybody's that they may see when they manage."""
    locked: Mail = Mail.objects.select_for_update(of=("self",)).get(id=mail.id)
    if locked.seat_id != actor.seat_id and not may(actor, "manage"):
        raise CannotSend(_("Only who wrote a mail can decide about it, or an administrator."))
    if locked.state not in states:
        raise CannotSend(_("There is nothing to decide: this mail is %(state)s.") % {"state": _words(locked)})
    return locked


def _words(mail: Mail) -> str:
    return str(MailState(mail.state).label)


def say_it_arrived(*, actor: Entrance, mail: Mail) -> Mail:
    """Decide that an uncertain mail did leave: somebody asked, or saw it in the folder of sent mail."""
    permit(actor, "write")
    locked = _decidable(actor, mail, MailState.UNCERTAIN)
    locked.state, locked.reason, locked.changed_at = MailState.SENT, _("A colleague said that it arrived."), now()
    locked.sent_at = locked.sent_at or now()
    locked.save(update_fields=["state", "reason", "changed_at", "sent_at"])
    follow_delivery(actor=actor, moment_id=locked.moment_id, state=DeliveryState.SENT)
    return locked


def send_again(*, actor: Entrance, mail: Mail) -> Mail:
    """Decide to send an uncertain or refused mail once more; an uncertain one may then arrive twice.

    It keeps its identifier, by which many mail programs show such a pair as one.
    """
    permit(actor, "write")
    locked = _decidable(actor, mail, MailState.UNCERTAIN, MailState.REFUSED)
    if locked.network:
        check_post(actor, locked)
    else:
        check_receivers(locked)
    locked.state, locked.send_at, locked.tries, locked.reason = MailState.WAITING, now(), 0, ""
    locked.message_id = locked.message_id or f"{new_id().hex}@{post_office().domain}"
    locked.changed_at = now()
    locked.save(update_fields=["state", "send_at", "tries", "reason", "message_id", "changed_at"])
    follow_delivery(actor=actor, moment_id=locked.moment_id, state=DeliveryState.WAITING)
    publish(MailQueued(locked.id, locked.send_at))
    return locked


def receivers_of(mail: Mail) -> list[str]:
    """Every address a mail goes to."""
    return [box.address for boxes in (mail.to, mail.cc, mail.bcc) for box in boxes_of(boxes)]
