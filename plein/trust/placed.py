# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that can be put in a circle, by kind: what it is called, what moves along, and what puts it there.

This package knows none of the kinds: `plein/web/placed_kinds.py` registers what there is. A new kind is one line there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import F, IntegerField, QuerySet, TextField, UUIDField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.functional import Promise

from plein.core.audit import InACircle, Shown, audit_look
from plein.core.isolation import default_circle_id
from plein.core.records import Record
from plein.trust.circles import Audience, circle_key, seats_of_audience, seats_within
from plein.trust.readers import Readers
from plein.trust.seats import Entrance

type Words = str | Promise
type Rows = Callable[[Any], QuerySet[Any, Any]]

#: The choice of what belongs to something else: as that, and no narrower.
SAME = "same"
#: How many rows of a kind are counted and named at most; there may be more.
MOST_COUNTED, MOST_NAMED = 100, 5


def rows_of(model: type[Record], about: str) -> Rows:
    """The rows of a model that say by the column `about` which record they belong to."""

    def rows(record: Any) -> QuerySet[Any, Any]:
        found: QuerySet[Any, Any] = model.objects.filter(**{about: record.id})
        return found

    return rows


@dataclass(frozen=True, slots=True)
class Whose:
    """Of what a row tells the name, where that is another record: its kind, and the columns of its id and circle."""

    kind: str
    id: str = "id"
    circle: str = "circle_id"


@dataclass(frozen=True, slots=True)
class Along:
    """Rows that follow a record to its circle: what they are called, which they are, what names each, and whose name
    that is, for the log of who sees it.
    """

    words: Words
    rows: Rows
    name: str | Combinable
    whose: Whose | None = None


@dataclass(frozen=True, slots=True)
class Also:
    """Records that stand beside a record, and that its mover may want to move in the same act, by their ids."""

    key: str
    words: Words
    help: Words
    rows: Rows
    name: str | Combinable
    move: Callable[[Entrance, Any, list[UUID], str], None]
    whose: Whose | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Something of a record that has readers of its own: its words, kind and id."""

    words: str
    key: str
    id: UUID


def _none(record: Any) -> list[Any]:
    del record
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A kind of record that lives in a circle.

    key         in addresses, as programs call them: "relations"
    thing       what people call one
    verb        of the operation that moves one
    move        puts one in the circle of an audience, inside an operation that is open; SAME for no narrower.
                None for what has no readers of its own to choose: `follows` says then how they are chosen
    sides       the names of the records of which one must see all to see this
    named       the records that its name and its sides name, for the log of who sees them
    parts       what of it has readers of its own, as far as the reader sees it
    is_narrower whether it may be narrower than what it belongs to, and never wider
    """

    key: str
    thing: Words
    model: type[Record]
    name_of: Callable[[Any], str]
    page: Callable[[Any], str]
    verb: str = ""
    move: Callable[[Entrance, Any, str], None] | None = None
    follows: Words = ""
    sides: Callable[[Any], Sequence[str]] = _none
    named: Callable[[Any], Sequence[InACircle | None]] = _none
    parts: Callable[[Any], Sequence[Part]] = _none
    along: tuple[Along, ...] = ()
    also: tuple[Also, ...] = ()
    is_narrower: bool = False

    def find(self, record_id: UUID) -> Any | None:
        """The record, when the reader sees it."""
        return self.model.objects.filter(id=record_id).first()


