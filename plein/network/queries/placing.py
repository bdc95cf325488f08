# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where everybody stands in the picture of the whole network, and in that of their group; for the rows of a night."""

from collections.abc import Sequence

import numpy as np

from plein.network.models import Group, Influence
from plein.network.whole.graph import Graph, Places
from plein.network.whole.places import Laid, outside_of, whole, within
from plein.network.whole.standing import Standing


def give_places(
    graph: Graph, figures: Standing, kept: Places, people: Sequence[Influence], groups: Sequence[Group]
) -> float | None:
    """Write places into the rows of people, who are those kept, and of groups; how far people stand apart."""
    row_of = np.full(len(graph), -1, np.int64)
    row_of[kept] = np.arange(len(kept))
    laid = whole(graph, figures.group, figures.rank, kept)
    if not len(laid.who):
        return None
    for row, (x, y) in zip(row_of[laid.who].tolist(), _whole_numbers(laid), strict=True):
        people[row].x, people[row].y = x, y
    named = {one.number: one for one in groups}
    circles = np.column_stack((laid.middles, laid.radii)).round().astype(int).tolist()
    outside = outside_of(graph, figures.group, laid)
    for number, (x, y, radius) in enumerate(circles):
        if (group := named.get(number)) is not None:
            group.x, group.y, group.radius = x, y, radius
            members = kept[figures.group[kept] == number]
            _give_own(group, within(graph, members, figures.rank, outside), row_of, people)
    return laid.step


def _give_own(group: Group, laid: Laid, row_of: Places, people: Sequence[Influence]) -> None:
    """The same in the picture of a group alone."""
    group.own_step = laid.step
    group.parts = np.column_stack((laid.middles, laid.radii)).round().astype(int).ravel().tolist()
    rows = row_of[laid.who].tolist()
    for row, (x, y), part in zip(rows, _whole_numbers(laid), laid.island.tolist(), strict=True):
        people[row].own_x, people[row].own_y, people[row].part = x, y, part


def _whole_numbers(laid: Laid) -> list[list[int]]:
    told: list[list[int]] = laid.spots.round().astype(int).tolist()
    return told
