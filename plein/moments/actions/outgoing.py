# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mail that we send, as the moment it is from the first second on."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from plein.channels.base import Address, PointKind
from plein.channels.connectors.mail.subjects import subject_key
from plein.core.events import publish
from plein.core.ids import new_id
from plein.core.operations import operation
from plein.moments.actions.participants import Part, add_participants
from plein.moments.events import MomentRecorded
from plein.moments.intake.book import AddressBook, key_of_address, stub, wide_circles
from plein.moments.models import (
    Attachment,
    Delivery,
    MessageReference,
    Moment,
    MomentSource,
    MomentSubject,
    MomentText,
)
from plein.moments.queries.agenda import person_of
from plein.moments.queries.guests import awaited
from plein.moments.vocabulary import DeliveryState, Direction, MomentKind, Reach
from plein.relations.vocabulary import Source
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: Where a copy of what we send ourselves is found.
HERE = "Plein"


class StillLeaving(ValueError):
    """A mail on its way, or what guests expect, cannot be removed; the message is for people."""


@dataclass(frozen=True, slots=True)
class Correspondent:
    """One end of a mail: the part, the address in its normal form, the name, and whom we believe it is."""

    role: str
    address: str
    name: str = ""
    relation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file whose bytes are kept already."""

    name: str
    mime: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A mail as its moment shows it. `thread_id` is that of the moment it answers, if it does.

    What is said on a `network` is of another kind, and its correspondents have names there.
    """

    message_id: str
    at: datetime
    subject: str
    text: str
    html: str
    quote_from: int | None
    signature_from: int | None
    correspondents: Sequence[Correspondent]
    files: Sequence[KeptFile]
    references: Sequence[str]
    thread_id: UUID | None
    circle_id: int
    kind: str = MomentKind.EMAIL
    reach: str = Reach.ONE
    network: str = ""

    def address_of(self, one: Correspondent) -> Address:
        """The address of a correspondent, as the address book knows it."""
        kind: PointKind = "handle" if self.network else "email"
        return Address("to", one.name, one.address, kind, self.network)


def record_outgoing_mail(*, actor: Entrance, mail: OutgoingMail) -> MomentText:
    """Record a mail that is about to leave, on the timeline of everybody it goes to; returns its text."""
    permit(actor, "write")
    with operation("send_mail"):
        moment = Moment.objects.create(
            circle_id=mail.circle_id,
            kind=mail.kind,
            direction=Direction.OUTBOUND,
            reach=mail.reach,
            occurred_at=mail.at,
            thread_id=mail.thread_id or new_id(),
            recorded_by_id=actor.seat_id,
            source=Source.HAND,
        )
        key = hashlib.sha256(subject_key(mail.subject).encode()).hexdigest()[:32] if mail.subject else ""
        MomentSubject.objects.create(moment=moment, title=mail.subject[:1000], key=key)
        body = MomentText.objects.create(
            moment=moment,
            text=mail.text,
            html=mail.html,
            quote_from=mail.quote_from,
            signature_from=mail.signature_from,
        )
        add_participants(moment, _parts(actor, mail))
        Attachment.objects.bulk_create(
            Attachment(moment=moment, text=body, name=file.name, mime=file.mime, size=file.size, sha256=file.sha256)
            for file in mail.files
        )
        MomentSource.objects.create(moment=moment, external_id=mail.message_id, mailbox=HERE)
        MessageReference.objects.bulk_create(
            MessageReference(moment=moment, external_id=one[:500]) for one in mail.references
        )
        Delivery.objects.create(moment=moment)
        known = tuple(one.relation_id for one in mail.correspondents if one.relation_id)
        publish(MomentRecorded(moment.id, mail.kind, known))
    return body


def _parts(actor: Entrance, mail: OutgoingMail) -> list[Part]:
    """Who takes part; an address that is nobody's yet becomes a contact point, as when mail is brought in."""
    book = AddressBook(mail.circle_id, (), wide_circles(mail.circle_id))
    book.learn_all(mail.address_of(one) for one in mail.correspondents)
    me = person_of(actor.seat_id)
    parts = []
    for one in mail.correspondents:
        entry = book.known.get(key_of_address(mail.address_of(one)))
        if entry is None:
            # Of somebody who was erased: that they wrote makes nobody of them.
            parts.append(Part(one.relation_id, one.role, None, "" if one.relation_id else stub()))
            continue
        relation = one.relation_id or entry.relation
        if one.role == "from":
            relation = me.id if me else relation
        parts.append(Part(relation, one.role, entry.point, one.name[:300]))
    return parts


def note_said(*, actor: Entrance, moment_id: UUID, connection_id: UUID | None, external_id: str, url: str) -> None:
    """Note under which identifier something was said on a network; when it was heard in between, it is here once.

    Runs in the caller's operation.
    """
    permit(actor, "write")
    with operation("send_mail"):
        MomentSource.objects.filter(moment_id=moment_id, mailbox=HERE).update(external_id=external_id[:500], url=url)
        heard = MomentSource.objects.filter(external_id=external_id[:500], import_id=connection_id)
        others = heard.exclude(moment_id=moment_id).exclude(moment__source=Source.HAND)
        for other in others.filter(moment__direction=Direction.OUTBOUND):
            MomentSource.objects.create(
                moment_id=moment_id,
                external_id=other.external_id,
                mailbox=other.mailbox,
                folder=other.folder,
                import_id=other.import_id,
                url=other.url,
            )
            Moment.objects.filter(id=other.moment_id).delete()


def follow_delivery(*, actor: Entrance, moment_id: UUID | None, state: str) -> None:
    """Say how far a mail is on its way."""
    permit(actor, "write")
    if moment_id is not None:
        Delivery.objects.filter(moment_id=moment_id).update(state=state)


def still_leaving(moment_ids: Collection[UUID]) -> dict[UUID, str]:
    """Those of these moments that may not go yet, with the sentence that says why: mail on its way, awaited guests."""
    on_its_way = (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.UNCERTAIN)
    found = Delivery.objects.filter(moment_id__in=moment_ids, state__in=on_its_way).values_list("moment_id", flat=True)
    expected = _("Guests were invited to this and expect it. Cancel it and tell them, then remove it.")
    return dict.fromkeys(awaited(moment_ids), expected) | dict.fromkeys(
        found, _("This mail has not left yet. Take it back in the outbox first.")
    )


def refuse_while_leaving(moment: Moment) -> None:
    """Raise StillLeaving while a mail has not left, which it would all the same, or while guests expect this."""
    for sentence in still_leaving([moment.id]).values():
        raise StillLeaving(sentence)
