# SPDX-License-Identifier: AGPL-3.0-or-later
"""The picture of the whole network as a reader sees it: where the night put everybody, and the ties they may see.

Places are of what everyone here sees. What a reader sees beyond that draws lines, and moves nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import batched
from typing import Any
from uuid import UUID

from plein.network.models import Census, Group, Influence
from plein.network.queries.following import this_moment
from plein.network.queries.influence import askable
from plein.network.queries.reaching import COST
from plein.network.queries.seeing import OPEN, Lens, ask
from plein.network.vocabulary import ACQUAINTANCE

#: Ties between those who are drawn, by their place in the list, the strongest first; and what leads out of it.
_TIES = f"""
    SELECT u.place::int - 1, v.place::int - 1, min({COST}) AS cost, bool_and(coalesce(h.ends_on < %(today)s, false))
      FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY u (id, place)
      JOIN network_half h ON {{h}} AND h.near_id = u.id AND h.to_person AND @conditions@
      JOIN unnest(%(ids)s::uuid[]) WITH ORDINALITY v (id, place) ON v.id = h.far_id AND v.place > u.place
     GROUP BY 1, 2 ORDER BY 3, 1, 2
"""
_BEYOND = """
    SELECT u.place::int - 1, i.group_number, count(DISTINCT h.far_id)
      FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY u (id, place)
      JOIN network_half h ON {h} AND h.near_id = u.id AND h.to_person AND @conditions@
      JOIN network_influence i ON {i} AND i.person_id = h.far_id AND i.group_number <> %(group)s
     GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Stood:
    """Somebody in the picture: where, in which group (or part, when it is of one group), and what they join."""

    id: UUID
    x: int
    y: int
    group: int
    place: int
    between_place: int
    joins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Circle:
    """A group in the picture, or a part of one."""

    number: int
    x: int
    y: int
    radius: int
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A tie between two who are drawn, by their numbers."""

    one: int
    other: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """What is drawn. `beyond` says of each how many they know in which other group; only of one group by itself."""

    census: Census | None
    group: Group | None = None
    step: float = 0.0
    groups: tuple[Group, ...] = ()
    circles: tuple[Circle, ...] = ()
    people: tuple[Stood, ...] = ()
    ties: tuple[Known, ...] = ()
    beyond: dict[int, dict[int, int]] = field(default_factory=dict)


class NoGroup(LookupError):
    """There is no group of this number in the picture."""


def whole(*, group: int | None = None, lens: Lens = OPEN) -> Whole:
    """Everybody who is drawn, or one group by itself; raises NoGroup. Five queries, six of a group."""
    census = Census.objects.first()
    if census is None:
        return Whole(None)
    groups = tuple(Group.objects.filter(radius__isnull=False).order_by("number"))
    chosen = next((one for one in groups if one.number == group), None)
    if group is not None and chosen is None:
        raise NoGroup(group)
    people = _people(chosen)
    ids = [one.id for one in people]
    moment, wanted = this_moment(), lens if lens.grounds else replace(lens, grounds=ACQUAINTANCE)
    asked = {"ids": ids, "behind": moment.fading}
    ties = tuple(Known(one, other, over) for one, other, _cost, over in ask(_TIES, wanted, moment, **asked))
    beyond: dict[int, dict[int, int]] = {}
    if chosen is not None:
        for one, number, count in ask(_BEYOND, wanted, moment, ids=ids, group=chosen.number):
            beyond.setdefault(one, {})[number] = count
    step = (chosen.own_step if chosen else census.step) or 0.0
    return Whole(census, chosen, step, groups, _circles(groups, chosen), people, ties, beyond)


def _people(chosen: Group | None) -> tuple[Stood, ...]:
    """Who is drawn and may be asked, the best known first; two queries."""
    rows = Influence.objects.order_by("place")
    if chosen is None:
        columns, rows = ("x", "y", "group_number"), rows.filter(x__isnull=False)
    else:
        columns, rows = ("own_x", "own_y", "part"), rows.filter(group_number=chosen.number, own_x__isnull=False)
    found: Sequence[Any] = list(rows.values_list("person_id", *columns, "place", "between_place", "joins"))
    open_ones = askable([row[0] for row in found]) if found else set()
    return tuple(
        Stood(id, x, y, group, place, between_place, tuple(joins))
        for id, x, y, group, place, between_place, joins in found
        if id in open_ones
    )


def _circles(groups: Sequence[Group], chosen: Group | None) -> tuple[Circle, ...]:
    if chosen is None:
        return tuple(
            Circle(one.number, one.x, one.y, one.radius, one)
            for one in groups
            if one.x is not None and one.y is not None and one.radius is not None
        )
    numbers = chosen.parts or []
    return tuple(Circle(place, x, y, radius) for place, (x, y, radius) in enumerate(batched(numbers, 3)))
