# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who seems to work elsewhere, as imports found, and nobody answered yet."""

from django.db.models import QuerySet

from plein.channels.models import MailImport
from plein.moments.models import JobNews
from plein.moments.vocabulary import ProposalDecision


def open_news(mail_import: MailImport) -> QuerySet[JobNews]:
    """What one import asks, the oldest news first."""
    found: QuerySet[JobNews] = JobNews.objects.filter(import_id=mail_import.id, decision=ProposalDecision.OPEN)
    told = ("person", "organization", "contact_point", "work", "work__organization", "other")
    return found.select_related(*told).order_by("heard_on", "id")
