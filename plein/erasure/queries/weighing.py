# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an erasure would take, as far as the reader may see it: to look at before the word is given."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
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
    """Eight counts of what the reader may see. What they may not see goes as well, and is not counted.

    Whether they wanted silence is as the erasure itself finds it; only an administrator may ask.
    """
    mine, others = _moments(relation.id)
    moments = mine.aggregate(alone=Count("id", filter=~others), shared=Count("id", filter=others))
    return Weight(
        contact_points=ContactPointLink.objects.filter(relation=relation).count(),
        roles_and_ties=Membership.objects.filter(person=relation).count()
        + Tie.objects.filter(Q(one=relation) | Q(other=relation)).count(),
        todos=ToDo.objects.filter(relation=relation).count(),
        moments_emptied=moments["alone"],
        files=Attachment.objects.filter(moment__in=mine.filter(~others).values("id")).count(),
        moments_shared=moments["shared"],
        decisions=Decision.objects.filter(subject__relation=relation).count(),
        wants_silence=_wants_silence(relation.id),
    )


def _wants_silence(relation_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT plein_wants_silence(%s)", [relation_id])
        return bool((cursor.fetchone() or [False])[0])


def _moments(relation_id: UUID) -> tuple[QuerySet[Moment], Exists]:
    """Contact with them, and whether others took part in it; for whom they wrote does not count as one."""
    theirs = Participant.objects.filter(relation_id=relation_id, moment_id=OuterRef("id"))
    others = Participant.objects.filter(moment_id=OuterRef("id"), is_ours=False).exclude(relation_id=relation_id)
    others = others.exclude(role=ParticipantRole.FOR)
    return Moment.objects.filter(Exists(theirs)), Exists(others)
