# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a user decides about somebody who seems to work elsewhere, as an import found."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from plein.channels.models import MailImport
from plein.core.operations import operation
from plein.moments.models import JobNews
from plein.moments.vocabulary import JobAnswer, ProposalDecision
from plein.relations.actions import Choices, merge_relations, settle_job
from plein.relations.models import Relation
from plein.relations.vocabulary import Source
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: As many at once as one page shows.
AT_ONCE = 500


def answer_job_news(*, actor: Entrance, mail_import: MailImport, ids: Sequence[UUID], answer: str) -> int:
    """Note for these that they work there now instead, or too, with the mail in which it was heard; or that it is no
    news, also for later imports. Where an import had made somebody of the new address, the two become one.
    """
    permit(actor, "write")
    told = list(_open(mail_import, ids))
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
    settle_job(
        actor=actor,
        person=person,
        organization=news.organization,
        instead_of=[news.work] if is_instead and news.work.organization_id != news.organization_id else [],
        starts_on=news.heard_on,
        moment_id=news.moment_id,
        source=Source.MAIL,
    )


def _open(mail_import: MailImport, ids: Sequence[UUID]) -> QuerySet[JobNews]:
    found: QuerySet[JobNews] = JobNews.objects.filter(
        id__in=list(ids)[:AT_ONCE], import_id=mail_import.id, decision=ProposalDecision.OPEN
    )
    return found.select_related("organization", "work").order_by("heard_on", "id")


def _decide(told: Sequence[JobNews], decision: str) -> None:
    JobNews.objects.filter(id__in=[one.id for one in told]).update(decision=decision)
