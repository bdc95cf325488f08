# SPDX-License-Identifier: AGPL-3.0-or-later
"""A view is an address: what a list shows, sorted how, in which columns. Here it is read, written and asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django.db.models import Case, IntegerField, QuerySet, Value, When

from plein.lists.asking import Asking
from plein.lists.conditions import Conditions, Test, parse, write
from plein.lists.driving import Asked, Way
from plein.lists.fields import ListField
from plein.lists.fields import Value as CellValue
from plein.lists.keyset import Cursor, Segment, decode, turned
from plein.lists.kinds import Known, ListKind, kind_of
from plein.trust.seats import Entrance

PAGE = 50
#: A list is never counted further than this, and nobody's place in it either.
COUNT_CAP = 1000
#: How many records a search text brings into a list at most: by itself, and before other filters narrow it.
FOUND, FOUND_BEFORE_FILTERS = 200, 2000
LONGEST_SEARCH, MOST_COLUMNS, LONGEST_KEY = 200, 20, 90
#: Signs that stand in an address as they are: it can be read aloud.
READABLE = "~,;():.-_"


@dataclass(frozen=True, slots=True)
class ViewQuery:
    """What a list shows, as it stands in its address. Empty columns and an empty sort are those of the kind."""

    kind: str
    conditions: Conditions = ()
    q: str = ""
    columns: tuple[str, ...] = ()
    sort: str = ""
    group: str = ""

    @classmethod
    def read(cls, kind: ListKind, query: Mapping[str, Any]) -> "ViewQuery":
        """The view in an address; raises BadFilter when its filter cannot be read."""
        legacy = kind.legacy(query)
        text = str(query["f"]) if "f" in query else ("" if legacy else kind.start)
        columns = dict.fromkeys(key for key in _keys(query.get("columns", "")) if key != kind.name_field)
        return cls(
            kind=kind.key,
            conditions=parse(text) + legacy,
            q=str(query.get("q", "")).replace("\x00", "").strip()[:LONGEST_SEARCH],
            columns=tuple(columns)[:MOST_COLUMNS],
            sort=_key(query.get("sort", "")),
            group=_key(query.get("group", "")),
        )

    @property
    def start(self) -> Conditions:
        """The questions of the list when its address has none."""
        return parse(kind_of(self.kind).start)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.conditions)

    def parts(self, *, is_whole: bool = False) -> dict[str, str]:
        """The parameters of the address; what is as usual is left out, the filter not when `is_whole`."""
        found = {"q": self.q, "columns": ",".join(self.columns), "sort": self.sort, "group": self.group}
        parts = {name: value for name, value in found.items() if value}
        is_usual = self.conditions == self.start and not is_whole
        return parts if is_usual else {"f": write(self.conditions), **parts}

    def address(self, *, is_whole: bool = False, **more: Any) -> str:
        """The query string of this view, with further parameters."""
        parts = self.parts(is_whole=is_whole) | {name: str(value) for name, value in more.items() if value}
        return urlencode(parts, safe=READABLE, quote_via=quote)


def _key(text: object) -> str:
    key = str(text)[:LONGEST_KEY]
    return key if key.isascii() and key.replace(".", "").replace("_", "").replace("-", "").isalnum() else ""


def _keys(text: object) -> list[str]:
    return [key for part in str(text)[:2000].split(",") if (key := _key(part))]


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of a list: the record, its cells in the order of the columns, and the heading above it, if any."""

    record: Any
    cells: list[CellValue]
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list and where the next one starts."""

    rows: list[ListRow]
    next: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a record stands in a view: its place from 1 on (None past the cap), and who is beside it."""

    place: int | None
    previous: UUID | None
    next: UUID | None


