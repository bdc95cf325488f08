# SPDX-License-Identifier: AGPL-3.0-or-later
"""What lies between islands: ribbons from shore to shore, and at the edge of one group where it leads to others."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import atan2, hypot, pi, sin

from plein.network.pictures.around import LETTER, LINE
from plein.network.queries.everybody import Circle, Whole

#: So many ribbons begin at each circle; the widest is so wide.
EACH, WIDEST, NARROWEST = 3, 11.0, 1.6
#: To so many other groups a group is shown to lead, and from so many people to each.
OTHERS, FROM = 8, 4
#: How far from the islands names of other groups stand, how far apart, and how long they are.
OFF, APART, LETTERS = 56, 44, 26


@dataclass(frozen=True, slots=True)
class Ribbon:
    """So many ties between two circles."""

    one: int
    other: int
    count: int
    path: str
    width: str


@dataclass(frozen=True, slots=True)
class Beyond:
    """Another group at the edge, with how many ties lead there, and lines from who has most of them."""

    number: int
    count: int
    words: str
    name: str
    x: int
    y: int
    lines: str

    @property
    def is_right(self) -> bool:
        """On which side it stands."""
        return self.x >= 0

    @property
    def left(self) -> float:
        """How far its name reaches to the left."""
        return self.x - (0 if self.is_right else len(self.name) * LETTER + 20)

    @property
    def right(self) -> float:
        """How far to the right."""
        return self.x + (len(self.name) * LETTER + 20 if self.is_right else 0)


def between(found: Whole) -> Counter[tuple[int, int]]:
    """How many ties there are between two circles."""
    told: Counter[tuple[int, int]] = Counter()
    for tie in found.ties:
        one, other = found.people[tie.one].group, found.people[tie.other].group
        if one != other:
            told[min(one, other), max(one, other)] += 1
    return told


def ribbons(found: Whole) -> tuple[Ribbon, ...]:
    """The most ties of each circle, where nothing lies in the way, and one at least."""
    circles = {one.number: one for one in found.circles}
    counted = sorted(between(found).items(), key=lambda each: (-each[1], each[0]))
    most = counted[0][1] if counted else 1
    begun: Counter[int] = Counter()
    told = []
    for (one, other), count in counted:
        if one not in circles or other not in circles:
            continue
        is_first = not begun[one] or not begun[other]
        is_room = min(begun[one], begun[other]) < EACH and _is_clear(circles[one], circles[other], found)
        if is_first or is_room:
            begun[one] += 1
            begun[other] += 1
            width = NARROWEST + (WIDEST - NARROWEST) * (count / most) ** 0.5
            told.append(Ribbon(one, other, count, _path(circles[one], circles[other]), f"{width:.1f}"))
    return tuple(told)


def _path(one: Circle, other: Circle) -> str:
    """From shore to shore, a little bent."""
    dx, dy = other.x - one.x, other.y - one.y
    long = hypot(dx, dy) or 1.0
    ux, uy = dx / long, dy / long
    first = one.x + ux * one.radius, one.y + uy * one.radius
    last = other.x - ux * other.radius, other.y - uy * other.radius
    bend = 0.08 * (long - one.radius - other.radius)
    middle = (first[0] + last[0]) / 2 - uy * bend, (first[1] + last[1]) / 2 + ux * bend
    points = (*first, *middle, *last)
    return "M{:.0f} {:.0f}Q{:.0f} {:.0f} {:.0f} {:.0f}".format(*points)


def _is_clear(one: Circle, other: Circle, found: Whole) -> bool:
    """Whether no other circle lies on the way."""
    dx, dy = other.x - one.x, other.y - one.y
    long = hypot(dx, dy) or 1.0
    for each in found.circles:
        if each.number in (one.number, other.number):
            continue
        along = ((each.x - one.x) * dx + (each.y - one.y) * dy) / long
        beside = abs((each.x - one.x) * dy - (each.y - one.y) * dx) / long
        if 0 < along < long and beside < each.radius:
            return False
    return True


def leads(found: Whole, words: Mapping[int, str], full: Mapping[int, str]) -> tuple[Beyond, ...]:
    """Where a group leads to, each in the direction in which that lies in the picture of the whole."""
    group, places = found.group, {one.number: one for one in found.groups}
    if group is None or not found.circles:
        return ()
    counted: Counter[int] = Counter()
    of: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, those in found.beyond.items():
        for other, count in those.items():
            counted[other] += count
            of[other].append((-count, number))
    wide = max(abs(one.x) + one.radius for one in found.circles) + OFF
    high = max(abs(one.y) + one.radius for one in found.circles)
    sides: dict[bool, list[tuple[float, int]]] = defaultdict(list)
    for other, _count in sorted(counted.items(), key=lambda each: (-each[1], each[0])):
        if other in places and len(sides[True]) + len(sides[False]) < OTHERS:
            turn = atan2((places[other].y or 0) - (group.y or 0), (places[other].x or 0) - (group.x or 0))
            sides[abs(turn) <= pi / 2].append((sin(turn) * high, other))
    told = []
    for is_right, side in sides.items():
        side.sort()
        for (_wish, other), at in zip(side, _spread([wish for wish, _other in side]), strict=True):
            x = round(wide if is_right else -wide)
            lines = _lines(found, sorted(of[other])[:FROM], x, at - LINE // 3)
            called = words.get(other, "")
            name = called if len(called) <= LETTERS else called[: LETTERS - 1].rstrip() + "…"
            told.append(Beyond(other, counted[other], full.get(other, called), name, x, at, lines))
    return tuple(told)


def _spread(heights: list[float]) -> list[int]:
    """Far enough apart, as near as can be to where they would stand."""
    told: list[float] = []
    for y in heights:
        told.append(max(y, told[-1] + APART) if told else y)
    off = sum(at - y for at, y in zip(told, heights, strict=True)) / max(len(told), 1)
    return [round(at - off) for at in told]


def _lines(found: Whole, those: list[tuple[int, int]], x: int, y: int) -> str:
    near = x - 8 if x >= 0 else x + 8
    return "".join(f"M{found.people[one].x} {found.people[one].y}L{near} {y}" for _count, one in those)
