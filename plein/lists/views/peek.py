# SPDX-License-Identifier: AGPL-3.0-or-later
"""One record beside its list, and what stands before and after it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from plein.lists import query as engine
from plein.lists.conditions import BadFilter
from plein.lists.query import COUNT_CAP
from plein.lists.views.answers import Asked, asked_for, found_kind, record_of
from plein.trust.answers import Request, page


def peek_parts(request: Request, asked: Asked, record: Any) -> dict[str, Any]:
    """What the pane shows of a record: what its kind says, or all its fields."""
    kind = asked.kind
    context: dict[str, Any] = {
        "record": record,
        "name": kind.name_of(record),
        "href": kind.pages.record(record.id),
        "close_url": asked.address(),
        "template": kind.pages.peek,
    }
    if kind.pages.peek:
        return context | kind.pages.peek_context(record, request.seat)
    read = engine.records(asked.view, [record.id]) or [record]
    cells = engine.cells_of(asked.view, read)[0]
    pairs = zip(asked.view.columns, cells, strict=True)
    return context | {"details": [(column, value) for column, value in pairs if column.key != kind.name_field]}


@require_safe
def peek(request: Request, key: str, record_id: UUID) -> HttpResponse:
    """The pane by itself; without htmx the list with the pane beside it."""
    kind = found_kind(key)
    record = record_of(kind, record_id)
    try:
        asked = asked_for(request, kind)
    except BadFilter:
        return HttpResponseRedirect(kind.pages.record(record_id))
    shown = asked.address(more={"peek": record_id})
    if not request.htmx:
        return HttpResponseRedirect(shown)
    response = page(request, "lists/peek.html", {"peek": peek_parts(request, asked, record)}, part="pane")
    response.headers["HX-Push-Url"] = shown
    return response


@require_safe
def beside(request: Request, key: str, record_id: UUID) -> HttpResponse:
    """Where a record stands in the view somebody came from, and the way to its neighbours."""
    kind = found_kind(key)
    record_of(kind, record_id)
    context: dict[str, Any] = {}
    try:
        asked = asked_for(request, kind)
    except BadFilter:
        asked = None
    found = engine.neighbours(asked.view, record_id) if asked else None
    if asked and found:
        total = engine.count(asked.view)
        context = {
            "place": found.place,
            "total": f"{COUNT_CAP:,}+" if total > COUNT_CAP else str(total),
            "view_name": asked.saved.name if asked.saved else kind.plural,
            "list_url": asked.address(),
            "previous_url": _record_in(asked, found.previous),
            "next_url": _record_in(asked, found.next),
        }
    if not request.htmx:
        return HttpResponseRedirect(kind.pages.record(record_id))
    return page(request, "lists/beside.html", context)


def _record_in(asked: Asked, record_id: UUID | None) -> str:
    """The page of a record, which knows from which saved view one comes: some fields are kept for a view."""
    if record_id is None:
        return ""
    address = asked.view.kind.pages.record(record_id)
    return f"{address}?view={asked.saved.id}" if asked.saved else address
