# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to exports: ask for a list as a file, see what it will hold, fetch it."""

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel

from plein.core.paging import NotUnderstood, Words
from plein.core.payloads import Invalid, Payload, needs
from plein.dav.exports import (
    AGENDA,
    ExportFormat,
    ListName,
    NotThatFile,
    Order,
    kind_named,
    look_of,
    query_of,
    read,
    shape_of,
    sign,
)
from plein.lists.api.files import Group
from plein.lists.api.rows import Columns, Filter, asked_view
from plein.lists.api.rows import Order as Sorting
from plein.lists.conditions import BadFilter
from plein.lists.export.actions import export_list
from plein.lists.export.streaming import REMEMBERED_ABOVE, Shape, StreamedFile, file_name, narrowed
from plein.lists.models import SavedView
from plein.lists.queries import find_view
from plein.lists.query import View, count
from plein.trust.permissions import permit, require_proof
from plein.trust.seats import Entrance, seat_of

router = Router(tags=["exports"])


class ExportIn(Payload):
    """Which list, as which file. What is said beside `view`, the id of a saved view, narrows it further.

    People and organizations also go out as `vcard`; `calendar`, your own agenda, and moments as `ics`.
    """

    list: ListName
    format: ExportFormat = "csv"
    view: UUID | None = None
    filter: Filter = ""
    search: Words = ""
    columns: Columns = ""
    sort: Sorting = ""
    group: Group = ""


class ExportOut(BaseModel):
    """An export that may be fetched: `rows` is how many there are now, at most 1,000 are counted.

    One of more than 1,000 rows asks for a token that was made for what asks for a proof, and five of them go an hour.
    """

    id: str
    list: str
    format: str
    view: UUID | None
    file: str
    rows: int
    asks_for_proof: bool
    ends_at: datetime


@router.post("/exports", response={201: ExportOut}, summary="Ask for a list as a file")
@needs("export")
def create_export(request: HttpRequest, payload: ExportIn) -> Status[ExportOut]:
    """Nothing is kept of it: the file is made whenever it is fetched, within a day, as you see the list then."""
    said = payload.model_dump() | {"view": str(payload.view or "")}
    order = Order(**said)
    actor = seat_of(request)
    made = _told(request, actor, sign(actor, order), order)
    return Status(201, made)


@router.get("/exports/{export_id}", response=ExportOut, summary="Read what an export will hold")
@needs("export")
def read_export(request: HttpRequest, export_id: str) -> ExportOut:
    """How many rows there are now, and until when it may be fetched."""
    actor = seat_of(request)
    return _told(request, actor, export_id, _found(actor, export_id))


@router.get("/exports/{export_id}/file", summary="Fetch an export")
@needs("export")
def fetch_export(request: HttpRequest, export_id: str) -> StreamedFile:
    """All rows, made while they are sent. That they were taken along is noted of each record."""
    actor = seat_of(request)
    order = _found(actor, export_id)
    saved = _saved(order)
    _view, shape = _opened(request, actor, order, saved)
    made = export_list(
        actor=actor,
        query=query_of(order, saved),
        look=look_of(order.format),
        door="api",
        view_id=order.view_id,
        shape=shape,
    )
    return StreamedFile(made, name=file_name(order.list))


def _found(actor: Entrance, export_id: str) -> Order:
    order = read(actor, export_id)
    if order is None:
        raise Http404
    return order


def _saved(order: Order) -> SavedView | None:
    if order.view_id is None:
        return None
    saved = find_view(order.view_id)
    if saved is None or saved.kind != kind_named(order.list).key:
        raise Http404
    return saved


def _opened(request: HttpRequest, actor: Entrance, order: Order, saved: SavedView | None) -> tuple[View, Shape | None]:
    """What it would hold now, and as what; what is not understood is refused."""
    kind = kind_named(order.list)
    try:
        view = asked_view(request, kind, order.asked(saved))
        shape = shape_of(actor, kind, order.format, is_agenda=order.list == AGENDA, has_view=saved is not None)
    except BadFilter as trouble:
        raise NotUnderstood("filter", str(trouble)) from trouble
    except NotThatFile as trouble:
        raise Invalid({"format": str(trouble)}) from trouble
    return (narrowed(view, shape.only) if shape and shape.only else view), shape


def _told(request: HttpRequest, actor: Entrance, export_id: str, order: Order) -> ExportOut:
    permit(actor, "export")
    view, _shape = _opened(request, actor, order, _saved(order))
    rows = count(view, cap=REMEMBERED_ABOVE)
    if rows > REMEMBERED_ABOVE:
        require_proof(actor)
    signed = read(actor, export_id)
    if signed is None:
        raise Http404
    return ExportOut(
        id=export_id,
        list=order.list,
        format=order.format,
        view=order.view_id,
        file=f"/api/v1/exports/{export_id}/file",
        rows=min(rows, REMEMBERED_ABOVE),
        asks_for_proof=rows > REMEMBERED_ABOVE,
        ends_at=signed.ends_at,
    )
