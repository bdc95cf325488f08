# SPDX-License-Identifier: AGPL-3.0-or-later
"""The picture around somebody: who is near within two ties, through whom, and the ties among them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from uuid import UUID

import numpy as np

from plein.network.queries.following import Moment, this_moment
from plein.network.queries.numbering import ranks_of, uuids_of
from plein.network.queries.seeing import OPEN, Lens
from plein.network.queries.sketching import Sketch, on_canvas, sketch
from plein.network.strength import strength_of
from plein.network.vocabulary import Ground


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


def ego(of: UUID, *, limit: int = 300, lens: Lens = OPEN) -> Ego:
    """Who is around somebody within two ties, and the ties among them. Organizations are leaves. Three queries."""
    return _told(sketched(of, this_moment(), limit=limit, lens=lens))


def sketched(of: UUID, moment: Moment, *, limit: int, lens: Lens) -> Sketch:
    """The same as arrays."""
    return on_canvas(moment, lens, lambda canvas: sketch(of, canvas, limit=limit, among=lens.among))


def _told(found: Sketch) -> Ego:
    ids, between = uuids_of(found.ids), uuids_of(found.between)
    through = zip(ids, found.through.tolist(), strict=True)
    return Ego(
        dict(zip(ids, map(strength_of, found.cost.tolist()), strict=True)),
        tuple(_bonds(found, ids)),
        {one: between[place] for one, place in through if place >= 0},
        frozenset(one for one, is_direct in zip(ids, found.is_direct.tolist(), strict=True) if is_direct),
        uuids_of(found.firms),
    )


def _bonds(found: Sketch, ids: tuple[UUID, ...]) -> Iterator[Bond]:
    """What ties each two of them, in the order of their ids."""
    in_order = np.lexsort(ranks_of(found.ids))
    rank = np.empty(len(ids), np.int64)
    rank[in_order] = np.arange(len(ids))
    ordered = [ids[place] for place in in_order.tolist()]
    near, far, ties = rank[found.ties.place], rank[found.ties.far], found.ties
    low, high = np.minimum(near, far), np.maximum(near, far)
    order = np.lexsort((ties.is_over, ties.ground, ties.cost, high, low))
    columns = (low, high, ties.cost, ties.ground, ties.is_over)
    rows = zip(*(one[order].tolist() for one in columns), strict=True)
    for (one, other), theirs in groupby(rows, itemgetter(0, 1)):
        told = list(theirs)
        grounds = tuple(dict.fromkeys(Ground(ground) for _low, _high, _cost, ground, _is_over in told))
        is_over = all(row[4] for row in told)
        yield Bond(ordered[one], ordered[other], strength_of(told[0][2]), grounds, is_over)
