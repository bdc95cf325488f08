# SPDX-License-Identifier: AGPL-3.0-or-later
"""Inviting by mail to an appointment of ours, telling who was invited that it changed, or that they need not come."""

from collections.abc import Collection
from io import BytesIO
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from plein.channels.letters import Mailbox, NoAddress
from plein.core import blobs
from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import CannotUndo, operation
from plein.moments.models import Guest, Moment, MomentSource, Participant
from plein.moments.queries.guests import GuestLine, Standing, guests_invited, guests_of
from plein.moments.queries.occasions import Occasion, occasion_of
from plein.moments.vocabulary import APPOINTMENTS, Direction, State
from plein.outbox.actions.sending import send_mail
from plein.outbox.actions.writing import Content, keep_mail
from plein.outbox.invitation_words import words_for
from plein.outbox.inviting import CANCEL, REQUEST, Summons, calendar_of
from plein.outbox.models import Mail, MailFile, MailState
from plein.outbox.queries import sender_named
from plein.outbox.queries.senders import Sender
from plein.outbox.refusals import CannotSend
from plein.trust.circles import ME, circle_key
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

FILE, MIME = "invite.ics", "text/calendar"
MOST_GUESTS = 50
LONGEST_NOTE = 5_000


def tell_guests(
    *, actor: Entrance, moment: Moment, chosen: Collection[UUID], note: str = "", sender: str = ""
) -> Operation:
    """Invite guests by mail, tell them of a change, or call them off: each of those chosen what they do not know yet.

    `chosen` are contact points. Raises CannotSend, and then nobody is told. Until it leaves, undo takes it back.
    """
    permit(actor, "write")
    locked: Moment = Moment.objects.select_for_update(of=("self",)).get(id=moment.id)
    as_whom = sender_named(actor, sender)
    if as_whom is None:
        raise CannotSend(_("You may not send as this sender any more. Choose another one."), "sender")
    occasion = occasion_of(locked)
    check_invitable(locked)
    lines = [one for one in guests_of(occasion) if one.point and one.point.id in set(chosen)]
    if any(one.standing == Standing.NEW for one in lines):
        check_to_come(locked, occasion)
    _check(lines, chosen)
    telling = _Telling(actor, occasion, as_whom, note.strip()[:LONGEST_NOTE])
    is_new = all(one.standing == Standing.NEW for one in lines)
    with operation("invite_guests" if is_new else "tell_guests", count=len(lines)) as done:
        for one in lines:
            telling.tell(one, done.id)
    return done


def tell_whoever_is_to_know(*, actor: Entrance, moment_id: UUID) -> None:
    """Tell all guests of an appointment what they do not know; colleagues have it in their agenda already.

    Raises CannotSend when somebody may not be written to, and then nobody is told.
    """
    permit(actor, "write")
    moment: Moment = Moment.objects.select_related("recorded_by__user").get(id=moment_id)
    lines = [one for one in guests_of(occasion_of(moment)) if not (one.is_ours and one.standing == Standing.NEW)]
    untold = (Standing.NEW, Standing.BEHIND, Standing.OFF)
    chosen = {one.point.id for one in lines if one.point and one.standing in untold}
    if chosen:
        tell_guests(actor=actor, moment=moment, chosen=chosen)


def check_invitable(moment: Moment) -> None:
    """Raise CannotSend for what we invite nobody to: what is no appointment, and what somebody else invites to."""
    if moment.kind not in APPOINTMENTS:
        raise CannotSend(_("Guests are invited to an appointment that is still to come."))
    came_by_mail = MomentSource.objects.filter(moment=moment, external_id__startswith="calendar:").exists()
    if came_by_mail or moment.direction == Direction.INBOUND:
        raise CannotSend(_("Somebody else invites to this. Ask them to invite whoever is missing."))


def check_to_come(moment: Moment, occasion: Occasion) -> None:
    """Raise CannotSend for what is over: nobody is invited to it any more. Who was, may still hear how it is."""
    if moment.state == State.DONE or occasion.is_over:
        raise CannotSend(_("This is over. Guests are invited to an appointment that is still to come."))


def _check(lines: list[GuestLine], chosen: Collection[UUID]) -> None:
    if not chosen:
        raise CannotSend(_("Choose whom to tell."), "guests")
    if len(lines) < len(set(chosen)):
        raise CannotSend(_("Somebody you chose does not take part any more. Look at the list again."), "guests")
    if len(lines) > MOST_GUESTS:
        facts = {"count": len(lines), "most": MOST_GUESTS}
        raise CannotSend(_("These are %(count)s guests; invite %(most)s at a time at most.") % facts, "guests")
    if troubles := [one.trouble for one in lines if one.trouble]:
        raise CannotSend(" ".join(dict.fromkeys(troubles)), "guests")
    if known := [one.name for one in lines if not one.is_to_tell]:
        names = ", ".join(known)
        raise CannotSend(_("%(names)s: nothing has changed since they were told.") % {"names": names}, "guests")


