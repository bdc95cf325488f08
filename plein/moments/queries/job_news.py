# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who seems to work elsewhere, as mail, networks and address books say, and nobody answered yet."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from plein.core.ids import now
from plein.moments.models import JobNews
from plein.moments.vocabulary import ProposalDecision
from plein.relations.models import Relation


def named_in(news: Iterable[JobNews]) -> list[Relation]:
    """Whom these questions name."""
    return [one for each in news for one in (each.person, each.work.organization, each.organization) if one is not None]


def open_news(brought_by: UUID | None = None, *, person: UUID | None = None) -> QuerySet[JobNews]:
    """What is asked, the oldest news first: all of it, what one import brought, or about one person.

    Where the work they are known by ended meanwhile, there is nothing to ask any more.
    """
    lasts = Q(work__ends_on__isnull=True) | Q(work__ends_on__gte=timezone.localdate(now()))
    found: QuerySet[JobNews] = JobNews.objects.filter(lasts, decision=ProposalDecision.OPEN)
    if brought_by is not None:
        found = found.filter(import_id=brought_by)
    if person is not None:
        found = found.filter(person_id=person)
    told = ("person", "organization", "contact_point", "work", "work__organization", "other")
    return found.select_related(*told).order_by("heard_on", "id")