@dataclass(frozen=True, slots=True)
class View:
    """A view for one reader: its fields found, its questions understood. `problems` are sentences for the reader."""

    query: ViewQuery
    kind: ListKind
    known: Known
    fields: Mapping[str, ListField]
    columns: tuple[ListField, ...]
    segments: tuple[Segment, ...]
    asked: tuple[Asked, ...]
    way: Way
    group: ListField | None
    problems: tuple[str, ...] = ()

    def shown(self, *, is_sorted: bool = False) -> QuerySet[Any, Any]:
        """The records of this view, unsorted; `is_sorted` when only the first ones of an order will be asked for."""
        rows = self.kind.rows()
        if self.query.q and self.kind.search is not None:
            rows = rows.filter(id__in=self.kind.search(self.query.q, self.search_limit))
            return reduce(lambda found, one: found.filter(one.condition) if one.condition else found, self.asked, rows)
        return self.way.through(rows, is_sorted=is_sorted)

    @property
    def search_limit(self) -> int:
        """How many records the search text may bring in."""
        return FOUND_BEFORE_FILTERS if self.query.conditions else FOUND

    @property
    def is_falling(self) -> bool:
        return self.query.sort.startswith("-")


def open_view(query: ViewQuery, actor: Entrance, *, is_lenient: bool = False, known: Known | None = None) -> View:
    """Find out what a view asks, for this reader.

    Raises BadFilter for what cannot be asked, unless lenient: then it is left out, and `problems` says so.
    """
    kind, known = kind_of(query.kind), known or Known(actor)
    asking = Asking(known, is_lenient=is_lenient)
    conditions = asking.understood(kind, query.conditions)
    query = replace(query, conditions=conditions)
    asked = tuple(Asked(asking.condition(kind, node), asking.reached(kind, node)) for node in conditions)
    fields = known.of(kind.key)
    named = fields[kind.name_field]
    chosen = [fields[key] for key in query.columns or kind.columns if key in fields and fields[key].is_column]
    group = fields.get(query.group)
    if group is not None and (group.sort is None or group.heading is None):
        group = None
    return View(
        query=query,
        kind=kind,
        known=known,
        fields=fields,
        columns=(named, *(one for one in chosen if one is not named)),
        segments=segments_for(query, kind, fields, group),
        asked=asked,
        way=Way(kind.model._meta.db_table, asked),
        group=group,
        problems=tuple(asking.problems),
    )


def segments_for(
    query: ViewQuery, kind: ListKind, fields: Mapping[str, ListField], group: ListField | None
) -> tuple[Segment, ...]:
    """The order of a list: by its group, else as asked; by a value of which only one is shown it is the usual one."""
    wanted = query.sort or kind.sort
    if wanted.removeprefix("-") not in fields or fields[wanted.removeprefix("-")].sort is None:
        wanted = kind.sort
    falls, key = wanted.startswith("-"), wanted.removeprefix("-")
    if group is not None and group.key != key:
        falls, key = kind.sort.startswith("-") and kind.sort[1:] == group.key, group.key
    alone = {
        one.field for one in query.conditions
        if isinstance(one, Test) and one.operator == "is" and len(one.values) == 1
    }  # fmt: skip
    if group is None and key in alone:
        key = kind.sort.removeprefix("-")
    segments = fields[key].sort or ()
    return turned(segments) if falls else segments


def _read_with(rows: QuerySet[Any, Any], columns: Iterable[ListField]) -> QuerySet[Any, Any]:
    related: dict[str, None] = {}
    annotations: dict[str, Any] = {}
    for column in columns:
        related |= dict.fromkeys(column.related)
        annotations |= column.annotations()
    if related:
        rows = rows.select_related(*related)
    return rows.annotate(**annotations) if annotations else rows


def _walk(view: View, rows: QuerySet[Any, Any], start: Cursor | None, limit: int) -> list[tuple[int, Any]]:
    """The next records in the order of the view, each with the number of its stretch."""
    found: list[tuple[int, Any]] = []
    for number in range(start.segment if start else 0, len(view.segments)):
        segment = view.segments[number]
        stretch = rows.annotate(**segment.annotations()).filter(segment.only)
        if start and number == start.segment:
            stretch = stretch.filter(segment.after(start.values))
        found += [(number, row) for row in stretch.order_by(*segment.ordering())[: limit - len(found)]]
        if len(found) >= limit:
            break
    return found


def cells_of(view: View, records: Sequence[Any]) -> list[list[CellValue]]:
    """The values of the columns for some records that were read with them; one statement a column at most."""
    loaded = {one.key: one.load(records) for one in view.columns if one.load is not None and records}
    return [
        [
            loaded[one.key].get(record.id) if one.key in loaded else one.value(record) if one.value else None
            for one in view.columns
        ]
        for record in records
    ]


