# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where people stand in their group: the best known in the middle, who knows others at the shore that faces these.

People stand on rings, never nearer to each other than a step, each as near as there is room to the direction in which
those are whom they know.
"""

from dataclasses import dataclass

import numpy as np

from plein.network.whole.graph import Floats, Graph, Nodes, Places

#: From which part of their ties on that lead away somebody stands at the shore.
AWAY = 0.2
SWEEPS = 8
#: How much of a ring is taken at least: the rest is free for leaning to one side.
EVEN = 0.8
#: So few stand on one ring, with nobody in its middle; so few on one ring around somebody.
SINGLE, ROUND = 5, 9
#: Rings come so much nearer to each other when not all of them would be full.
CLOSER = 0.8


@dataclass(frozen=True, slots=True)
class Rings:
    """How far out each ring is, in steps, and how many stand on it."""

    radii: tuple[float, ...]
    many: tuple[int, ...]


def rings_of(count: int) -> Rings:
    """One in the middle, then six more on each ring; all of them as full as each other."""
    if count <= SINGLE:
        return Rings((_around(count),), (count,))
    if count <= ROUND:
        return Rings((0.0, max(1.0, _around(count - 1))), (1, count - 1))
    last = 1
    while 1 + 3 * last * (last + 1) < count:
        last += 1
    room = 3 * last * (last + 1)
    closer = max(CLOSER, ((count - 1) / room) ** 0.5)
    many = [1, *((count - 1) * 6 * ring // room for ring in range(1, last))]
    return Rings(tuple(ring * closer for ring in range(last + 1)), (*many, count - sum(many)))


def _around(count: int) -> float:
    return float(0.5 / np.sin(np.pi / count)) if count > 1 else 0.0


def settled(graph: Graph, group: Nodes, rank: Floats, middles: Floats, outward: Floats, away: Floats) -> Floats:
    """The place of each in steps from the middle of their group.

    middles   where the groups lie, in steps
    outward   of each, towards where those are whom they know in no group that is drawn, if there are any
    away      the part of each one's ties that lead out of their group
    """
    count = len(graph)
    spots = np.zeros((count, 2))
    members = [np.flatnonzero(group == number) for number in range(len(middles))]
    rings = [(rings_of(len(those)), _ordered(those, rank, away)) for those in members]
    for sweep in range(SWEEPS):
        wanted = _wanted(graph, middles[group] + spots * bool(sweep), outward) - middles[group]
        turn = np.arctan2(wanted[:, 1], wanted[:, 0])
        for told, those in rings:
            for radius, ring in zip(told.radii, those, strict=True):
                placed = _apart(turn[ring], 2 * np.pi * max(EVEN / len(ring), 1 / max(6 * radius, len(ring))))
                spots[ring] = radius * np.stack((np.cos(placed), np.sin(placed)), axis=1)
    return spots


def _ordered(those: Places, rank: Floats, away: Floats) -> list[Places]:
    """Who stands on which ring: the best known inside, who knows others outside."""
    order = np.lexsort((those, -rank[those], np.maximum(away[those] - AWAY, 0).round(3)))
    told, first = [], 0
    for many in rings_of(len(those)).many:
        told.append(np.sort(those[order[first : first + many]]))
        first += many
    return told


def _wanted(graph: Graph, spots: Floats, outward: Floats) -> Floats:
    """In the middle of whom each knows; who knows nobody here stays where they are."""
    many = np.maximum(graph.degrees, 1)[:, None]
    near = np.stack([graph.sums(spots[graph.ends, axis]) for axis in (0, 1)], axis=1) / many
    near[graph.degrees == 0] = spots[graph.degrees == 0]
    return near + outward


def _apart(turn: Floats, gap: float) -> Floats:
    """Directions at least a gap apart, as near as can be to the wanted ones: least squares, by pooling neighbours."""
    count = len(turn)
    order = np.argsort(turn, kind="stable")
    wanted = turn[order]
    if count * gap >= 2 * np.pi - 1e-9:
        step = np.arange(count) * 2 * np.pi / max(count, 1)
        off = np.angle(np.exp(1j * (wanted - step)).sum()) if count else 0.0
        told = np.empty(count)
        told[order] = step + off
        return told
    cut = int(np.argmax(np.diff(np.append(wanted, wanted[0] + 2 * np.pi)))) + 1 if count else 0
    order = np.roll(order, -cut)
    wanted = np.unwrap(np.roll(wanted, -cut))
    told = np.empty(count)
    told[order] = _pooled(wanted - gap * np.arange(count)) + gap * np.arange(count)
    if count and told[order[-1]] - told[order[0]] > 2 * np.pi - gap:
        told[order] = told[order[0]] + np.arange(count) * 2 * np.pi / count
    return told


def _pooled(values: Floats) -> Floats:
    """The rising values nearest to these (isotonic regression)."""
    sums: list[float] = []
    many: list[int] = []
    for value in values.tolist():
        sums.append(value)
        many.append(1)
        while len(sums) > 1 and sums[-2] / many[-2] > sums[-1] / many[-1]:
            last, count = sums.pop(), many.pop()
            sums[-1] += last
            many[-1] += count
    return np.repeat(np.array(sums) / np.array(many), many) if many else values
