# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from plein.core.audit import audit_look
from plein.core.finding import suggest
from plein.moments.models import Participant
from plein.relations.models import Membership, Relation

MOST_OFFERED = 12


@dataclass(frozen=True, slots=True)
class PossiblePart:
    """Somebody who may have taken part."""

    id: UUID
    name: str
    kind: str
    is_chosen: bool
    seat_id: UUID | None = None


def organizations_of(person_ids: Iterable[UUID], day: date) -> list[UUID]:
    """The organizations, not our own, that these people belonged to on a day."""
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=day)
    not_over = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    found = Membership.objects.filter(begun, not_over, person_id__in=list(person_ids), organization__is_ours=False)
    return list(found.order_by("id").values_list("organization_id", flat=True).distinct())


def people_to_choose(relation: Relation | None, *, chosen: Iterable[UUID] = (), query: str = "") -> list[PossiblePart]:
    """Who may have taken part besides a relation: those chosen, those found, those of its organization, colleagues."""
    picked = list(dict.fromkeys(chosen))
    own_id = relation.id if relation else None
    if query.strip():
        ids = suggest(query, limit=MOST_OFFERED)
        found = Relation.objects.filter(Q(id__in=ids) | Q(id__in=picked))
    else:
        near = Q(id__in=picked) | Q(seat__isnull=False)
        if relation is not None and not relation.is_person:
            near |= Q(memberships__organization_id=own_id, memberships__ends_on__isnull=True)
        elif relation is not None:
            near |= Q(memberships__organization__members__person_id=own_id, memberships__ends_on__isnull=True)
        found = Relation.objects.filter(near).distinct()
    people = (found.exclude(id=own_id) if own_id else found).order_by("is_ours", "sort_name")[
        : MOST_OFFERED + len(picked)
    ]
    audit_look("relation", people, how="list")
    return sorted(
        (PossiblePart(one.id, one.name, one.kind, one.id in picked, one.seat_id) for one in people),
        key=lambda one: not one.is_chosen,
    )


def relations_of_moment(moment_id: UUID) -> list[UUID]:
    """The relations that take part in a moment, as far as the reader may see them."""
    found = Participant.objects.filter(moment_id=moment_id, relation_id__isnull=False).order_by("id")
    return list(dict.fromkeys(found.values_list("relation_id", flat=True)))
