# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ways to somebody as a picture: who stands where, and the lines between them.

Each way has a lane of its own, the best on top; whoever is on several ways stands once. Everything is worked out on the
server in whole numbers, so that the same ways always give the same picture.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import cos, hypot, radians, sin
from uuid import UUID

from plein.network.cards import Card, Leg, Stop
from plein.network.prose import shortened

LEFT, RIGHT, TOP, LANE, MARGIN = 92, 690, 128, 124, 20
WIDTH, LEAST_HEIGHT = 760, 530
LARGE, SMALL = 31, 25
#: About how wide a letter is: of a name, of what stands below it, of what stands beside a line.
NAME, BELOW, BESIDE = 7.2, 6.0, 6.2
#: A line is so wide, from the weakest tie to the strongest.
THIN, THICK = 1.5, 5.0
#: No more hints than these are drawn at one person, so far away, and no nearer to anything else.
HINTS, FAR, NEAREST = 3, 92, 52

#: People are kept so far apart: up and down, when they are nearer than this to the side.
APART_DOWN, APART_ACROSS, ROUNDS = 108, 126, 60
#: Words beside a line are no longer than this, and stand where there is room: so far along it.
LONGEST, PLACES = 24, (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74)

type Point = tuple[float, float]
#: Left, top, right, bottom.
type Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Node:
    """Somebody in the picture."""

    stop: Stop
    at: Point
    is_end: bool
    name: str = ""
    below: str = ""
    paths: list[int] = field(default_factory=list)

    @property
    def radius(self) -> int:
        """The first and the last are larger."""
        return LARGE if self.is_end else SMALL

    @property
    def x(self) -> str:
        """From the left, as SVG wants it in any language."""
        return str(round(self.at[0]))

    @property
    def y(self) -> str:
        """From above."""
        return str(round(self.at[1]))

    @property
    def is_cut(self) -> bool:
        """Whether the whole name is longer than what is written."""
        return self.name.endswith("\u2026")

    @property
    def letters_y(self) -> str:
        """Where the initials stand."""
        return str(round(self.at[1]) + 5)

    @property
    def name_y(self) -> str:
        """Where the name stands, below."""
        return str(round(self.at[1]) + self.radius + 21)

    @property
    def below_y(self) -> str:
        """Where the line below the name stands."""
        return str(round(self.at[1]) + self.radius + 37)

    @property
    def tile(self) -> tuple[str, str, str, str]:
        """The corner of the organization's tile, and where its letters stand."""
        x, y = round(self.at[0]), round(self.at[1])
        aside, down = (14, 12) if self.is_end else (11, 10)
        return str(x + aside), str(y + down), str(x + aside + 11), str(y + down + 14)

    @property
    def in_paths(self) -> str:
        """The numbers of the ways it is on."""
        return " ".join(map(str, self.paths))


@dataclass(slots=True)
class Line:
    """A tie in the picture: a curve, as wide as it is strong, with a word beside it."""

    leg: Leg
    curve: str
    width: str
    words: str
    words_at: tuple[str, str]
    paths: list[int] = field(default_factory=list)

    @property
    def in_paths(self) -> str:
        """The numbers of the ways it is part of."""
        return " ".join(map(str, self.paths))


