# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where everybody stands in the picture around somebody: in rings, those with a tie inside, friends side by side.

The places follow from what is shown and from nothing else: the same picture for the same reader and the same data.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, cos, pi, sin
from uuid import UUID

from plein.network.queries import Ego

#: Half the height of the picture; it is so much wider than high.
HEIGHT, WIDER = 400, 1.5
#: From how many in the picture on a sign is smaller: its radius.
SIZES = ((24, 24), (70, 17), (130, 13), (1000, 9))
EDGE = 34


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the picture, from its middle."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Rings:
    """A band of rings around the middle: from where to where, and how many there are."""

    inner: float
    outer: float
    many: int

    def radius(self, number: int) -> float:
        """How far out the one with this number stands: each on the next ring, so that neighbours do not touch."""
        if self.many == 1:
            return (self.inner + self.outer) / 2
        return self.inner + (self.outer - self.inner) * (number % self.many) / (self.many - 1)


ALONE = Rings(0, 0, 1)


def radius_of(count: int) -> int:
    """How large the sign of somebody is among so many."""
    return next(radius for most, radius in SIZES if count <= most)


def placed(around: Ego) -> dict[UUID, Spot]:
    """The place of everybody in the picture; the one it is about stands in the middle."""
    middle, *others = around.closeness
    near = [one for one in others if one in around.direct]
    children = _children(around, near, [one for one in others if one not in around.direct])
    beyond = sum(len(each) for each in children.values())
    radius = radius_of(len(around.closeness))
    spots = {middle: Spot(0, 0)}
    inner, outer = _bands(len(near), beyond, radius)
    least = _least(len(near), beyond, radius, inner)
    turn, whole = -pi / 2, sum(_share(children, one, least) for one in near) or 1.0
    child = 0
    for number, one in enumerate(_side_by_side(near, _strengths(around, near))):
        part = 2 * pi * _share(children, one, least) / whole
        spots[one] = _spot(turn + part / 2, inner.radius(number))
        theirs = children.get(one, [])
        for place, each in enumerate(theirs):
            spots[each] = _spot(turn + part * (place + 0.5) / len(theirs), outer.radius(child))
            child += 1
        turn += part
    return spots


def _spot(turn: float, radius: float) -> Spot:
    return Spot(round(radius * cos(turn) * WIDER), round(radius * sin(turn)))


def _share(children: Mapping[UUID, Sequence[UUID]], one: UUID, least: float) -> float:
    """How much of the circle somebody needs, with those who are known through them."""
    return max(least, len(children.get(one, ())))


def _least(near: int, beyond: int, radius: int, inner: Rings) -> float:
    """How much of it everybody gets, so that signs do not touch; for that at most half of the circle is taken."""
    if not near or not inner.inner:
        return 1.0
    turn = min(2.6 * radius / inner.inner, pi / near)
    return max(1.0, turn * beyond / (2 * pi - turn * near))


def _bands(near: int, beyond: int, radius: int) -> tuple[Rings, Rings]:
    """The rings of the direct ties and those of who is beyond."""
    most = HEIGHT - EDGE
    if not beyond:
        return _rings(near, radius, *((most * 0.66, most * 0.66) if near <= 14 else (most * 0.42, most))), ALONE
    share = near / (near + beyond)
    middle = most * (0.42 + 0.4 * share)
    first = _rings(near, radius, most * (0.42 - 0.04 * share) if share > 0.2 else middle, middle)
    return first, _rings(beyond, radius, min(middle + most * 0.2, most), most)


def _rings(count: int, radius: int, inner: float, outer: float) -> Rings:
    around = 2 * pi * inner * (1 + WIDER) / 2
    many = ceil(count * (2.6 * radius) / around) if count else 1
    room = int((outer - inner) // (2 * radius + 4)) + 1
    return Rings(inner, outer, max(1, min(many, max(room, 2))))


def _children(around: Ego, near: Sequence[UUID], beyond: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Who stands behind whom: each behind the one through whom they are nearest."""
    behind: dict[UUID, list[UUID]] = defaultdict(list)
    inside = set(near)
    for one in beyond:
        between = around.through.get(one)
        if between is not None and between in inside:
            behind[between].append(one)
        elif near:
            behind[near[0]].append(one)
    return behind


def _strengths(around: Ego, near: Sequence[UUID]) -> dict[UUID, dict[UUID, float]]:
    """How strongly those with a direct tie are tied to each other."""
    inside = set(near)
    found: dict[UUID, dict[UUID, float]] = defaultdict(dict)
    for bond in around.bonds:
        if bond.one in inside and bond.other in inside:
            found[bond.one][bond.other] = found[bond.other][bond.one] = bond.strength
    return found


def _side_by_side(near: Sequence[UUID], strengths: Mapping[UUID, Mapping[UUID, float]]) -> list[UUID]:
    """In an order in which who is tied stands together: on from each to the one most tied to the last few."""
    left, order = dict.fromkeys(near), list[UUID]()
    while left:
        pull: dict[UUID, float] = defaultdict(float)
        for back, last in enumerate(reversed(order[-4:])):
            for one, strength in strengths.get(last, {}).items():
                if one in left:
                    pull[one] += strength / (back + 1)
        chosen = min(pull, key=lambda one: (-round(pull[one], 9), one.int)) if pull else next(iter(left))
        del left[chosen]
        order.append(chosen)
    return order
