# SPDX-License-Identifier: AGPL-3.0-or-later
"""The letter that a mail is when it leaves, and through which post office."""

from functools import partial

from django.utils.translation import gettext as _

from plein.channels.letters import Enclosure, Letter, Mailbox
from plein.channels.post import post_office
from plein.core import blobs
from plein.outbox.composing import body_of, boxes_of
from plein.outbox.fillings import filled
from plein.outbox.models import Mail, MailFile
from plein.outbox.own_page import with_own_page
from plein.outbox.queries import OWN, sender_named
from plein.outbox.recording import references_of
from plein.outbox.refusals import CannotSend
from plein.outbox.underway import Underway
from plein.trust.seats import Entrance


def mailed_by(actor: Entrance, mail: Mail) -> Underway:
    """A mail that is being delivered, with its letter; raises CannotSend and OSError."""
    letter = _letter(actor, mail)
    office = post_office(seat_id=actor.seat_id, address=letter.sender.address if letter.sender else "")
    return Underway(mail.id, mail.attempt, partial(office.post, letter), office.server is None, office.keep)


def _letter(actor: Entrance, mail: Mail) -> Letter:
    sender = sender_named(actor, str(mail.identity_id or OWN))
    if sender is None:
        raise CannotSend(_("Its sender may not be used any more."))
    text, signature, has_link = with_own_page(actor, mail, sender.signature)
    text, is_filled = filled(actor, mail, text)
    body = body_of(text, signature, mail.quoted)
    references = tuple(references_of(mail))
    files = [
        Enclosure(one.name, one.mime, blobs.path_of(one.sha256).read_bytes())
        for one in MailFile.objects.filter(mail=mail).order_by("id")
    ]
    return Letter(
        to=tuple(boxes_of(mail.to)),
        cc=tuple(boxes_of(mail.cc)),
        bcc=tuple(boxes_of(mail.bcc)),
        subject=mail.subject,
        text=body.text,
        html=body.html,
        sender=Mailbox(sender.address, sender.name),
        reply_to=Mailbox(sender.reply_to, sender.name) if sender.reply_to else "",
        attachments=tuple(files),
        message_id=mail.message_id,
        in_reply_to=references[-1] if references else "",
        references=references,
        is_secret=has_link or is_filled,
    )
