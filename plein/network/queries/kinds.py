# SPDX-License-Identifier: AGPL-3.0-or-later
"""What another strength of a company's own kind of tie would make of the ties there are."""

from dataclasses import dataclass
from uuid import UUID

from plein.network.queries.following import PEOPLE, this_moment
from plein.network.queries.reaching import COST, ask
from plein.network.strength import strength_of
from plein.network.vocabulary import OWN_FLOORS
from plein.relations.models import Relation, TieType
from plein.relations.vocabulary import TieStrength

#: How many ties a preview shows.
SHOWN = 12
_TIES = f"""
    SELECT t.one_id, t.other_id, min({COST}) FILTER (WHERE h.id IS NOT NULL) AS beside, count(*) OVER ()
      FROM relations_tie t
      LEFT JOIN network_half h ON {{h}} AND h.near_id = t.one_id AND h.far_id = t.other_id AND @conditions@
           AND NOT EXISTS (SELECT FROM relations_tie o WHERE {{o}} AND o.id = h.origin_id AND o.type_id = %(type)s)
     WHERE {{t}} AND t.type_id = %(type)s AND (t.starts_on IS NULL OR t.starts_on <= %(today)s)
       AND (t.ends_on IS NULL OR t.ends_on >= %(today)s)
     GROUP BY t.id, t.one_id, t.other_id ORDER BY beside DESC NULLS FIRST, t.id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class KindEffect:
    """Two who have a tie of the kind, how strong the strongest tie between them is, and would be."""

    one: Relation
    other: Relation
    strength: float
    would_be: float


def floor_of(strength: str, percent: int | None) -> float:
    """What a tie of a kind is worth, from 0 to 1."""
    if strength == TieStrength.EXACT:
        return (percent or 0) / 100
    return OWN_FLOORS.get(TieStrength(strength), 0.0)


def kind_effects(type: TieType, floor: float) -> tuple[int, list[KindEffect]]:
    """How many ties of this kind the reader sees, and what another strength would make of some; two queries.

    Those come first between whom nothing else, or little, counts.
    """
    moment = this_moment()
    rows = ask(_TIES, PEOPLE, moment, type=type.id, limit=SHOWN, behind=moment.fading)
    people = Relation.objects.in_bulk({id for one, other, _beside, _count in rows for id in (one, other)})
    present = floor_of(type.strength, type.percent)
    found = []
    for one, other, cost, _count in rows:
        beside = 0.0 if cost is None else strength_of(cost)
        if one in people and other in people:
            found.append(KindEffect(people[one], people[other], max(beside, present), max(beside, floor)))
    return (rows[0][3] if rows else 0), found


def type_of(id: UUID) -> TieType | None:
    """A kind of tie of the company's own."""
    found: TieType | None = TieType.objects.filter(id=id).first()
    return found
