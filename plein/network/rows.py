# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is around somebody as rows of a table: how close, why, through whom, and whom of the others they know."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from plein.core.ids import now
from plein.network.cards import bars_of
from plein.network.kinds import WORDS_OF
from plein.network.queries import Bond, Ego, Lens
from plein.network.queries.evidence import evidence_of
from plein.network.queries.following import this_moment
from plein.network.wording import sentence
from plein.relations.models import Relation

#: So many of those somebody is also tied to are named at once.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody around, with why."""

    who: Relation
    closeness: float
    bars: int
    through: Relation | None
    reasons: tuple[str, ...]
    others: tuple[Relation, ...]

    @property
    def first(self) -> tuple[Relation, ...]:
        """Of those they are also tied to, whom one names at once."""
        return self.others[:NAMED]

    @property
    def rest(self) -> tuple[Relation, ...]:
        """The others."""
        return self.others[NAMED:]


def rows_of(around: Ego, people: Mapping[UUID, Relation], lens: Lens) -> list[Row]:
    """Everybody in the picture but the one it is about, the nearest first; one query."""
    middle, *shown = around.closeness
    direct = [one for one in shown if one in around.direct]
    reasons = evidence_of([(str(middle), str(one)) for one in direct], this_moment())
    bonds = {frozenset((each.one, each.other)): each for each in around.bonds}
    beside = _beside(around, middle)
    at, rows = now(), []
    for one in shown:
        if one not in people or middle not in people:
            continue
        told = [
            each for each in reasons.get((str(middle), str(one)), ()) if not lens.grounds or each.ground in lens.grounds
        ]
        words = tuple(sentence(each, people[middle].name, people[one].name, at) for each in told)
        bond = bonds.get(frozenset((middle, one)))
        rows.append(
            Row(
                who=people[one],
                closeness=around.closeness[one],
                bars=bars_of(around.closeness[one]),
                through=people.get(around.through[one]) if one in around.through else None,
                reasons=words or (in_words(bond) if bond else ()),
                others=tuple(people[each] for each in beside[one] if each in people),
            )
        )
    return rows


def in_words(bond: Bond) -> tuple[str, ...]:
    """What makes a tie, where there is no evidence of today."""
    return tuple(str(WORDS_OF[ground]) for ground in bond.grounds)


def _beside(around: Ego, middle: UUID) -> dict[UUID, list[UUID]]:
    """To whom of the others each is tied, the nearest first."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for bond in around.bonds:
        if middle not in (bond.one, bond.other):
            found[bond.one].append(bond.other)
            found[bond.other].append(bond.one)
    place = {one: number for number, one in enumerate(around.closeness)}
    for those in found.values():
        those.sort(key=place.__getitem__)
    return found
