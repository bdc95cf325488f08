# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lines of a list of ties, as somebody's file has them: from another program, or made for a test."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from plein.core.sheets import Sheet
from plein.moments.vocabulary import MomentKind
from plein.relations.queries.ties import TieSort
from plein.relations.vocabulary import RelationKind

COLUMNS = (
    "from", "from_kind", "to", "to_kind", "type", "since", "until", "weight", "circle", "may_be_asked", "may_introduce",
)  # fmt: skip
MEMBER = "member_of"
#: Contact that a line may stand for; a note is none.
CONTACTS = tuple(str(kind) for kind in MomentKind if kind != MomentKind.NOTE)
YES, NO = ("yes", "true", "1"), ("no", "false", "0")
#: So many moments one line may stand for.
MOST = 1000


class NotALine(ValueError):
    """What is wrong with a line, in words."""


@dataclass(frozen=True, slots=True)
class Line:
    """One tie: who, to whom, what kind; of contact also how many times, the last of them on `until` or `since`."""

    one: tuple[str, str]
    other: tuple[str, str]
    type: str
    since: date | None = None
    until: date | None = None
    weight: int = 1
    circle: str = ""
    may_be_asked: bool | None = None
    may_introduce: bool | None = None


def missing_columns(head: Sequence[str]) -> list[str]:
    """The columns that a list must have and this one has not."""
    return [name for name in ("from", "to", "type") if name not in head]


def lines_of(sheet: Sheet, sorts: Collection[TieSort]) -> Iterator[tuple[int, Line | NotALine]]:
    """The lines of a sheet with their numbers, each understood or with what is wrong with it; of these kinds."""
    known = {one.key: one for one in sorts}
    for number, row in enumerate(sheet.rows, start=2):
        named = dict(zip(sheet.head, (cell.strip() for cell in row), strict=False))
        try:
            yield number, _line(named, known)
        except NotALine as trouble:
            yield number, trouble


def _line(named: Mapping[str, str], sorts: Mapping[str, TieSort]) -> Line:
    kind = named.get("type", "").lower()
    types = (*sorts, MEMBER, *CONTACTS)
    if kind not in types:
        raise NotALine(f"type is one of {', '.join(types)}")
    to_kind = RelationKind.ORGANIZATION if kind == MEMBER else RelationKind.PERSON
    line = Line(
        one=(_kind(named.get("from_kind", ""), RelationKind.PERSON), _name(named, "from")),
        other=(_kind(named.get("to_kind", ""), to_kind), _name(named, "to")),
        type=kind,
        since=_day(named, "since"),
        until=_day(named, "until"),
        weight=_weight(named.get("weight", "")),
        circle=named.get("circle", ""),
        may_be_asked=_answer(named, "may_be_asked"),
        may_introduce=_answer(named, "may_introduce"),
    )
    if kind in sorts and not sorts[kind].fits(line.one[0], line.other[0]):
        raise NotALine(f"{kind} does not go from a {line.one[0]} to a {line.other[0]}")
    return line


def _answer(named: Mapping[str, str], column: str) -> bool | None:
    text = named.get(column, "").lower()
    if text and text not in YES + NO:
        raise NotALine(f"{column} is yes or no, or nothing")
    return text in YES if text else None


def _name(named: Mapping[str, str], column: str) -> str:
    if not named.get(column):
        raise NotALine(f"{column} says nobody")
    return named[column][:300]


def _kind(text: str, usual: str) -> str:
    if text and text not in RelationKind.values:
        raise NotALine(f"a kind is one of {', '.join(RelationKind.values)}")
    return text or str(usual)


def _day(named: Mapping[str, str], column: str) -> date | None:
    text = named.get(column, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as trouble:
        raise NotALine(f"{column} is a day as 2026-03-31") from trouble


def _weight(text: str) -> int:
    try:
        weight = round(float(text)) if text else 1
    except (ValueError, OverflowError) as trouble:
        raise NotALine("weight is a number") from trouble
    if not 1 <= weight <= MOST:
        raise NotALine(f"weight is from 1 to {MOST}")
    return weight