def prepared(view: View, records: list[Any]) -> list[Any]:
    """The records with what their fields need besides their columns."""
    if view.kind.prepare is not None and records:
        view.kind.prepare(records)
    return records


def page(view: View, *, cursor: str = "", limit: int = PAGE) -> ListPage:
    """One page of a list; raises BadCursor."""
    start = decode(cursor, view.segments)
    columns = [*view.columns, *([view.group] if view.group else [])]
    found = _walk(view, _read_with(view.shown(is_sorted=True), columns), start, limit + 1)
    following = ""
    if len(found) > limit:
        number, last = found[limit - 1]
        following = Cursor(number, view.segments[number].values_of(last)).encode(view.segments)
    records = prepared(view, [record for _number, record in found[:limit]])
    headings = _headings(view, records)
    cells = cells_of(view, records)
    return ListPage(
        [ListRow(*parts) for parts in zip(records, cells, headings, strict=True)],
        following,
    )


def _headings(view: View, records: Sequence[Any]) -> list[str | None]:
    """Above which rows a heading stands: where the group changes. A further page repeats the one it goes on with."""
    if view.group is None or view.group.heading is None:
        return [None] * len(records)
    group, heading = view.group, view.group.heading
    loaded = group.load(records) if group.load and records else {}
    found: list[str | None] = []
    before: str | None = None
    for record in records:
        value = group.value(record) if group.value else loaded.get(record.id)
        key, words = heading(value)
        found.append(words if key != before else None)
        before = key
    return found


def count(view: View, *, cap: int = COUNT_CAP) -> int:
    """How many records there are, counted no further than just past the cap."""
    if not view.query.q and (found := view.way.count(view.kind.rows(), cap)) is not None:
        return found
    rows = view.shown()
    # In an index of the usual order, counting stops where the cap is; without one the planner reads on and on.
    order = () if view.query.is_narrowed else view.segments[0].ordering() if len(view.segments) == 1 else ()
    return rows.order_by(*order)[: cap + 1].count()


def ids(view: View, *, after: UUID | None = None, limit: int = 1000) -> list[UUID]:
    """The next ids of a view in the order of the ids, for work in batches: give the last one back as `after`."""
    rows = view.shown()
    if after is not None:
        rows = rows.filter(id__gt=after)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def records(view: View, chosen: Sequence[UUID]) -> list[Any]:
    """Some records of the view's kind, read with its columns, in the order given; what is gone is left out."""
    rows = _read_with(view.kind.rows().filter(id__in=list(chosen)), view.columns)
    found = {record.id: record for record in rows}
    return prepared(view, [found[one] for one in chosen if one in found])


def neighbours(view: View, record_id: UUID) -> Neighbours | None:
    """Where a record stands in a view, or None when it is not in it."""
    rows = view.shown()
    annotations: dict[str, Any] = {}
    for segment in view.segments:
        annotations |= segment.annotations()
    which: Any = Value(0)
    if len(view.segments) > 1:
        stretches = [When(segment.only, then=Value(number)) for number, segment in enumerate(view.segments)]
        which = Case(*stretches, output_field=IntegerField())
    record = rows.annotate(**annotations).annotate(stretch=which).filter(id=record_id).first()
    if record is None or record.stretch is None:
        return None
    here = Cursor(record.stretch, view.segments[record.stretch].values_of(record))
    following = _walk(view, rows, here, 1)
    back = replace(view, segments=turned(reversed(view.segments)))
    there = Cursor(len(view.segments) - 1 - here.segment, here.values)
    before = _walk(back, rows, there, 1)
    return Neighbours(
        place=_place(back, rows, there),
        previous=before[0][1].id if before else None,
        next=following[0][1].id if following else None,
    )


def _place(back: View, rows: QuerySet[Any, Any], there: Cursor) -> int | None:
    """How many stand before, plus one; None past the cap."""
    before = 0
    for number in range(there.segment, len(back.segments)):
        segment = back.segments[number]
        stretch = rows.annotate(**segment.annotations()).filter(segment.only)
        if number == there.segment:
            stretch = stretch.filter(segment.after(there.values))
        before += stretch.order_by(*segment.ordering())[: COUNT_CAP - before].count()
        if before >= COUNT_CAP:
            return None
    return before + 1
