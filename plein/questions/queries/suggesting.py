# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who of us may know, best first: expertise × closeness × goodwill (ADR 0036), as far as who asks may see it.

After Horowitz and Kamvar, "The anatomy of a large-scale social search engine" (2010): how much somebody may know is
multiplied by how near they are to who asks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from uuid import UUID

from plein.core.audit import audit_look
from plein.core.finding import Weighed
from plein.network.queries.following import neighbours, this_moment
from plein.network.queries.reluctance import reluctance_of
from plein.network.strength import strength_of
from plein.questions.queries.expertise import Knowledge, known_of
from plein.questions.vocabulary import AT_ONCE
from plein.relations.models import Relation
from plein.trust.models import Role

#: How near a colleague is who has no tie with us, next to one with the strongest there is.
FAR = 0.25
#: So many of those who know most are asked for whom we both know.
LOOKED_AT = 25
#: Where nobody did anything with it, the nearest may know who does: so many.
NEAREST = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody who may know, why, and how much each of the three counts, 0 to 1."""

    person: Relation
    knowledge: Knowledge
    closeness: float
    goodwill: float
    answered: int

    @property
    def score(self) -> float:
        return self.knowledge.share * self.closeness * self.goodwill

    @property
    def is_known(self) -> bool:
        """Whether anything tells that they may know."""
        return self.knowledge.score > 0

    @property
    def order(self) -> tuple[float, float, str, str]:
        """Best first; those of whom nothing is known by how near they are."""
        return (-self.score, -self.closeness * self.goodwill, self.person.sort_name, str(self.person.id))


def colleagues(seat_id: UUID) -> tuple[Relation | None, list[Relation]]:
    """Who asks, and the colleagues who may be asked, as far as one sees them; a query."""
    found = Relation.objects.filter(seat__isnull=False).select_related("seat__user").order_by("id")
    mine = next((one for one in found if one.seat_id == seat_id), None)
    others: dict[UUID | None, Relation] = {}
    for one in found:
        seat = one.seat
        if seat is not None and one.seat_id != seat_id and seat.is_active and seat.role != Role.GUEST:
            others.setdefault(one.seat_id, one)
    return mine, list(others.values())


def suggestions(
    me: Relation | None, people: Sequence[Relation], weighed: Weighed, *, seat_id: UUID, most: int = AT_ONCE
) -> list[Suggestion]:
    """The best of these people for what was found; without any who did something with it the nearest. Three queries."""
    known = known_of([one.id for one in people], weighed)
    asked = [one for one in people if one.id in known.free]
    if not asked:
        return []
    reluctance = reluctance_of([], this_moment(), seat_id)
    near = _closeness(me, asked, known.knowledge)
    found = []
    for one in asked:
        times = known.helped.get(one.id, 0)
        goodwill = exp(-reluctance.cost(str(one.id))) * (1 + times) / (2 + times)
        found.append(Suggestion(one, known.knowledge.get(one.id, Knowledge()), near[one.id], goodwill, times))
    return _best(found, most)


def _best(found: Sequence[Suggestion], most: int) -> list[Suggestion]:
    able = sorted((one for one in found if one.is_known), key=lambda one: one.order)
    best = able[:most] or sorted(found, key=lambda one: one.order)[: min(NEAREST, most)]
    audit_look("relation", [one.person for one in best], how="list")
    return best


def _closeness(me: Relation | None, people: Sequence[Relation], known: Mapping[UUID, Knowledge]) -> dict[UUID, float]:
    """How near each is: the strongest way of at most two ties, above what everybody here is."""
    if me is None:
        return {one.id: FAR for one in people}
    best = sorted((one for one in people if one.id in known), key=lambda one: (-known[one.id].score, str(one.id)))
    ours = [str(me.id), *(str(one.id) for one in best[:LOOKED_AT])]
    ties = {
        id: {far: strength_of(tie.cost) for far, tie in theirs.items()}
        for id, theirs in neighbours(ours, this_moment()).items()
    }
    mine = ties.pop(str(me.id), {})
    told = {}
    for one in people:
        ways = [mine[far] * theirs for far, theirs in ties.get(str(one.id), {}).items() if far in mine]
        told[one.id] = FAR + (1 - FAR) * max([mine.get(str(one.id), 0.0), *ways])
    return told
