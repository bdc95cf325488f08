# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worker's part, each step a transaction of its own: begin, say that the letter goes over the line, tell the end.

Between the second and the third nobody can know whether a letter left; a mail that is found there is "perhaps sent",
and is never sent again by itself (ADR 0015).
"""

from datetime import timedelta
from random import SystemRandom
from uuid import UUID

from django.utils.translation import gettext as _

from plein.channels.post import Posted, PostRefused
from plein.channels.smtp import broken_line
from plein.core.events import publish
from plein.core.ids import now
from plein.core.operations import operation
from plein.moments.actions import follow_delivery
from plein.moments.vocabulary import DeliveryState
from plein.outbox.composing import check_receivers
from plein.outbox.events import MailQueued, MailRefused, MailSent, MailUncertain
from plein.outbox.lettering import mailed_by
from plein.outbox.models import Mail, MailState
from plein.outbox.posting import check_post, note_post, said_by
from plein.outbox.recording import put_on_timeline
from plein.outbox.refusals import CannotSend
from plein.outbox.underway import Underway
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: How long to wait after each refusal for now, in minutes; after the last one it is over: a day in all.
WAITS = (1, 5, 15, 60, 120, 240, 480, 520)


def begin_delivery(*, actor: Entrance, mail_id: UUID) -> Underway | None:
    """Look whether a mail is to leave now, and put its letter together; None when there is nothing to do.

    A mail that was leaving when its worker died is uncertain from here on. What was being said on a network is said
    again under the same key, by which the network knows it.
    """
    permit(actor, "write")
    mail = _locked(mail_id)
    if mail is None or mail.seat_id != actor.seat_id:
        return None
    if mail.state == MailState.SENDING and mail.network:
        mail.state = MailState.WAITING
        mail.save(update_fields=["state"])
    if mail.state == MailState.SENDING:
        _settle(actor, mail, MailState.UNCERTAIN, broken_line())
        return None
    if mail.state != MailState.WAITING or mail.send_at is None or mail.send_at > now() + timedelta(seconds=1):
        return None
    try:
        account = check_post(actor, mail) if mail.network else None
        if account is None:
            check_receivers(mail)
        if mail.moment_id is None:
            with operation("send_mail") as done:
                mail.operation_id = done.id
                mail.save(update_fields=["operation_id"])
                put_on_timeline(actor, mail, now())
        return said_by(mail, account) if account else mailed_by(actor, mail)
    except (CannotSend, OSError) as refusal:
        words = str(refusal) if isinstance(refusal, CannotSend) else _("A file of this mail is not there any more.")
        _settle(actor, mail, MailState.REFUSED, words)
        return None


def _locked(mail_id: UUID) -> Mail | None:
    found: Mail | None = Mail.objects.select_for_update(of=("self",)).filter(id=mail_id).first()
    return found


def mark_sending(*, actor: Entrance, underway: Underway) -> bool:
    """Write down that the letter goes over the line now. False when somebody took it back, or has it already."""
    permit(actor, "write")
    marked = Mail.objects.filter(id=underway.mail_id, state=MailState.WAITING, attempt=underway.attempt).update(
        state=MailState.SENDING, attempt=underway.attempt + 1, changed_at=now()
    )
    return bool(marked)


def end_delivery(*, actor: Entrance, underway: Underway, posted: Posted) -> None:
    """Write down that the server took it. Who says so knows: it counts also when the mail was given up meanwhile."""
    permit(actor, "write")
    mail = _locked(underway.mail_id)
    if mail is None or mail.attempt != underway.attempt + 1 or mail.state == MailState.WAITING:
        return
    mail.refused, mail.is_sunk, mail.sent_at = posted.refused, posted.is_sunk, now()
    if mail.network:
        note_post(actor, mail, posted)
    _settle(actor, mail, MailState.SENT, " ".join(f"{who}: {why}" for who, why in posted.refused.items()))


def fail_delivery(*, actor: Entrance, underway: Underway, refusal: PostRefused) -> None:
    """Write down that the server did not take it: it waits for another try, or that was the last."""
    permit(actor, "write")
    mail = _locked(underway.mail_id)
    if mail is None or mail.state not in (MailState.WAITING, MailState.SENDING):
        return
    if mail.attempt not in (underway.attempt, underway.attempt + 1):
        return
    if refusal.permanent or mail.tries >= len(WAITS):
        _settle(actor, mail, MailState.REFUSED, refusal.words)
        return
    minutes = WAITS[mail.tries] * (1 + SystemRandom().random() / 4)
    mail.state, mail.tries, mail.reason = MailState.WAITING, mail.tries + 1, refusal.words[:600]
    mail.send_at, mail.changed_at = now() + timedelta(minutes=minutes), now()
    mail.save(update_fields=["state", "tries", "reason", "send_at", "changed_at"])
    follow_delivery(actor=actor, moment_id=mail.moment_id, state=DeliveryState.WAITING)
    publish(MailQueued(mail.id, mail.send_at))


def _settle(actor: Entrance, mail: Mail, state: str, words: str) -> None:
    """Write down what became of a mail, for its writer and on the timeline, and tell whom it may concern."""
    mail.state, mail.reason, mail.changed_at = state, words[:600], now()
    mail.save(update_fields=["state", "reason", "refused", "is_sunk", "sent_at", "changed_at"])
    shown = DeliveryState.SUNK if mail.is_sunk and state == MailState.SENT else DeliveryState(state)
    follow_delivery(actor=actor, moment_id=mail.moment_id, state=shown)
    if state == MailState.SENT:
        publish(MailSent(mail.id, mail.moment_id, mail.seat_id, tuple(mail.refused)))
    elif state == MailState.REFUSED:
        publish(MailRefused(mail.id, mail.moment_id, mail.seat_id))
    else:
        publish(MailUncertain(mail.id, mail.moment_id, mail.seat_id))


def note_no_copy(*, actor: Entrance, underway: Underway, words: str) -> None:
    """Write down that a mail left, and that no copy of it could be put into the sender's folder of sent mail."""
    permit(actor, "write")
    reason = _("It left, but no copy could be put into your folder of sent mail: %(reason)s") % {"reason": words}
    Mail.objects.filter(id=underway.mail_id, state=MailState.SENT).update(reason=reason[:600], changed_at=now())


def give_up(*, actor: Entrance, underway: Underway, words: str) -> None:
    """Write down that nobody can know whether the server took it."""
    permit(actor, "write")
    mail = _locked(underway.mail_id)
    if mail is not None and mail.state == MailState.SENDING and mail.attempt == underway.attempt + 1:
        _settle(actor, mail, MailState.UNCERTAIN, words)


def hold_back(*, actor: Entrance) -> int:
    """After a backup was restored: what waited in it may have left since it was made, so its writer decides."""
    permit(actor, "write")
    words = _("A backup was restored in which this was still waiting. It may have left after that backup was made.")
    waiting = Mail.objects.filter(seat_id=actor.seat_id, state__in=(MailState.WAITING, MailState.SENDING))
    held = list(waiting.select_for_update(of=("self",)))
    for mail in held:
        _settle(actor, mail, MailState.UNCERTAIN, words)
    return len(held)
