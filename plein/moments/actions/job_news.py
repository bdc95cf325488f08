# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a user decides about somebody who seems to work elsewhere."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from plein.core.operations import operation
from plein.moments.models import JobNews
from plein.moments.vocabulary import JobAnswer, NewsSource, ProposalDecision
from plein.relations.actions import Choices, create_organization, merge_relations, settle_job
from plein.relations.models import Relation
from plein.relations.queries.named import organizations_named
from plein.relations.vocabulary import Source
from plein.trust.circles import ME, circle_key
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: As many at once as one page shows.
AT_ONCE = 500


def answer_job_news(*, actor: Entrance, ids: Sequence[UUID], answer: str, brought_by: UUID | None = None) -> int:
    """Note for these that they work there now instead, or too, with the mail in which it was heard; or that it is no
    news, for good. Where an import had made somebody of the new address, the two become one; an organization that is
    not here yet comes in, for those who see the news.
    """
    permit(actor, "write")
    told = list(_open(ids, brought_by))
    if not told:
        return 0
    if answer == JobAnswer.NO:
        with operation("ignore_job_news", count=len(told)):
            _decide(told, ProposalDecision.IGNORED)
        return len(told)
    with operation("accept_job_news", count=len(told)):
        for one in told:
            _settle(actor, one, is_instead=answer == JobAnswer.INSTEAD)
        _decide(told, ProposalDecision.ACCEPTED)
    return len(told)


def _settle(actor: Entrance, news: JobNews, *, is_instead: bool) -> None:
    person = Relation.objects.get(id=news.person_id)
    if news.other_id and news.other_id != news.person_id:
        other = Relation.objects.filter(id=news.other_id).first()
        if other is not None:
            merge_relations(actor=actor, into=person, other=other, choices=Choices({"name": "left"}, circle="both"))
            person = Relation.objects.get(id=news.person_id)
    organization = _organization(actor, news)
    settle_job(
        actor=actor,
        person=person,
        organization=organization,
        instead_of=[news.work] if is_instead and news.work.organization_id != organization.id else [],
        starts_on=news.heard_on,
        moment_id=news.moment_id,
        source=Source.MAIL if news.source == NewsSource.MAIL else Source.IMPORT,
        role=news.role,
    )


def _organization(actor: Entrance, news: JobNews) -> Relation:
    """Where they work now: the organization that was meant, or one of that name, which is made when there is none."""
    if news.organization is not None:
        return news.organization
    known = organizations_named([news.named], news.circle_id).last()
    if known is not None:
        return known
    key = circle_key(news.circle_id) or ME
    return create_organization(actor=actor, name=news.named, circle_key=key, source=Source.IMPORT)


def _open(ids: Sequence[UUID], brought_by: UUID | None) -> QuerySet[JobNews]:
    found: QuerySet[JobNews] = JobNews.objects.filter(id__in=list(ids)[:AT_ONCE], decision=ProposalDecision.OPEN)
    if brought_by is not None:
        found = found.filter(import_id=brought_by)
    return found.select_related("organization", "work").order_by("heard_on", "id")


def _decide(told: Sequence[JobNews], decision: str) -> None:
    JobNews.objects.filter(id__in=[one.id for one in told]).update(decision=decision)