class _Telling:
    """One round of mails about an appointment, each to one guest."""

    def __init__(self, actor: Entrance, occasion: Occasion, sender: Sender, note: str) -> None:
        self.actor, self.occasion, self.sender, self.note = actor, occasion, sender, note
        known = guests_invited(occasion)
        own = sender.reply_to or sender.address
        self.organizer = next((one.organizer for one in known), own)
        self.sent_by = own if own.lower() != self.organizer.lower() else ""
        newest = max(known, key=lambda one: one.sequence, default=None)
        is_as_told = newest is not None and newest.told == occasion.fingerprint and not newest.is_called_off
        self.sequence = 0 if newest is None else newest.sequence + (0 if is_as_told else 1)
        self.highest = newest.sequence if newest else 0

    def tell(self, line: GuestLine, done: UUID) -> None:
        """The mail to one guest, and that they were told."""
        if line.point is None:
            raise LookupError("a guest is told at an address")
        is_off = line.standing == Standing.OFF
        is_later = is_off or (line.guest is not None and bool(line.away))
        sequence = max(self.sequence, self.highest + 1) if is_later else self.sequence
        mail = self._mail(line, sequence)
        send_mail(actor=self.actor, mail=mail)
        about = {"series": self.occasion.series} if self.occasion.series else {"moment": self.occasion.moment}
        told = {
            "letter_id": Mail.objects.values_list("moment_id", flat=True).get(id=mail.id),
            "organizer": self.organizer,
            "sequence": sequence,
            "told": self.occasion.without(line.away).fingerprint,
            "told_at": now(),
            "is_called_off": is_off,
        }
        circle = self.occasion.moment.circle_id
        if line.guest is None:
            Guest.objects.create(circle_id=circle, contact_point=line.point, **about, **told)
        else:
            Guest.objects.filter(id=line.guest.id).update(**told)
        self._note_address(line, is_again=line.standing == Standing.BEHIND and self._is_at_another_time(line))

    def _is_at_another_time(self, line: GuestLine) -> bool:
        when = self.occasion.without(line.away).fingerprint.partition(":")[0]
        if line.is_only_away:
            return False
        return line.guest is not None and line.guest.told.partition(":")[0] != when

    def _note_address(self, line: GuestLine, *, is_again: bool) -> None:
        """Under which address they take part, by which their answer is known; for another time they are asked anew."""
        if line.relation is None or line.point is None:
            return
        about = Q(moment=self.occasion.moment)
        if self.occasion.series:
            about = Q(moment__plannings__series=self.occasion.series, moment__state=State.PLANNED)
        parts = Participant.objects.filter(about, relation=line.relation)
        ids = list(parts.values_list("id", flat=True))
        changes: dict[str, object] = {"answer": "", "answered_at": None} if is_again else {}
        Participant.objects.filter(id__in=ids, contact_point__isnull=True).update(contact_point=line.point)
        if changes:
            Participant.objects.filter(id__in=ids).update(**changes)

    def _mail(self, line: GuestLine, sequence: int) -> Mail:
        if line.point is None:
            raise LookupError("a guest is told at an address")
        try:
            guest = Mailbox(line.point.value, line.name if line.relation else "")
            organizer = Mailbox(self.organizer, self.actor.user.name if not self.sent_by else "")
        except NoAddress as trouble:
            raise CannotSend(str(trouble), "guests") from trouble
        is_asked_anew = line.standing == Standing.BEHIND and self._is_at_another_time(line)
        is_cancelling = line.standing == Standing.OFF or line.is_only_away
        summons = Summons(
            CANCEL if is_cancelling else REQUEST,
            sequence,
            organizer,
            self.sent_by,
            guest,
            "" if is_asked_anew else line.answer,
            self.note,
            line.away if line.is_only_away else (),
        )
        occasion = self.occasion.without(() if line.is_only_away else line.away)
        subject, text = words_for(line, occasion, self.actor.user.name, self.note)
        content = Content(
            to=(guest,),
            subject=subject,
            text=text,
            circle=circle_key(self.occasion.moment.circle_id) or ME,
            identity_id=self.sender.identity_id,
            relation_id=line.relation.id if line.relation else None,
        )
        mail = keep_mail(actor=self.actor, content=content)
        data = calendar_of(occasion, summons)
        kept = {"name": FILE, "mime": MIME, "size": len(data), "sha256": blobs.store(BytesIO(data))}
        MailFile.objects.create(mail=mail, **kept)
        return mail


def take_back_invitations(undone: Operation) -> None:
    """Before telling guests is turned back: none of their mails may have left, and none is kept."""
    mails = list(Mail.objects.select_for_update(of=("self",)).filter(operation_id=undone.id))
    if any(one.state != MailState.WAITING for one in mails):
        raise CannotUndo("left")
    if any(one.seat_id != undone.seat_id for one in mails):
        raise CannotUndo("not_yours")
    Mail.objects.filter(id__in=[one.id for one in mails]).delete()
