# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking later who somebody is that came in."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from plein.identity.doubts import doubt
from plein.identity.models import Pair
from plein.identity.queries.matching import Candidate
from plein.relations.models import Relation
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


@dataclass(frozen=True, slots=True)
class Doubt:
    """Somebody who came in, and those who they may be."""

    newcomer: UUID
    candidates: tuple[Candidate, ...]


def ask_who(*, actor: Entrance, brought_by: UUID, doubts: Sequence[Doubt]) -> int:
    """Have it decided later whether those whom an import brought are somebody we know; how many pairs that makes."""
    permit(actor, "import")
    ids = {one.newcomer for one in doubts} | {each.id for one in doubts for each in one.candidates}
    circles = dict(Relation.objects.filter(id__in=ids).values_list("id", "circle_id"))
    made = [
        doubt(
            brought_by=brought_by,
            newcomer=one.newcomer,
            circle_id=circles[one.newcomer],
            candidate=candidate,
            known_circle_id=circles[candidate.id],
        )
        for one in doubts
        for candidate in one.candidates
        if candidate.id in circles and candidate.id != one.newcomer
    ]
    Pair.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)
    return len(made)
