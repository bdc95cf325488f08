# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mail as the moment that colleagues see."""

from datetime import datetime
from uuid import UUID

from plein.channels.connecting import name_on_network
from plein.channels.letters import Mailbox
from plein.moments.actions import Correspondent, KeptFile, OutgoingMail, record_outgoing_mail
from plein.moments.models import Moment, MomentText
from plein.moments.vocabulary import MomentKind, Reach
from plein.outbox.composing import body_of, boxes_of
from plein.outbox.models import Mail, MailFile
from plein.outbox.queries import OWN, answer_to, relation_behind, sender_named
from plein.trust.circles import circle_for
from plein.trust.seats import Entrance


def put_on_timeline(actor: Entrance, mail: Mail, at: datetime) -> None:
    """Record the mail as a moment, and let who may see that see the mail. Runs in the caller's operation."""
    if mail.network:
        _put_post(actor, mail, at)
        return
    sender = sender_named(actor, str(mail.identity_id or OWN)) or sender_named(actor, "")
    if sender is None:
        raise LookupError("there is always a sender")
    body = body_of(mail.text, sender.signature, mail.quoted)
    text = record_outgoing_mail(
        actor=actor,
        mail=OutgoingMail(
            message_id=mail.message_id,
            at=at,
            subject=mail.subject,
            text=body.text,
            html=body.html,
            quote_from=body.quote_from,
            signature_from=body.signature_from,
            correspondents=_correspondents(mail, Mailbox(sender.address, sender.name)),
            files=[KeptFile(one.name, one.mime, one.size, one.sha256) for one in MailFile.objects.filter(mail=mail)],
            references=references_of(mail),
            thread_id=_thread_of(mail),
            circle_id=circle_for(mail.circle_key),
        ),
    )
    _follow(mail, text)


def _put_post(actor: Entrance, mail: Mail, at: datetime) -> None:
    """Record what is said on a network."""
    account = mail.connection
    if account is None:
        raise LookupError("somebody says it")
    name = name_on_network(account)
    people = [Correspondent("from", name, actor.user.name)]
    people += [Correspondent("to", handle, shown) for shown, handle in mail.to]
    text = record_outgoing_mail(
        actor=actor,
        mail=OutgoingMail(
            message_id=mail.message_id,
            at=at,
            subject="",
            text=mail.text.strip(),
            html="",
            quote_from=None,
            signature_from=None,
            correspondents=people,
            files=(),
            references=[mail.answered] if mail.answered else [],
            thread_id=_thread_of(mail),
            circle_id=circle_for(mail.circle_key),
            kind=MomentKind.POST if mail.is_public else MomentKind.CHAT,
            reach=Reach.MANY if mail.is_public else Reach.ONE,
            network=mail.network,
        ),
    )
    _follow(mail, text)


def _follow(mail: Mail, text: MomentText) -> None:
    """Let who may see the moment see the mail."""
    mail.moment_id, mail.body_id, mail.own_circle_id = text.moment_id, text.id, None
    mail.save(update_fields=["moment_id", "body_id", "own_circle_id"])


def references_of(mail: Mail) -> list[str]:
    """The messages that a reply stands under, the one it answers last."""
    answer = answer_to(mail.answers_id) if mail.answers_id else None
    return list(answer.references) if answer else []


def _thread_of(mail: Mail) -> UUID | None:
    if mail.answers_id is None:
        return None
    return Moment.objects.filter(id=mail.answers_id).values_list("thread_id", flat=True).first()


def _correspondents(mail: Mail, sender: Mailbox) -> list[Correspondent]:
    found = [("from", sender)]
    for role in ("to", "cc", "bcc"):
        found += [(role, box) for box in boxes_of(getattr(mail, role))]
    whose = relation_behind((box.address.lower() for _role, box in found), mail.relation_id)

    def one(role: str, box: Mailbox) -> Correspondent:
        address = box.address.lower()
        known = whose.get(address)
        return Correspondent(role, address, box.name, known.id if known else None)

    return [one(role, box) for role, box in found]
