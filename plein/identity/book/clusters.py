# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who are one: pairs put together, the surest first, where nothing speaks against it.

Pairs alone are not enough: with a million people somebody resembles somebody who resembles a third, and chains of
these make a crowd of one. So a group stays small, and nobody joins it who cannot be one of them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

#: More than so many are not put together: whoever is there more often is looked at by hand, pair by pair.
MOST = 6


@dataclass(frozen=True, slots=True)
class Against:
    """What speaks against two people being one.

    `marks` are by person, and by what they are of, values of which one person has one only: a day of birth, a name on
    a network, an address that was seen at work with one provider, a place in a list that names nobody twice.
    `apart` are those who were found to be two.
    """

    marks: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    apart: Collection[tuple[int, int]] = frozenset()


@dataclass(slots=True)
class _Group:
    members: list[int]
    marks: dict[str, str]


def groups(pairs: Iterable[tuple[int, int]], against: Against | None = None, most: int = MOST) -> dict[int, int]:
    """For each person in a group, the lowest of its members. The pairs come surest first."""
    against = against or Against()
    told = {frozenset(pair) for pair in against.apart}
    of: dict[int, _Group] = {}
    for one, other in pairs:
        left = of.get(one) or _Group([one], dict(against.marks.get(one, {})))
        right = of.get(other) or _Group([other], dict(against.marks.get(other, {})))
        if left is right or len(left.members) + len(right.members) > most or _differ(left, right, told):
            continue
        left.members += right.members
        left.marks |= right.marks
        for member in left.members:
            of[member] = left
    return {member: min(group.members) for member, group in of.items()}


def _differ(left: _Group, right: _Group, told: Collection[frozenset[int]]) -> bool:
    if any(right.marks.get(of, value) != value for of, value in left.marks.items()):
        return True
    return bool(told) and any(frozenset((one, other)) in told for one in left.members for other in right.members)