@dataclass(frozen=True, slots=True)
class Moving:
    """What would move: the words, how many of them the reader sees, and the names of some."""

    words: str
    count: int
    names: list[str]
    has_more: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a move would do: what goes along, and who among the colleagues loses sight of it and who gains it."""

    along: list[Moving]
    also: dict[str, Moving]
    losing: list[str]
    gaining: list[str]
    keeping: int


_kinds: dict[str, Placed] = {}


def register_placed(*kinds: Placed) -> None:
    """Say what can be put in a circle."""
    for kind in kinds:
        _kinds.setdefault(kind.key, kind)


def add_to_placed(key: str, *, along: Sequence[Along] = (), also: Sequence[Also] = ()) -> None:
    """Add what another domain hangs on a kind."""
    known = _kinds[key]
    _kinds[key] = replace(
        known,
        along=known.along + tuple(one for one in along if one not in known.along),
        also=known.also + tuple(one for one in also if one not in known.also),
    )


def placed_kinds() -> list[Placed]:
    """All kinds, in the order they were registered."""
    return list(_kinds.values())


def placed_of(key: str) -> Placed:
    """The kind of that key; raises KeyError."""
    return _kinds[key]


def mark_of(record: Any) -> str:
    """What tells whether a record was moved since somebody looked: a seal on its circle, which itself stays inside."""
    place = f"{getattr(record, 'own_circle_id', None)}/{record.circle_id}"
    return salted_hmac("plein.placed", f"{record.id}/{place}", algorithm="sha256").hexdigest()[:24]


def is_as_seen(record: Any, mark: str) -> bool:
    """Whether the record is where it was when somebody looked."""
    return constant_time_compare(mark, mark_of(record))


def key_of(kind: Placed, record: Any) -> str:
    """The key of the audience a record was put in, or "" when the reader could not choose it."""
    if not kind.is_narrower:
        return circle_key(record.circle_id)
    return SAME if record.own_circle_id is None else circle_key(record.own_circle_id)


def first_choices(kind: Placed, words: Words) -> list[tuple[str, Words]]:
    """The choices that only some kinds have."""
    return [(SAME, words)] if kind.is_narrower else []


def look_at(kind: Placed, record: Any) -> None:
    """Log that somebody sees what is told of who sees a record: itself, and what it names."""
    audit_look("record", [record, *kind.named(record)])


def preview(kind: Placed, record: Any, audience: str, seen: Readers) -> Preview:
    """What putting a record in the circle of an audience would do. It writes nothing, not even a new circle.

    Everything is counted as far as the reader sees it: what is hidden from them moves along untold.
    """
    seats = seen.colleagues
    present = {one.seat_id for one in seen.readers}
    wanted = _reached(audience, _circles_above(record) if kind.is_narrower else [], seats)
    along, also = _moving(kind, record)
    return Preview(
        along=along,
        also=also,
        losing=sorted((seats[one] for one in present - wanted), key=str.casefold),
        gaining=sorted((seats[one] for one in wanted - present), key=str.casefold),
        keeping=len(present & wanted),
    )


def _reached(audience: str, bounds: list[int], seats: dict[UUID, str]) -> set[UUID]:
    within = seats_within(bounds, seats) if bounds else set(seats)
    return within if audience == SAME else seats_of_audience(audience, within)


def _circles_above(record: Any) -> list[int]:
    """The circles of what a record belongs to; who sees the record sees all of those."""
    above = [getattr(record, name) for name in record.isolation.parents]
    return [one.circle_id for one in above if one is not None]


def _moving(kind: Placed, record: Any) -> tuple[list[Moving], dict[str, Moving]]:
    """What goes along and what may, read in one statement."""
    asked: list[Along | Also] = [*kind.along, *kind.also]
    if not asked:
        return [], {}
    reads = [_names(number, one, one.rows(record)) for number, one in enumerate(asked)]
    found: list[list[str]] = [[] for _one in asked]
    whose: list[list[tuple[str, Shown]]] = [[] for _one in asked]
    for number, name, id, circle in reads[0].union(*reads[1:], all=True) if len(reads) > 1 else reads[0]:
        found[number].append(name)
        if id is not None and circle is not None:
            whose[number].append((name, Shown(id, circle)))
    told = [_told(str(one.words), names) for one, names in zip(asked, found, strict=True)]
    for one, moving, those in zip(asked, told, whose, strict=True):
        if one.whose is not None:
            audit_look(one.whose.kind, [shown for name, shown in those if name in moving.names], how="list")
    size = len(kind.along)
    beside = {one.key: moving for one, moving in zip(kind.also, told[size:], strict=True) if moving.count}
    return [one for one in told[:size] if one.count], beside


def _names(number: int, one: Along | Also, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """What the rows that move are called, and whose names those are."""
    said = F(one.name) if isinstance(one.name, str) else one.name
    id, circle = (F(one.whose.id), F(one.whose.circle)) if one.whose else (Value(None), Value(None))
    told = rows.order_by("id").annotate(
        asked=Value(number),
        shown=Coalesce(Cast(said, TextField()), Value(""), output_field=TextField()),
        whose=Cast(id, UUIDField()),
        whose_circle=Cast(circle, IntegerField()),
    )
    read: QuerySet[Any, Any] = told.values_list("asked", "shown", "whose", "whose_circle")[: MOST_COUNTED + 1]
    return read


def _told(words: str, names: list[str]) -> Moving:
    told = list(dict.fromkeys(name for name in names if name))
    count = min(len(names), MOST_COUNTED)
    return Moving(words, count, told[:MOST_NAMED], len(names) > MOST_COUNTED)


def is_open(record: Any) -> bool:
    """Whether everyone here sees it."""
    return bool(record.circle_id == default_circle_id())


__all__ = [
    "MOST_COUNTED",
    "SAME",
    "Along",
    "Also",
    "Audience",
    "Moving",
    "Part",
    "Placed",
    "Preview",
    "Whose",
    "add_to_placed",
    "first_choices",
    "is_as_seen",
    "is_open",
    "key_of",
    "look_at",
    "mark_of",
    "placed_kinds",
    "placed_of",
    "preview",
    "register_placed",
    "rows_of",
]
