# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to the lists: the same columns, filters and orders as on the pages, by the same text."""

from datetime import time
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from plein.core.paging import CursorText, Limit, NotUnderstood, Words
from plein.lists.api.door import router
from plein.lists.conditions import BadFilter
from plein.lists.fields import Chosen, Money, Ref, Value
from plein.lists.keyset import BadCursor
from plein.lists.kinds import Known, ListKind, kind_of, kinds
from plein.lists.query import COUNT_CAP, PAGE, ListPage, View, ViewQuery, count, open_view, page
from plein.trust.seats import seat_of

Filter = Annotated[
    str, Field(max_length=3000, description="The filter, as it stands in the address of a list: `place:is:Zwolle`.")
]
Columns = Annotated[str, Field(max_length=2000, description="Which columns, with commas between them.")]
Order = Annotated[str, Field(max_length=90, description="By which column; a minus turns the order round.")]


class KindOut(BaseModel):
    """A kind of list."""

    kind: str
    words: str


class KindList(BaseModel):
    """The lists there are."""

    items: list[KindOut]


class FieldOut(BaseModel):
    """What a list can show, ask and sort by; `operators` are what can be asked of it."""

    key: str
    label: str
    type: str
    operators: list[str]
    is_column: bool
    may_sort: bool
    may_change: bool


class FieldList(BaseModel):
    """The fields of a list that the reader may see."""

    items: list[FieldOut]


class Row(BaseModel):
    """A line of a list: what it is, and the values of the columns that were asked for."""

    id: UUID
    name: str
    cells: dict[str, Any]


class RowList(BaseModel):
    """A page of a list, and where the next one starts."""

    items: list[Row]
    next: str | None


class CountOut(BaseModel):
    """How many there are; with `is_more` at least so many."""

    count: int
    is_more: bool


@router.get("/lists", response=KindList, summary="List the lists")
def list_kinds(request: HttpRequest) -> KindList:
    """Each kind of record has one."""
    del request
    return KindList(items=[KindOut(kind=one.key, words=str(one.plural)) for one in kinds()])


@router.get("/lists/{kind}/fields", response=FieldList, summary="List what a list can show, ask and sort by")
def list_fields(request: HttpRequest, kind: str) -> FieldList:
    """Those that the reader may see, the company's own included."""
    found = Known(seat_of(request)).of(found_kind(kind).key)
    return FieldList(
        items=[
            FieldOut(
                key=one.key,
                label=str(one.label),
                type=str(one.type.value),
                operators=[operator.key for operator in one.asked] if one.where is not None else [],
                is_column=one.is_column,
                may_sort=one.sort is not None,
                may_change=one.edit is not None,
            )
            for one in found.values()
        ]
    )


@router.get("/lists/{kind}", response=RowList, summary="Read a list")
def read_list(
    request: HttpRequest,
    kind: str,
    f: Filter = "",
    q: Words = "",
    columns: Columns = "",
    sort: Order = "",
    limit: Limit = PAGE,
    cursor: CursorText = "",
) -> RowList:
    """The same as the page with this address shows, in the same order; what cannot be asked there is refused here."""
    view = asked_view(request, found_kind(kind), {"f": f, "q": q, "columns": columns, "sort": sort})
    try:
        found = page(view, cursor=cursor, limit=limit)
    except BadCursor as trouble:
        raise NotUnderstood("cursor", _("This is not the `next` of a page of this list.")) from trouble
    return RowList(items=rows_of(view, found), next=found.next or None)


@router.get("/lists/{kind}/count", response=CountOut, summary="Count a list")
def count_list(request: HttpRequest, kind: str, f: Filter = "", q: Words = "") -> CountOut:
    """No further than a thousand."""
    found = count(asked_view(request, found_kind(kind), {"f": f, "q": q}))
    return CountOut(count=min(found, COUNT_CAP), is_more=found > COUNT_CAP)


def rows_of(view: View, found: ListPage) -> list[Row]:
    """The lines of a page as the door shows them."""
    keys = [column.key for column in view.columns]
    return [
        Row(
            id=row.record.id,
            name=view.kind.name_of(row.record),
            cells={key: plain(cell) for key, cell in zip(keys, row.cells, strict=True)},
        )
        for row in found.rows
    ]


def found_kind(key: str) -> ListKind:
    """A kind of list; for everything else there is nothing at that address."""
    try:
        return kind_of(key)
    except KeyError:
        raise Http404 from None


def asked_view(request: HttpRequest, kind: ListKind, asked: dict[str, str]) -> View:
    """The view that was asked for, and never a wider one: what is not understood is refused."""
    # An empty filter means none at all here; the page begins with the usual one of its kind.
    query: dict[str, Any] = {name: text for name, text in asked.items() if text or name == "f"}
    try:
        wanted = ViewQuery.read(kind, query)
        view = open_view(wanted, seat_of(request))
    except BadFilter as trouble:
        raise NotUnderstood("f", str(trouble)) from trouble
    unknown = [key for key in asked.get("columns", "").split(",") if key and not _is_column(view, key)]
    if unknown:
        raise NotUnderstood("columns", _("There is no column %(name)s here.") % {"name": unknown[0][:90]})
    order = asked.get("sort", "").removeprefix("-")
    if order and (order not in view.fields or view.fields[order].sort is None):
        raise NotUnderstood("sort", _("This list cannot be sorted by %(name)s.") % {"name": order[:90]})
    return view


def _is_column(view: View, key: str) -> bool:
    return key in view.fields and view.fields[key].is_column


def plain(value: Value | None) -> Any:
    """A cell as JSON holds it."""
    match value:
        case Ref():
            return {"id": value.id, "name": value.name, "kind": value.kind}
        case Chosen():
            return {"key": value.key, "words": value.words}
        case Money():
            return {"amount": str(value.amount), "currency": value.currency}
        case Decimal() | time():
            return str(value)
        case tuple():
            return [plain(one) for one in value]
    return value
