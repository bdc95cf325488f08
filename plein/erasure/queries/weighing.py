# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an erasure would take, as far as the reader may see it: to look at before the word is given."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from plein.consent.models import Decision
from plein.moments.models import Attachment, Moment, Participant, ToDo
from plein.moments.vocabulary import ParticipantRole
from plein.relations.models import ContactPointLink, Membership, Relation, Tie


@dataclass(frozen=True, slots=True)
class Weight:
    """How many of each: what goes, what stays with a stub, what is kept and why; and whether they wanted silence."""

    contact_points: int
    roles_and_ties: int
    todos: int
    moments_emptied: int
    files: int
    moments_shared: int
    decisions: int
    wants_silence: bool


def weigh(relation: Relation) -> Weight:
    """Eight counts of what the reader may see. What they may not see goes as well, and is not counted."""
    alone, shared = _moments(relation.id)
    links = ContactPointLink.objects.filter(relation=relation)
    points = links.aggregate(all=Count("id"), silent=Count("id", filter=Q(contact_point__do_not_contact=True)))
    return Weight(
        contact_points=points["all"],
        roles_and_ties=Membership.objects.filter(person=relation).count()
        + Tie.objects.filter(Q(one=relation) | Q(other=relation)).count(),
        todos=ToDo.objects.filter(relation=relation).count(),
        moments_emptied=alone.count(),
        files=Attachment.objects.filter(moment__in=alone.values("id")).count(),
        moments_shared=shared.count(),
        decisions=Decision.objects.filter(subject__relation=relation).count(),
        wants_silence=relation.do_not_contact or points["silent"] > 0,
    )


def _moments(relation_id: UUID) -> tuple[QuerySet[Moment], QuerySet[Moment]]:
    """Contact with them alone, and contact in which others took part; for whom they wrote does not count as one."""
    theirs = Participant.objects.filter(relation_id=relation_id, moment_id=OuterRef("id"))
    others = Participant.objects.filter(moment_id=OuterRef("id"), is_ours=False).exclude(relation_id=relation_id)
    others = others.exclude(role=ParticipantRole.FOR)
    mine = Moment.objects.filter(Exists(theirs))
    return mine.filter(~Exists(others)), mine.filter(Exists(others))
