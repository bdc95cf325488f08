# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from plein.outbox.models import Mail, MailState


def mail_of(mail_id: UUID) -> Mail | None:
    """A mail the reader may see."""
    found: Mail | None = Mail.objects.filter(id=mail_id).select_related("relation", "seat__user").first()
    return found


def mails(states: Iterable[str], *, seat_id: UUID | None = None) -> QuerySet[Mail]:
    """Mails in these states, those of one colleague or all that the reader may see."""
    found = Mail.objects.filter(state__in=list(states)).select_related("relation", "seat__user")
    return found.filter(seat_id=seat_id) if seat_id else found


def scheduled_for(relation_id: UUID, seat_id: UUID) -> list[Mail]:
    """What a colleague has waiting for a relation."""
    found = Mail.objects.filter(seat_id=seat_id, relation_id=relation_id, state=MailState.WAITING, is_scheduled=True)
    return list(found.order_by("send_at")[:5])
