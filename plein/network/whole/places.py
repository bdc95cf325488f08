# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where everybody stands in the picture of a whole network: groups as islands, people on them.

Places follow from the network and from nothing else, without chance.
"""

from dataclasses import dataclass

import numpy as np

from plein.network.whole.graph import Floats, Graph, Nodes, Places
from plein.network.whole.groups import by_size, groups, modularity
from plein.network.whole.islands import packed, turned
from plein.network.whole.shores import rings_of, settled

#: How wide and high a picture becomes, and how far its people stand apart: at most, and at least.
WIDTH, HEIGHT = 1200.0, 780.0
FAR, NEAR = 74.0, 7.0
#: Free around the people of a group, and between groups, where names stand.
SHORE, SEA = 0.8, 18.0
#: So many groups are drawn, so many people, and of each group at least so many before others get more.
MOST_GROUPS, MOST_PEOPLE, FEWEST = 60, 4000, 12
#: Of one group by itself so many people; it is drawn in parts from so many on, when these are parts indeed.
MOST_MEMBERS, PARTED, CLEAR = 1000, 24, 0.15


#: So often the step is tried until all of it fits, nearly.
TIMES, CLOSE = 6, 0.02


@dataclass(frozen=True, slots=True)
class Outside:
    """Of each node: the part of their ties that lead out of their group, and in which direction, by how much."""

    part: Floats
    towards: Floats


@dataclass(frozen=True, slots=True)
class Laid:
    """A picture: who is on it, where, on which island; the islands; and how far people stand apart."""

    who: Places
    spots: Floats
    island: Nodes
    middles: Floats
    radii: Floats
    step: float


def whole(graph: Graph, group: Nodes, rank: Floats, may: Places) -> Laid:
    """The groups with the people that are kept, the best known when there are too many. Nobody else is in it."""
    sizes = np.bincount(group, minlength=1)
    drawn = np.flatnonzero(sizes >= 3)[:MOST_GROUPS]
    inside = may[group[may] < len(drawn)]
    if not len(inside):
        return Laid(inside, np.zeros((0, 2)), group[inside], np.zeros((0, 2)), np.zeros(0), FAR)
    who = _chosen(inside, group, rank)
    near, far = graph.around(who)
    between = (group[far] < len(drawn)) & (group[near] != group[far])
    keys = group[near[between]].astype(np.int64) * len(drawn) + group[far[between]]
    ties = np.bincount(keys, minlength=len(drawn) ** 2).reshape(len(drawn), len(drawn)).astype(np.float64)
    ties = (ties + ties.T) / np.sqrt(np.outer(sizes[drawn], sizes[drawn]))
    return _laid(graph, who, group[who], rank, ties)


def outside_of(graph: Graph, group: Nodes, laid: Laid) -> Outside:
    """Where those lead who know people on other islands than their own."""
    near, far = graph.around(laid.who)
    leads = (group[near] != group[far]) & (group[far] < len(laid.middles))
    near, far = near[leads], far[leads]
    lines = laid.middles[group[far]] - laid.middles[group[near]]
    lines /= np.maximum(np.hypot(lines[:, 0], lines[:, 1]), 1e-9)[:, None]
    many = np.maximum(graph.degrees, 1)
    count = len(graph)
    towards = np.stack([np.bincount(near, lines[:, axis], count) for axis in (0, 1)], axis=1) / many[:, None]
    return Outside(np.bincount(near, minlength=count) / many, towards)


def within(graph: Graph, members: Places, rank: Floats, outside: Outside) -> Laid:
    """One group by itself, in parts when it has any."""
    who = np.sort(members[np.lexsort((members, -rank[members]))[:MOST_MEMBERS]])
    sub = _among(graph, who)
    part = groups(sub) if len(who) >= PARTED else np.zeros(len(who), np.int32)
    if len(who) and modularity(sub, part) < CLEAR:
        part = np.zeros(len(who), np.int32)
    part = _joined(sub, part)
    count = int(part.max(initial=-1)) + 1
    keys = part[sub.nears].astype(np.int64) * count + part[sub.ends]
    ties = np.bincount(keys, minlength=count**2).reshape(count, count).astype(np.float64)
    np.fill_diagonal(ties, 0)
    sizes = np.bincount(part, minlength=count)
    return _laid(graph, who, part, rank, ties / np.sqrt(np.outer(sizes, sizes)), outside)


def _joined(graph: Graph, part: Nodes) -> Nodes:
    """Parts of one or two go to the part of somebody they know, or to the largest."""
    sizes = np.bincount(part, minlength=1)
    is_small = sizes[part] < 3
    told = part.copy()
    for one in np.flatnonzero(is_small):
        theirs = part[graph.ends[graph.starts[one] : graph.starts[one + 1]]]
        theirs = theirs[sizes[theirs] >= 3]
        told[one] = theirs.min() if len(theirs) else 0
    return by_size(told)


def _chosen(those: Places, group: Nodes, rank: Floats) -> Places:
    """The best known of each group: a part of the picture as large as the group, and some of each."""
    order = those[np.lexsort((those, -rank[those], group[those]))]
    if len(order) <= MOST_PEOPLE:
        return np.sort(order)
    many = np.bincount(group[order])
    place = np.arange(len(order)) - np.repeat(np.cumsum(many) - many, many)
    room = np.maximum(FEWEST, (MOST_PEOPLE - FEWEST * len(many)) * many // len(order))
    return np.sort(order[place < room[group[order]]])


def _among(graph: Graph, who: Places) -> Graph:
    """Only these, with numbers of their own."""
    number = np.full(len(graph), -1, np.int64)
    number[who] = np.arange(len(who))
    near, far = graph.around(who)
    one, other = number[near], number[far]
    kept = other >= 0
    return Graph.of(len(who), one[kept], other[kept])


def _laid(  # noqa: PLR0913
    graph: Graph, who: Places, island: Nodes, rank: Floats, ties: Floats, outside: Outside | None = None
) -> Laid:
    sub = _among(graph, who)
    reach = np.array([rings_of(int(each)).radii[-1] for each in np.bincount(island, minlength=len(ties))])
    step = float(np.clip(np.sqrt(0.5 * WIDTH * HEIGHT / max(len(who), 1)), NEAR, FAR))
    radii = middles = np.zeros(0)
    for _time in range(TIMES):
        radii = (reach + SHORE) * step
        middles, room = turned(packed(radii + SEA, ties), radii + SEA, WIDTH, HEIGHT)
        wanted = float(np.clip(step * room, NEAR, FAR))
        if abs(wanted - step) < CLOSE * step:
            break
        step = wanted
    leads = island[sub.nears] != island[sub.ends]
    away = sub.sums(leads.astype(np.float64)) / np.maximum(sub.degrees, 1)
    outward = np.zeros((len(who), 2))
    if outside is not None:
        away, outward = np.maximum(away, outside.part[who]), outside.towards[who] * float(reach.max(initial=1))
    spots = settled(sub, island, rank[who], middles / step, outward, away)
    return Laid(who, middles[island] + spots * step, island, middles, radii, step)
