# SPDX-License-Identifier: AGPL-3.0-or-later
"""The picture around somebody: who is near within two ties, through whom, and the ties among them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from plein.network.queries.following import Moment, this_moment
from plein.network.queries.seeing import OPEN, Lens, ask
from plein.network.strength import cost_of, strength_of
from plein.network.vocabulary import Ground

#: Of one relation no more ties than this are followed in a picture.
WIDEST = 500
#: So many organizations are offered to choose by.
FIRMS = 40
#: Sums that differ by less are the same sum, added up in another order.
DIGITS = 9
_TIES = """
        (SELECT h.far_id, h.is_lasting, h.weight, h.to_person FROM network_half h
          WHERE {h} AND h.near_id = u.id AND @which@ AND @conditions@ ORDER BY h.weight DESC, h.far_id LIMIT %(widest)s)
"""
_AROUND = f"""
    SELECT u.id::text, h.far_id::text, h.is_lasting, h.weight, h.to_person FROM unnest(%(ids)s::uuid[]) u (id)
     CROSS JOIN LATERAL (
        {_TIES.replace("@which@", "NOT h.is_lasting")} UNION ALL {_TIES.replace("@which@", "h.is_lasting")}) h
"""
_AMONG = """
    SELECT h.near_id::text, h.far_id::text, h.is_lasting, h.weight, h.ground, h.ends_on < %(today)s
      FROM network_half h
     WHERE {h} AND h.near_id = ANY (%(people)s::uuid[]) AND h.far_id = ANY (%(ids)s::uuid[]) AND @conditions@
"""


@dataclass(frozen=True, slots=True)
class Bond:
    """Two relations in a picture, how strong their strongest visible tie is, and all that ties them.

    is_over  whether all of it has ended
    """

    one: UUID
    other: UUID
    strength: float
    grounds: tuple[Ground, ...] = ()
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Ego:
    """The picture around somebody: who is near, the most relevant first, and the ties among them.

    through  by whom it is nearest to those whose best way is not the direct one
    direct   who is tied to the one it is about without anybody in between
    firms    the nearest organizations, shown or not, by which one may choose who is shown
    """

    closeness: dict[UUID, float]
    bonds: tuple[Bond, ...]
    through: dict[UUID, UUID] = field(default_factory=dict)
    direct: frozenset[UUID] = frozenset()
    firms: tuple[UUID, ...] = ()


@dataclass(slots=True)
class _Near:
    """What is found so far: the cost of the best way to each, and who stands in between on it."""

    of: str
    cost: dict[str, float] = field(default_factory=dict)
    through: dict[str, str] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)

    def add(self, far: str, cost: float, *, through: str = "") -> None:
        known = self.cost.get(far)
        better = known is None or (round(cost, DIGITS), through) < (round(known, DIGITS), self.through.get(far, ""))
        if far != self.of and better:
            self.cost[far] = cost
            if through:
                self.through[far] = through

    def ranked(self) -> list[str]:
        return sorted(self.cost, key=lambda far: (round(self.cost[far], DIGITS), far))


def ego(of: UUID, *, limit: int = 300, lens: Lens = OPEN) -> Ego:
    """Who is around somebody within two ties, and the ties among them. Organizations are leaves. Three queries."""
    moment = this_moment()
    near = _Near(str(of))
    direct = _around([near.of], lens, moment).get(near.of, {})
    for far, (cost, is_person) in sorted(direct.items()):
        near.add(far, cost)
        near.people |= {far} if is_person else set()
    between = sorted(far for far in near.people if far != near.of)
    for one, theirs in _around(between, lens, moment).items():
        for far, (cost, is_person) in theirs.items():
            near.add(far, direct[one][0] + cost, through=one)
            near.people |= {far} if is_person else set()
    ranked = near.ranked()
    shown = _shown(near, ranked, frozenset(direct), limit, lens)
    told = [near.of, *shown]
    return Ego(
        {UUID(far): strength_of(near.cost.get(far, 0.0)) for far in told},
        _among(told, {near.of, *near.people}, lens, moment),
        {UUID(far): UUID(near.through[far]) for far in shown if far in near.through},
        frozenset(UUID(far) for far in shown if far in direct),
        tuple(UUID(far) for far in ranked if far not in near.people)[:FIRMS],
    )


def _shown(near: _Near, ranked: list[str], direct: frozenset[str], limit: int, lens: Lens) -> list[str]:
    """The nearest of those who are asked for; with whom stands in between, where somebody has to."""
    if lens.among is None:
        return ranked[: limit - 1]
    among = {str(one) for one in lens.among}
    shown: set[str] = set()
    for far in ranked:
        if far in among:
            wanted = {far} if far in direct else {far, near.through[far]}
            if len(shown | wanted) < limit:
                shown |= wanted
    return [far for far in ranked if far in shown]


def _around(ids: list[str], lens: Lens, moment: Moment) -> dict[str, dict[str, tuple[float, bool]]]:
    found: dict[str, dict[str, tuple[float, bool]]] = {}
    if not ids:
        return found
    fading = moment.fading
    for near, far, is_lasting, weight, is_person in ask(_AROUND, lens, moment, ids=ids, widest=WIDEST):
        cost = cost_of(weight, is_lasting=is_lasting, fading=fading)
        theirs = found.setdefault(near, {})
        if far not in theirs or cost < theirs[far][0]:
            theirs[far] = (cost, is_person)
    return found


def _among(ids: list[str], known: set[str], lens: Lens, moment: Moment) -> tuple[Bond, ...]:
    """What ties each pair of them; looked up from the people's side, for organizations have too many."""
    rows = ask(_AMONG, lens, moment, ids=ids, people=[one for one in ids if one in known])
    pairs: dict[tuple[str, str], list[tuple[float, int, bool]]] = {}
    for near, far, is_lasting, weight, ground, is_over in rows:
        cost = cost_of(weight, is_lasting=is_lasting, fading=moment.fading)
        pairs.setdefault((min(near, far), max(near, far)), []).append((cost, ground, bool(is_over)))
    return tuple(_bond(one, other, pairs[one, other]) for one, other in sorted(pairs))


def _bond(one: str, other: str, ties: Iterable[tuple[float, int, bool]]) -> Bond:
    ranked = sorted(ties)
    grounds = tuple(dict.fromkeys(Ground(ground) for _cost, ground, _is_over in ranked))
    is_over = all(is_over for _cost, _ground, is_over in ranked)
    return Bond(UUID(one), UUID(other), strength_of(ranked[0][0]), grounds, is_over)
