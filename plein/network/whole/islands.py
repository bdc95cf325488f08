# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where groups lie: circles against each other, those with most ties side by side, nothing over anything.

The largest lies in the middle; then again and again the one with most ties to those that lie there, where it is
nearest to them. There is no chance in it: the same groups lie in the same places.
"""

from itertools import combinations

import numpy as np

from plein.network.whole.graph import Floats

#: How much wider than high the whole becomes.
WIDER = 2.0
#: How much being near to the middle counts beside being near to those one is tied to.
MIDDLE = 0.9
#: In so many directions it is tried how it fits best.
TURNS = 36


def turned(spots: Floats, radii: Floats, wide: float, high: float) -> tuple[Floats, float]:
    """The same, turned so that it fills so wide and high a place best, in its middle; and how often it goes in."""
    best, most = spots, 0.0
    for turn in np.arange(TURNS) * np.pi / TURNS:
        cos, sin = np.cos(turn), np.sin(turn)
        each = spots @ np.array([[cos, sin], [-sin, cos]])
        low = (each - radii[:, None]).min(axis=0, initial=np.inf)
        high_end = (each + radii[:, None]).max(axis=0, initial=-np.inf)
        room = float(np.min(np.array([wide, high]) / np.maximum(high_end - low, 1.0)))
        if room > most + 1e-6:
            best, most = each - (low + high_end) / 2, room
    return best, most


def packed(radii: Floats, ties: Floats) -> Floats:
    """The middle of each circle; `ties` says how much each is tied to each other."""
    count = len(radii)
    spots = np.zeros((count, 2))
    if count < 2:
        return spots
    strongest = max(float(ties.max()), 1e-9)
    order = [int(np.argmax(radii))]
    left = [one for one in range(count) if one != order[0]]
    while left:
        pull = ties[np.ix_(left, order)].sum(axis=1) / strongest
        chosen = left[int(np.lexsort((np.arange(len(left)), -radii[left], -np.round(pull, 9)))[0])]
        spots[chosen] = _best(chosen, order, spots, radii, ties[chosen, order] / strongest)
        order.append(chosen)
        left.remove(chosen)
    return spots


def _best(one: int, placed: list[int], spots: Floats, radii: Floats, pull: Floats) -> Floats:
    """The free place, touching one or two others, that is nearest to those it is tied to and to the middle."""
    where, sizes = spots[placed], radii[placed]
    wanted = np.concatenate([_touching_one(where, sizes, radii[one]), _touching_two(where, sizes, radii[one])])
    apart = np.hypot(*(wanted[:, None, :] - where[None, :, :]).transpose(2, 0, 1))
    wanted_free = (apart >= sizes + radii[one] - 1e-6).all(axis=1)
    wanted, apart = wanted[wanted_free], apart[wanted_free]
    middle = np.hypot(wanted[:, 0] / WIDER, wanted[:, 1])
    cost = apart @ pull + MIDDLE * middle * max(float(pull.sum()), 1.0)
    best: Floats = wanted[int(np.lexsort((wanted[:, 0], wanted[:, 1], np.round(cost, 6)))[0])]
    return best


def _touching_one(where: Floats, sizes: Floats, radius: float) -> Floats:
    """Places around each, every thirty degrees."""
    turn = np.arange(12) * np.pi / 6
    around = np.stack((np.cos(turn), np.sin(turn)), axis=1)
    told: Floats = (where[:, None, :] + (sizes[:, None, None] + radius) * around[None, :, :]).reshape(-1, 2)
    return told


def _touching_two(where: Floats, sizes: Floats, radius: float) -> Floats:
    """Places that touch two of them, on either side."""
    if len(where) < 2:
        return np.empty((0, 2))
    one, other = np.array(list(combinations(range(len(where)), 2))).T
    line = where[other] - where[one]
    apart = np.hypot(line[:, 0], line[:, 1])
    first, second = sizes[one] + radius, sizes[other] + radius
    is_near = (apart <= first + second) & (apart > 0)
    line, apart, first, second, one = line[is_near], apart[is_near], first[is_near], second[is_near], one[is_near]
    along = (first**2 - second**2 + apart**2) / (2 * apart)
    beside = np.sqrt(np.maximum(first**2 - along**2, 0))
    unit = line / apart[:, None]
    foot = where[one] + along[:, None] * unit
    across = np.stack((-unit[:, 1], unit[:, 0]), axis=1) * beside[:, None]
    told: Floats = np.concatenate((foot + across, foot - across))
    return told
