# SPDX-License-Identifier: AGPL-3.0-or-later
"""The picture around somebody as signs and lines, and its twin as rows: the same facts twice."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from plein.network.cards import bars_of
from plein.network.pictures.rings import HEIGHT, WIDER, Spot, placed, radius_of
from plein.network.queries import Bond, Ego
from plein.relations.models import Relation

type Box = tuple[float, float, float, float]
#: So many names are written beside their signs at most, and so many letters of each.
NAMED, LETTERS = 70, 22
#: So many of the strongest ties of each are drawn at once, and so many when one points at somebody.
STRONGEST, LIT = 1, 60
#: From which radius on two letters fit in a sign.
LETTERED = 13
#: With more than this in the picture lines are thinner.
FULL = 40
#: How wide a letter is, how far a name stands below its sign, and how high it is.
LETTER, BELOW, LINE = 6.7, 14, 15
MARGIN = 90
#: The strength of a direct tie in bars.
DIRECT = ((0.6, 4), (0.35, 3), (0.15, 2))


@dataclass(frozen=True, slots=True)
class Sign:
    """Somebody in the picture."""

    who: Relation
    x: int
    y: int
    radius: int
    name_y: int
    name: str
    has_name: bool
    is_middle: bool
    closeness: float
    bars: int
    through: Relation | None
    ties: str

    @property
    def left(self) -> int:
        """Where the tile of an organization begins."""
        return self.x - self.side // 2

    @property
    def top(self) -> int:
        """The same from above."""
        return self.y - self.side // 2

    @property
    def side(self) -> int:
        """How wide that tile is."""
        return round(self.radius * 1.8)

    @property
    def middle_y(self) -> int:
        """Where letters stand in the middle."""
        return self.y + 5

    @property
    def is_lettered(self) -> bool:
        """Whether two letters fit in."""
        return self.radius >= LETTERED


@dataclass(frozen=True, slots=True)
class Line:
    """All lines that look the same, as one path."""

    look: str
    path: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: its box, its lines, its signs."""

    box: str
    looks: str
    lines: tuple[Line, ...]
    signs: tuple[Sign, ...]


def strength_bars(strength: float) -> int:
    """How many of four bars a single tie fills."""
    return next((bars for least, bars in DIRECT if strength >= least), 1)


def drawn(around: Ego, people: Mapping[UUID, Relation]) -> Drawing:
    """The picture around somebody; who is gone meanwhile is left out."""
    spots = {one: spot for one, spot in placed(around).items() if one in people}
    middle = next(iter(around.closeness))
    radius = radius_of(len(spots))
    order = sorted(spots, key=lambda one: (one != middle, one not in around.direct))
    named = _named(order, spots, people, radius)
    bonds = [each for each in around.bonds if each.one in spots and each.other in spots]
    bonds.sort(key=lambda each: -round(each.strength, 9))
    ties = _ties_of(bonds, spots)
    signs = []
    for one, spot in spots.items():
        size = radius + 8 if one == middle else radius
        signs.append(
            Sign(
                who=people[one],
                x=spot.x,
                y=spot.y,
                radius=size,
                name_y=spot.y + size + BELOW,
                name=short(people[one].name),
                has_name=one in named,
                is_middle=one == middle,
                closeness=around.closeness[one],
                bars=bars_of(around.closeness[one]),
                through=people.get(around.through[one]) if one in around.through else None,
                ties=" ".join(ties.get(one, ())),
            )
        )
    width, height = HEIGHT * WIDER + MARGIN, HEIGHT + MARGIN / 2
    box = f"{-width:.0f} {-height:.0f} {2 * width:.0f} {2 * height:.0f}"
    return Drawing(
        box,
        " full" * (len(spots) > FULL) + " dots" * (radius < LETTERED),
        _lines(_backbone(bonds, around, middle), spots, middle),
        tuple(signs),
    )


def short(name: str) -> str:
    """A name that fits below its sign."""
    return name if len(name) <= LETTERS else name[: LETTERS - 1].rstrip() + "…"


def _path(bond: Bond, spots: Mapping[UUID, Spot]) -> str:
    one, other = spots[bond.one], spots[bond.other]
    return f"M{one.x} {one.y}L{other.x} {other.y}"


def _ties_of(bonds: Sequence[Bond], spots: Mapping[UUID, Spot]) -> dict[UUID, list[str]]:
    """The lines that go out from each: they light up when one points at it."""
    found: dict[UUID, list[str]] = defaultdict(list)
    for bond in bonds:
        path = _path(bond, spots)
        for end in (bond.one, bond.other):
            if len(found[end]) < LIT:
                found[end].append(path)
    return found


def _backbone(bonds: Sequence[Bond], around: Ego, middle: UUID) -> list[Bond]:
    """The ties that are drawn at once: those of the one it is about, those to who stands in between, and of the others
    the strongest few of each. The rest shows when one points at somebody, and stands in the table.
    """
    drawn_of: dict[UUID, int] = defaultdict(int)
    kept = []
    for bond in bonds:
        ends = {bond.one, bond.other}
        is_way = any(around.through.get(one) in ends for one in ends if one not in around.direct)
        if middle in ends or is_way or min(drawn_of[one] for one in ends) < STRONGEST:
            kept.append(bond)
            if middle not in ends:
                for one in ends:
                    drawn_of[one] += 1
    return kept


def _lines(bonds: Sequence[Bond], spots: Mapping[UUID, Spot], middle: UUID) -> tuple[Line, ...]:
    """The ties as lines, the weak ones first, so that the strong lie on top."""
    looks: dict[tuple[bool, int, bool], list[str]] = defaultdict(list)
    for bond in bonds:
        is_own = middle in (bond.one, bond.other)
        looks[is_own, strength_bars(bond.strength), bond.is_over].append(_path(bond, spots))
    return tuple(
        Line(f"{'own ' if is_own else ''}{'over ' if is_over else ''}w{bars}", " ".join(paths))
        for (is_own, bars, is_over), paths in sorted(looks.items())
    )


def _named(
    order: Sequence[UUID], spots: Mapping[UUID, Spot], people: Mapping[UUID, Relation], radius: int
) -> set[UUID]:
    """Whose name stands beside the sign: of the nearest first, as long as it covers nothing."""
    boxes: list[Box] = [(spot.x - radius, spot.y - radius, spot.x + radius, spot.y + radius) for spot in spots.values()]
    named: set[UUID] = set()
    for one in order[:NAMED]:
        spot, half = spots[one], len(short(people[one].name)) * LETTER / 2
        top = spot.y + radius + (10 if one == order[0] else 2)
        box = (spot.x - half, top, spot.x + half, top + LINE)
        if one == order[0] or not any(lie_over(box, other) for other in boxes):
            boxes.append(box)
            named.add(one)
    return named


def lie_over(one: Box, other: Box) -> bool:
    """Whether two boxes touch."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
