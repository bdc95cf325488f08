# SPDX-License-Identifier: AGPL-3.0-or-later
"""The picture of the whole network as circles, dots, signs and lines: groups are islands."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, hypot

from plein.network.pictures.around import BELOW, LETTER, LETTERED, LINE, Box, lie_over, short
from plein.network.pictures.islands import Called, Island, islands_of, tone_of
from plein.network.pictures.shores import Beyond, Ribbon, leads, ribbons
from plein.network.queries.everybody import Stood, Whole
from plein.network.standing_words import notable
from plein.relations.models import Relation

#: So many have a sign of their own, of those who stand between groups so many; so many names are tried, of dots some.
SIGNS, BETWEEN, NAMED, SOME = 320, 60, 90, 24
#: So many lines within the islands, and of one who is pointed at; of up to so many people also lines between them.
LINES, LIT, FEW = 2500, 24, 150
#: Of how far people stand apart a sign takes this part; no more, and no less, than so much.
PART, LARGEST, LEAST = 0.32, 22, 2.2
#: How much is free around all of it, and how large it is at least.
MARGIN, WIDE, HIGH = 24, 1000, 680


@dataclass(frozen=True, slots=True)
class Sign:
    """Somebody with a sign: a link, with the ties that light up."""

    who: Relation
    stood: Stood
    tone: str
    radius: float
    name: str
    has_name: bool
    is_faint: bool
    joins: bool
    ties: str

    @property
    def size(self) -> str:
        """The radius as SVG has it, in every language."""
        return f"{self.radius:g}"

    @property
    def name_y(self) -> int:
        """Where the name stands, below the sign."""
        return round(self.stood.y + self.radius + BELOW)

    @property
    def letters_y(self) -> int:
        """Where the letters stand, in it."""
        return self.stood.y + 4

    @property
    def is_lettered(self) -> bool:
        """Whether two letters fit in."""
        return self.radius >= LETTERED


@dataclass(frozen=True, slots=True)
class Dots:
    """Everybody else of one colour, as one path of points."""

    tone: str
    path: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of the whole network, or of one group."""

    box: str
    dot: str
    looks: str
    islands: tuple[Island, ...]
    ribbons: tuple[Ribbon, ...]
    lines: str
    over: str
    across: str
    dots: tuple[Dots, ...]
    signs: tuple[Sign, ...]
    beyond: tuple[Beyond, ...]


def stands_out(found: Whole, one: Stood) -> bool:
    """Whether it is worth a sentence that somebody connects groups."""
    people = found.census.people if found.census is not None else 0
    return bool(one.joins) and one.between_place <= notable(people)


def with_signs(found: Whole) -> list[int]:
    """Who has a sign: the best known of each circle, the best known of all, and who stands between most."""
    first: dict[int, int] = {}
    for number, one in enumerate(found.people):
        first.setdefault(one.group, number)
    joining = [number for number, one in enumerate(found.people) if one.joins]
    joining.sort(key=lambda number: found.people[number].between_place)
    chosen = dict.fromkeys([*first.values(), *joining[:BETWEEN], *range(len(found.people))])
    return sorted(list(chosen)[:SIGNS])


def drawn(found: Whole, called: Called, *, is_open: bool) -> Drawing:
    """The picture."""
    people = called.people
    radius = min(max(found.step * PART, LEAST), LARGEST)
    tied = {number for tie in found.ties for number in (tie.one, tie.other)}
    faint = set() if is_open else set(range(len(found.people))) - tied
    islands = islands_of(found, called)
    signed = {number: people[found.people[number].id] for number in with_signs(found)
              if found.people[number].id in people}  # fmt: skip
    lit = _lit(found, signed)
    named = _named(found, signed, islands, radius)
    signs = tuple(
        Sign(
            who=who,
            stood=found.people[number],
            tone=tone_of(found, found.people[number].group),
            radius=round(radius, 1),
            name=short(who.name),
            has_name=number in named,
            is_faint=number in faint,
            joins=stands_out(found, found.people[number]),
            ties=lit.get(number, ""),
        )
        for number, who in signed.items()
    )
    lines, over, across = _lines(found)
    beyond = leads(found, called.groups, called.full) if found.group is not None else ()
    return Drawing(
        box=_box(islands, beyond),
        dot=f"{2 * radius:.1f}",
        looks=" lettered" if radius >= LETTERED else "",
        islands=islands,
        ribbons=ribbons(found),
        lines=lines,
        over=over,
        across=across,
        dots=_dots(found, signed, faint),
        signs=tuple(sorted(signs, key=lambda one: (one.stood.group, one.stood.place))),
        beyond=beyond,
    )


