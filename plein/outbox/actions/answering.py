# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answering an invitation that came by mail: whoever invited is told by mail, in words and for their calendar."""

import re
from io import BytesIO
from uuid import UUID

from django.utils.translation import gettext as _

from plein.channels.letters import Mailbox, NoAddress
from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import operation
from plein.moments.actions import IncomingFile
from plein.moments.models import Moment, MomentSource, MomentSubject, Participant
from plein.moments.vocabulary import Answer, Direction, MomentKind, State
from plein.outbox.actions.sending import send_mail
from plein.outbox.actions.writing import Content, add_files, keep_mail
from plein.outbox.invited import Invited, reply_of
from plein.outbox.queries import senders_of
from plein.outbox.queries.senders import Sender
from plein.outbox.refusals import CannotSend
from plein.trust.circles import ME, circle_key
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

FILE = "invite.ics"
_VERSION = re.compile(r"calendar:(\d+):\d+\Z")


def answer_invitation(*, actor: Entrance, moment: Moment, answer: Answer) -> Operation:
    """Tell whoever invited us whether we come; raises CannotSend. Until it leaves, undo takes it back."""
    permit(actor, "write")
    invited, sender, part = _invited(actor, moment)
    words = {
        Answer.ACCEPTED: (_("Accepted: %(title)s"), _("%(name)s accepts this invitation.")),
        Answer.TENTATIVE: (_("Tentative: %(title)s"), _("%(name)s may come, and is not sure yet.")),
        Answer.DECLINED: (_("Declined: %(title)s"), _("%(name)s declines this invitation.")),
    }
    subject, text = words[answer]
    with operation("answer_invitation") as done:
        content = Content(
            to=(Mailbox(invited.organizer),),
            subject=subject % {"title": invited.title},
            text=text % {"name": actor.user.name},
            circle=circle_key(moment.circle_id) or ME,
            identity_id=sender.identity_id,
        )
        mail = keep_mail(actor=actor, content=content)
        data = reply_of(invited, answer, actor.user.name)
        add_files(actor=actor, mail=mail, files=[IncomingFile(FILE, len(data), BytesIO(data))])
        Participant.objects.filter(id=part).update(answer=answer, answered_at=now())
        send_mail(actor=actor, mail=mail)
    return done


def _invited(actor: Entrance, moment: Moment) -> tuple[Invited, Sender, UUID]:
    """What is answered, as whom, and whose part in it that is; raises CannotSend."""
    if (
        moment.kind != MomentKind.MEETING
        or moment.state != State.PLANNED
        or moment.direction != Direction.INBOUND
        or not moment.calendar_uid
    ):
        raise CannotSend(_("This is no invitation that still waits for an answer."))
    parts = list(Participant.objects.filter(moment=moment, contact_point__kind="email").select_related("contact_point"))
    organizer = next((one for one in parts if one.role == "from" and one.contact_point), None)
    if organizer is None or organizer.contact_point is None:
        raise CannotSend(_("Who sent this invitation left no address: answer by a mail of your own."))
    asked = {one.contact_point.value: one for one in parts if one.role != "from" and one.contact_point}
    for sender in senders_of(actor):
        as_whom = next((one.lower() for one in (sender.address, sender.reply_to) if one.lower() in asked), "")
        if as_whom:
            break
    else:
        raise CannotSend(_("None of your own addresses was invited, so you cannot answer. Ask who was."))
    try:
        Mailbox(organizer.contact_point.value)
    except NoAddress as trouble:
        raise CannotSend(str(trouble)) from trouble
    title = MomentSubject.objects.filter(moment=moment).order_by("id").values_list("title", flat=True).first() or ""
    invited = Invited(
        moment.calendar_uid,
        _sequence_of(moment),
        moment.occurred_at,
        moment.is_all_day,
        title[:200],
        organizer.contact_point.value,
        as_whom,
    )
    return invited, sender, asked[as_whom].id


def _sequence_of(moment: Moment) -> int:
    """The version of the invitation that we follow."""
    known = MomentSource.objects.filter(moment=moment, external_id__startswith="calendar:")
    found = (_VERSION.match(one) for one in known.values_list("external_id", flat=True))
    return max((int(one[1]) for one in found if one), default=0)
