# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who seems to work elsewhere by now, as a profile on a network or a card in an address book says.

As with mail it only asks, and only about somebody who is known at one organization, and no other. Names of which one
holds all words of the other are of one organization here: a question too few is better than one too many. What was
asked of somebody once is not asked again, whatever the answer was, nor where they are known to have worked before.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from plein.core.ids import new_id, now
from plein.identity.profiles import company_core
from plein.moments.intake.rows import insert_rows
from plein.moments.models import JobNews
from plein.moments.vocabulary import NewsSource, ProposalDecision
from plein.relations.models import Membership, Relation
from plein.relations.names import sort_name, tidy
from plein.relations.queries.named import organizations_named
from plein.relations.vocabulary import RelationKind
from plein.trust.circles import everyone

#: What people write where others name an organization.
NOWHERE = frozenset(
    (
        "self employed", "selfemployed", "freelance", "freelancer", "zelfstandig", "zelfstandige", "zzp", "zzper",
        "independent", "retired", "pensioen", "gepensioneerd", "student", "none", "geen", "unemployed", "werkzoekend",
        "confidential",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ToldWork:
    """What a profile or a card, called `told_by`, says of the work of somebody we know."""

    person: UUID
    organization: str
    role: str = ""
    told_by: str = ""


def ask_about_work(told: Iterable[ToldWork], *, source: NewsSource, brought_by: UUID, circle_id: int) -> list[ToldWork]:
    """Ask about everybody of whom this says that they work elsewhere, for those who may see it. Who is asked about."""
    worth = [one for one in told if company_core(one.organization) not in NOWHERE | {""}]
    known = at_one_place({one.person for one in worth})
    asked = _asked(known)
    fresh: list[tuple[ToldWork, Membership]] = []
    for one in worth:
        work = known.get(one.person)
        core = company_core(one.organization)
        if work is None or any(_is_same(core, other) for other in asked[one.person]):
            continue
        asked[one.person].add(core)
        fresh.append((one, work))
    named = organizations_named({one.organization for one, _work in fresh}, circle_id)
    firms = {firm.sort_name: firm for firm in named}
    ours = {key for key, firm in firms.items() if firm.is_ours}
    fresh = [(one, work) for one, work in fresh if _sorted(one.organization) not in ours]
    today = timezone.localdate(now())
    rows = [
        (new_id(), one.person, work.id, firm.id if firm else None, tidy(one.organization)[:300], one.role[:160],
         one.told_by[:300], today)
        for one, work in fresh
        for firm in [firms.get(_sorted(one.organization))]
    ]  # fmt: skip
    columns = ("id", "person_id", "work_id", "organization_id", "named", "role", "told_by", "heard_on")
    own = None if circle_id == everyone() else circle_id
    constants = {"own_circle_id": own, "import_id": brought_by, "source": str(source)}
    insert_rows(JobNews, columns, rows, {**constants, "decision": str(ProposalDecision.OPEN)})
    return [one for one, _work in fresh]


def at_one_place(people: Collection[UUID]) -> dict[UUID, Membership]:
    """Of these the ones who are no colleagues of ours and work at one place, which is not ours."""
    today = timezone.localdate(now())
    theirs = Relation.objects.filter(id__in=people, kind=RelationKind.PERSON, is_ours=False, seat__isnull=True)
    works: dict[UUID, list[Membership]] = defaultdict(list)
    members = Membership.objects.filter(person_id__in=theirs.values("id")).select_related("organization")
    for one in members.order_by("id"):
        if one.ends_on is None or one.ends_on >= today:
            works[one.person_id].append(one)
    return {one: jobs[0] for one, jobs in works.items() if len(jobs) == 1 and not jobs[0].organization.is_ours}


def _asked(people: Collection[UUID]) -> dict[UUID, set[str]]:
    """Where everybody works or worked, and where it was asked before whether they do."""
    found: dict[UUID, set[str]] = defaultdict(set)
    works = Membership.objects.filter(person_id__in=list(people)).values_list("person_id", "organization__name")
    news = JobNews.objects.filter(person_id__in=list(people)).select_related("organization")
    for person, name in [*works, *((one.person_id, one.place) for one in news)]:
        found[person].add(company_core(name))
    return found


def _is_same(one: str, other: str) -> bool:
    words, others = set(one.split()), set(other.split())
    return words <= others or others <= words if words and others else False


def _sorted(name: str) -> str:
    return sort_name(name, is_person=False)
