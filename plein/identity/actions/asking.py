# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking later who somebody is that came in."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from plein.core.isolation import default_circle_id
from plein.identity.models import Pair
from plein.identity.pairs import id_of_pair
from plein.identity.queries.matching import Candidate
from plein.relations.models import Relation
from plein.trust.circles import circle_of_all
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
        _pair(brought_by, one.newcomer, candidate, circles)
        for one in doubts
        for candidate in one.candidates
        if candidate.id in circles and candidate.id != one.newcomer
    ]
    Pair.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)
    return len(made)


def _pair(brought_by: UUID, newcomer: UUID, candidate: Candidate, circles: dict[UUID, int]) -> Pair:
    circle = _meeting(circles[newcomer], circles[candidate.id])
    # An id tells when it was made: who was here before is the one, who came in the other.
    return Pair(
        id=id_of_pair(candidate.id, newcomer, circle),
        one_id=candidate.id,
        other_id=newcomer,
        own_circle_id=circle,
        bits=candidate.bits,
        prior=candidate.prior,
        levels=[[one.field, one.level, round(one.bits, 3)] for one in candidate.reasons],
        run_id=brought_by,
        brought_by=brought_by,
    )


def _meeting(one: int, other: int) -> int | None:
    """Who sees both; nothing for everyone."""
    circles = {one, other}
    return None if circles == {default_circle_id()} else circle_of_all(circles)