@dataclass(frozen=True, slots=True)
class Hint:
    """A dot at the end of a dotted line: somebody on a way also knows others."""

    line: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be drawn, from the back to the front."""

    box: str
    hints: tuple[Hint, ...]
    lines: tuple[Line, ...]
    nodes: tuple[Node, ...]


def picture_of(cards: Sequence[Card], chosen: int) -> Picture | None:
    """The picture of these ways; the chosen one is drawn last, so that it lies on top."""
    if not cards:
        return None
    nodes, height = _placed(cards)
    _write_names(nodes)
    lines = _lines(cards, nodes)
    lines.sort(key=lambda one: (chosen in one.paths, -min(one.paths)))
    hints = tuple(_hints(nodes, height))
    return Picture(f"{MARGIN} 36 {WIDTH} {height}", hints, tuple(lines), tuple(nodes.values()))


def _placed(cards: Sequence[Card]) -> tuple[dict[UUID, Node], int]:
    """Everybody at their place, and how high the picture is: in the middle of the lanes of the ways they are on."""
    ends = [{card.stops[place].face.id for card in cards} for place in (0, -1)]
    alone = {one for them in ends if len(them) == 1 for one in them}
    height = max(LEAST_HEIGHT, len(cards) * LANE + 70)
    lanes = _lanes(len(cards), height)
    found: dict[UUID, list[tuple[float, float]]] = {}
    nodes: dict[UUID, Node] = {}
    for card, lane in zip(cards, lanes, strict=True):
        last = len(card.stops) - 1
        for place, stop in enumerate(card.stops):
            # Neighbours in a lane stand a little up and down, so that what is below them has room.
            stagger = 0 if place in (0, last) or last < 3 else (-14, 18)[place % 2 == 0]
            found.setdefault(stop.face.id, []).append((LEFT + (RIGHT - LEFT) * place / last, lane + stagger))
            node = nodes.setdefault(stop.face.id, Node(stop, (0, 0), place in (0, last)))
            node.paths.append(card.number)
    for one, node in nodes.items():
        # Who begins or ends a way stands with the best of theirs.
        seen = found[one][:1] if node.is_end else found[one]
        across, down = (sum(each) / len(each) for each in zip(*seen, strict=True))
        node.at = across, 36 + height / 2 - 10 if one in alone else down
    _part([node for one, node in nodes.items() if one not in alone], list(nodes.values()), height)
    return nodes, height


def _lanes(count: int, height: int) -> list[float]:
    """How far down each way runs, the best on top; a single one makes a bow."""
    if count == 1:
        return [36 + height / 2 - 96]
    return [TOP + (height - 2 * (TOP - 36)) * number / (count - 1) for number in range(count)]


def _part(movable: Sequence[Node], everybody: Sequence[Node], height: int) -> None:
    """Move who would stand on each other apart, up and down."""
    for _round in range(ROUNDS):
        is_still = True
        for node in movable:
            for other in everybody:
                if other is node or abs(node.at[0] - other.at[0]) >= APART_ACROSS:
                    continue
                between = node.at[1] - other.at[1]
                missing = APART_DOWN - abs(between)
                if missing > 0.5:
                    is_still = False
                    way = 1 if (between, str(node.stop.face.id)) > (0, str(other.stop.face.id)) else -1
                    node.at = node.at[0], min(max(node.at[1] + way * missing / 2, 76), height - 44)
        if is_still:
            return


def _lines(cards: Sequence[Card], nodes: dict[UUID, Node]) -> list[Line]:
    found: dict[tuple[UUID, UUID], Line] = {}
    middle = sum(node.at[1] for node in nodes.values()) / len(nodes)
    taken = [box for node in nodes.values() for box in _boxes(node)]
    for card in cards:
        for leg in card.legs:
            ends = (leg.near.id, leg.far.id)
            line = found.get(ends)
            if line is None:
                line = found[ends] = _line(leg, nodes[leg.near.id], nodes[leg.far.id], middle, taken)
            line.paths.append(card.number)
    return list(found.values())


def _boxes(node: Node) -> list[Box]:
    """What somebody takes up: the face, and what stands below it."""
    (x, y), r = node.at, node.radius
    half = max(len(node.name) * NAME, len(node.below) * BELOW) / 2
    return [(x - r, y - r, x + r, y + r), (x - half, y + r + 8, x + half, y + r + (42 if node.below else 26))]


def _line(leg: Leg, near: Node, far: Node, middle: float, taken: list[Box]) -> Line:
    (x, y), (to_x, to_y) = near.at, far.at
    bend = max(-34.0, min(16.0, ((y + to_y) / 2 - middle) * 0.28))
    across = (x + to_x) / 2, (y + to_y) / 2 + bend
    curve = f"M{round(x)} {round(y)}Q{round(across[0])} {round(across[1])} {round(to_x)} {round(to_y)}"
    width = THIN + (THICK - THIN) * min(max(leg.strength, 0.0), 1.0)
    line = Line(leg, curve, f"{width:.1f}", "", ("0", "0"))
    for words in (one for one in leg.short if len(one) <= LONGEST):
        half = len(words) * BESIDE / 2
        for part in PLACES:
            at = tuple(
                (1 - part) ** 2 * begin + 2 * part * (1 - part) * turn + part**2 * end
                for begin, turn, end in ((x, across[0], to_x), (y, across[1], to_y))
            )
            box = (at[0] - half, at[1] - 9, at[0] + half, at[1] + 7)
            if not any(_is_over(box, other) for other in taken):
                taken.append(box)
                line.words, line.words_at = words, (str(round(at[0])), str(round(at[1]) + 4))
                return line
    return line


def _is_over(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _write_names(nodes: dict[UUID, Node]) -> None:
    """Names and what is below them, cut to the room there is to the sides."""
    for node in nodes.values():
        beside = [
            abs(other.at[0] - node.at[0])
            for other in nodes.values()
            if other is not node and abs(other.at[1] - node.at[1]) < 64 and abs(other.at[0] - node.at[0]) > 1
        ]
        room = min([*beside, 2 * (node.at[0] - MARGIN), 2 * (WIDTH + MARGIN - node.at[0]), 240])
        face = node.stop.face
        node.name = shortened(node.stop.words if node.stop.is_me else face.name, int(room / NAME))
        letters = int(room / BELOW)
        if node.stop.is_me:
            node.below = shortened(face.name, letters)
        elif len(face.about) <= letters:
            node.below = face.about
        else:
            node.below = shortened((face.role if node.is_end else face.organization) or face.about, letters)


def _hints(nodes: dict[UUID, Node], height: int) -> Iterator[Hint]:
    """A few dots at everybody who also knows others; as many as they know, and never more than there is room for."""
    taken: list[Point] = [point for node in nodes.values() for point in (node.at, (node.at[0], node.at[1] + 62))]
    middle = 36 + height / 2
    for node in nodes.values():
        rest = [one for one in node.stop.face.others if one not in nodes]
        upwards = node.at[1] <= middle
        angles: tuple[int, ...] = (-90, -50, -130, -20, -160) if upwards else (30, 150, -30, 60, 120)
        if node.is_end:
            side = 0 if node.at[0] < WIDTH / 2 else 180
            angles = tuple((side + turn) % 360 for turn in (-62, 62, -40, 44, -80))
        drawn = 0
        for turn, angle in enumerate(angles):
            reach = FAR + 9 * (turn % 3)
            x, y = node.at[0] + reach * cos(radians(angle)), node.at[1] + reach * sin(radians(angle))
            is_inside = MARGIN + 8 < x < WIDTH + MARGIN - 8 and 44 < y < 28 + height
            if drawn == min(len(rest), HINTS) or not is_inside or _is_near(taken, (x, y)):
                continue
            drawn += 1
            taken.append((x, y))
            yield Hint(f"M{round(x)} {round(y)}L{node.x} {node.y}", str(round(x)), str(round(y)))


def _is_near(taken: Sequence[Point], point: Point) -> bool:
    return any(hypot(one[0] - point[0], one[1] - point[1]) < NEAREST for one in taken)
