# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from plein.core.audit import audit_look
from plein.outbox.models import Mail, MailState
from plein.relations.models import Relation


def mail_of(mail_id: UUID) -> Mail | None:
    """A mail the reader may see."""
    found: Mail | None = Mail.objects.filter(id=mail_id).select_related("relation", "seat__user").first()
    audit_look("relation", [found and found.relation], how="list")
    return found


def mails(states: Iterable[str], *, seat_id: UUID | None = None) -> QuerySet[Mail]:
    """Mails in these states, those of one colleague or all that the reader may see."""
    found = Mail.objects.filter(state__in=list(states)).select_related("relation", "seat__user")
    return found.filter(seat_id=seat_id) if seat_id else found


def with_scheduled(relations: QuerySet[Relation], seat_id: UUID) -> QuerySet[Any]:
    """Relations with what a colleague has waiting for each, as `scheduled`: id, subject and time."""
    found = Mail.objects.filter(
        seat_id=seat_id, relation_id=OuterRef("id"), state=MailState.WAITING, is_scheduled=True
    ).order_by("send_at")
    lines = found.values(line=JSONObject(id="id", subject="subject", send_at="send_at"))[:5]
    return relations.annotate(scheduled=ArraySubquery(lines))
