# SPDX-License-Identifier: AGPL-3.0-or-later
"""The circles of the picture of the whole network, and what they are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot
from uuid import UUID

from plein.network.pictures.around import LETTER, LINE, Box, lie_over
from plein.network.queries.everybody import Circle, Whole
from plein.relations.models import Relation

TONES = ("blue", "orange", "mint", "rose", "yellow", "lilac")
#: How far above a circle its name stands, how many letters fit beside it, and how many are kept of every name.
ABOVE, BESIDE, SHORTEST = 8, 24, 9


@dataclass(frozen=True, slots=True)
class Called:
    """What circles are called, and the groups to which one leads; those in full; who has a sign."""

    circles: Mapping[int, str]
    groups: Mapping[int, str]
    full: Mapping[int, str]
    people: Mapping[UUID, Relation]


@dataclass(frozen=True, slots=True)
class Island:
    """A circle with what it is called; of a part of a group there is no page."""

    circle: Circle
    tone: str
    words: str
    name: str

    @property
    def name_y(self) -> int:
        """Where its name stands, above it."""
        return self.circle.y - self.circle.radius - ABOVE

    @property
    def label(self) -> Box:
        """What the name covers."""
        return _label(self.circle, self.name)


def tone_of(found: Whole, number: int) -> str:
    """The colour of a circle: all parts of a group have that of the group."""
    return TONES[(found.group.number if found.group is not None else number) % len(TONES)]


def islands_of(found: Whole, called: Called) -> tuple[Island, ...]:
    """All circles; a name that does not fit above its own is written in full where nothing is in the way."""
    full = called.full if found.group is None else called.circles
    names = {one.number: _short(one, called.circles.get(one.number, "")) for one in found.circles}
    for one in found.circles:
        words = called.circles.get(one.number, "")
        others = [_label(each, names[each.number]) for each in found.circles if each is not one]
        if words != names[one.number] and _is_free(_label(one, words), one, found, others):
            names[one.number] = words
    return tuple(
        Island(
            one,
            tone_of(found, one.number),
            full.get(one.number, called.circles.get(one.number, "")),
            names[one.number],
        )
        for one in found.circles
    )


def _short(circle: Circle, words: str) -> str:
    letters = max(SHORTEST, int((2 * circle.radius + BESIDE) / LETTER))
    return words if len(words) <= letters else words[: letters - 1].rstrip() + "…"


def _label(circle: Circle, name: str) -> Box:
    half, y = len(name) * LETTER / 2, circle.y - circle.radius - ABOVE
    return circle.x - half, y - LINE, circle.x + half, y + 4


def _is_free(box: Box, own: Circle, found: Whole, others: list[Box]) -> bool:
    """Whether a name covers no other circle and no other name."""
    for each in found.circles:
        x, y = min(max(each.x, box[0]), box[2]), min(max(each.y, box[1]), box[3])
        if each is not own and hypot(x - each.x, y - each.y) < each.radius:
            return False
    return not any(lie_over(box, other) for other in others)