def _box(islands: Sequence[Island], beyond: Sequence[Beyond]) -> str:
    """Around all of it, with room for names, and never so small that these become large."""
    boxes: list[Box] = [(-WIDE / 2, -HIGH / 2, WIDE / 2, HIGH / 2)]
    for one in islands:
        circle, reach = one.circle, one.circle.radius + MARGIN
        boxes += [(circle.x - reach, circle.y - reach, circle.x + reach, circle.y + reach), one.label]
    boxes += [(one.left, one.y - LINE, one.right, one.y + 2 * LINE) for one in beyond]
    left, top = (floor(min(one[at] for one in boxes)) for at in (0, 1))
    right, bottom = (ceil(max(one[at] for one in boxes)) for at in (2, 3))
    return f"{left} {top} {right - left} {bottom - top}"


def _lit(found: Whole, signed: Mapping[int, Relation]) -> dict[int, str]:
    """The lines that go out from each, the strongest first: out and back again, so that each end is written once."""
    told: dict[int, list[str]] = defaultdict(list)
    for tie in found.ties:
        for near, far in ((tie.one, tie.other), (tie.other, tie.one)):
            if near in signed and len(told[near]) <= LIT:
                one, other = found.people[near], found.people[far]
                told[near] = told[near] or [f"M{one.x} {one.y}"]
                dx, dy = other.x - one.x, other.y - one.y
                told[near].append(f"l{dx} {dy}m{-dx} {-dy}")
    return {number: "".join(parts) for number, parts in told.items()}


def _lines(found: Whole) -> tuple[str, str, str]:
    """Of each the strongest tie on their island; in a small picture also the strongest to another one."""
    inside: list[str] = []
    over: list[str] = []
    across: list[str] = []
    drawn_of: dict[tuple[int, bool], int] = defaultdict(int)
    with_ways = len(found.people) <= FEW
    for tie in found.ties:
        one, other = found.people[tie.one], found.people[tie.other]
        is_across = one.group != other.group
        ends = (tie.one, is_across), (tie.other, is_across)
        if (is_across and not with_ways) or min(drawn_of[end] for end in ends):
            continue
        path = f"M{one.x} {one.y}L{other.x} {other.y}"
        for end in ends:
            drawn_of[end] += 1
        (across if is_across else over if tie.is_over else inside).append(path)
        if len(inside) + len(over) >= LINES:
            break
    return "".join(inside), "".join(over), "".join(across)


def _dots(found: Whole, signed: Mapping[int, Relation], faint: set[int]) -> tuple[Dots, ...]:
    points: dict[str, list[str]] = defaultdict(list)
    for number, one in enumerate(found.people):
        if number not in signed:
            tone = "faint" if number in faint else tone_of(found, one.group)
            points[tone].append(f"M{one.x} {one.y}h0")
    return tuple(Dots(tone, "".join(path)) for tone, path in sorted(points.items()))


def _named(found: Whole, signed: Mapping[int, Relation], islands: Sequence[Island], radius: float) -> set[int]:
    """Whose name stands there at once: of the best known first, as long as it covers no sign and no name."""
    reach = radius if radius > LEAST * 2 else 0
    signs: list[Box] = [(one.x - reach, one.y - reach, one.x + reach, one.y + reach) for one in found.people]
    taken: list[Box] = [one.label for one in islands]
    named: set[int] = set()
    first: dict[int, int] = {}
    for number in sorted(signed):
        first.setdefault(found.people[number].group, number)
    begin = set(first.values())
    joining = {number for number in signed if stands_out(found, found.people[number])}
    order = sorted(signed, key=lambda one: (one not in joining, one not in begin, one))
    for number in order[: NAMED if radius >= LETTERED / 2 else SOME]:
        one, half = found.people[number], len(short(signed[number].name)) * LETTER / 2
        top = one.y + radius + 2
        box = (one.x - half, top, one.x + half, top + LINE)
        others = taken if number in joining else [*taken, *signs]
        is_off = radius < LETTERED and number not in joining and _is_off(box, found, one)
        if not is_off and not any(lie_over(box, other) for other in others):
            taken.append(box)
            named.add(number)
    return named


def _is_off(box: Box, found: Whole, one: Stood) -> bool:
    """Whether a name would not lie on its own island."""
    island = next((each for each in found.circles if each.number == one.group), None)
    if island is None:
        return True
    ends = [(x - island.x, y - island.y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    return any(hypot(x, y) > island.radius for x, y in ends)
