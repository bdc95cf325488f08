# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to saved views: keep, change, pin, remove, and read what they show."""

from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext as _
from ninja.responses import Status
from pydantic import BaseModel, Field

from plein.core.audit import audit_look
from plein.core.paging import CursorText, Limit, NotUnderstood
from plein.core.payloads import Invalid, Payload, act, checked, of_form, sent
from plein.lists import actions
from plein.lists.api.door import router
from plein.lists.api.rows import Row, found_kind, rows_of
from plein.lists.conditions import BadFilter
from plein.lists.forms import ViewForm
from plein.lists.keyset import BadCursor
from plein.lists.kinds import ListKind, kind_of
from plein.lists.models import SavedView
from plein.lists.queries import find_view, views_at_hand
from plein.lists.query import PAGE, ViewQuery, open_view, page
from plein.trust.circles import describe
from plein.trust.seats import seat_of

Query = Annotated[
    str, Field(max_length=4000, description="The query string of a list: `f=place:is:Zwolle&sort=-changed`.")
]


class ViewOut(BaseModel):
    """A view with a name; `query` is the query string of its list."""

    id: UUID
    kind: str
    name: str
    query: str
    seen_by: str
    owner: UUID | None
    is_pinned: bool
    version: int


class ViewLineOut(BaseModel):
    """A view as navigation shows it."""

    id: UUID
    kind: str
    name: str
    is_pinned: bool
    is_shared: bool


class ViewList(BaseModel):
    """Views, pinned ones first."""

    items: list[ViewLineOut]


class ViewRows(BaseModel):
    """A page of what a view shows. `problems` says what of its filter can no longer be asked and was left out."""

    items: list[Row]
    next: str | None
    problems: list[str]


@of_form(ViewForm)
class NewView(Payload):
    """A view to keep under a name."""

    kind: Annotated[str, Field(max_length=20)]
    query: Query = ""


@of_form(ViewForm, partial=True)
class ViewChanges(Payload):
    """What to change of a view; what is left out stays."""

    version: Annotated[int, Field(ge=1, lt=2**31)]
    query: Query = ""


class Pinned(Payload):
    """Whether to keep a view in one's navigation."""

    is_pinned: bool


@router.get("/views", response=ViewList, summary="List the saved views")
def list_views(request: HttpRequest, kind: Annotated[str, Field(max_length=20)]) -> ViewList:
    """Those of a kind, and all pinned ones."""
    del request
    items = [
        ViewLineOut(id=one.id, kind=one.kind, name=one.name, is_pinned=one.is_pinned, is_shared=one.is_shared)
        for one in views_at_hand(found_kind(kind).key)
    ]
    return ViewList(items=items)


@router.post("/views", response={201: ViewOut}, summary="Keep a view under a name")
def save_view(request: HttpRequest, payload: NewView) -> Status[ViewOut]:
    """For oneself, a team or everyone."""
    query = _query(request, _kind(payload.kind), payload.query)
    values = checked(ViewForm(sent(payload))).cleaned_data
    with act(request, "save_view"):
        view = actions.save_view(
            actor=seat_of(request), name=values["name"], query=query, audience=values["audience"] or "me"
        )
    return Status(201, _view(view))


@router.get("/views/{view_id}", response=ViewOut, summary="Read a saved view")
def read_view(request: HttpRequest, view_id: UUID) -> ViewOut:
    """What it asks."""
    del request
    return _view(_found(view_id))


@router.get("/views/{view_id}/rows", response=ViewRows, summary="Read what a saved view shows")
def read_view_rows(request: HttpRequest, view_id: UUID, limit: Limit = PAGE, cursor: CursorText = "") -> ViewRows:
    """The same rows as its page, in the same order."""
    saved = _found(view_id)
    try:
        query = ViewQuery.read(kind_of(saved.kind), QueryDict(saved.query).dict())
        view = open_view(query, seat_of(request), is_lenient=True)
        found = page(view, cursor=cursor, limit=limit)
    except BadFilter as trouble:
        raise NotUnderstood("view_id", str(trouble)) from trouble
    except BadCursor as trouble:
        raise NotUnderstood("cursor", _("This is not the `next` of a page of this list.")) from trouble
    audit_look(view.kind.key, [row.record for row in found.rows], how="list")
    return ViewRows(items=rows_of(view, found), next=found.next or None, problems=list(view.problems))


@router.patch("/views/{view_id}", response=ViewOut, summary="Change a saved view")
def change_view(request: HttpRequest, view_id: UUID, payload: ViewChanges) -> ViewOut:
    """Its name, what it shows, or who sees it; by who made it, or an administrator."""
    view, given = _found(view_id), payload.model_fields_set
    query = _query(request, kind_of(view.kind), payload.query) if "query" in given else None
    values = checked(ViewForm({"name": view.name} | sent(payload))).cleaned_data
    with act(request, "change_view"):
        saved = actions.change_view(
            actor=seat_of(request),
            view=view,
            based_on=payload.version,
            name=values["name"] if "name" in given else None,
            query=query,
            audience=values["audience"] if "audience" in given else None,
        )
    return _view(saved)


@router.delete("/views/{view_id}", response={204: None}, summary="Remove a saved view")
def delete_view(request: HttpRequest, view_id: UUID) -> None:
    """Turning the operation back brings it back."""
    view = _found(view_id)
    with act(request, "delete_view"):
        actions.delete_view(actor=seat_of(request), view=view)


@router.put("/views/{view_id}/pin", response={204: None}, summary="Keep a view in one's navigation, or no longer")
def pin_view(request: HttpRequest, view_id: UUID, payload: Pinned) -> None:
    """For oneself only."""
    actions.pin_view(actor=seat_of(request), view=_found(view_id), is_pinned=payload.is_pinned)


def _kind(key: str) -> ListKind:
    try:
        return kind_of(key)
    except KeyError:
        raise Invalid({"kind": _("There is no list of this kind.")}) from None


def _query(request: HttpRequest, kind: ListKind, text: str) -> ViewQuery:
    try:
        query = ViewQuery.read(kind, QueryDict(text).dict())
        open_view(query, seat_of(request))
    except BadFilter as trouble:
        raise Invalid({"query": str(trouble)}) from trouble
    return query


def _found(view_id: UUID) -> SavedView:
    view = find_view(view_id)
    if view is None:
        raise Http404
    return view


def _view(view: SavedView) -> ViewOut:
    return ViewOut(
        id=view.id,
        kind=view.kind,
        name=view.name,
        query=view.query,
        seen_by=describe(view.circle_id),
        owner=view.owner_id,
        is_pinned=any(one.id == view.id and one.is_pinned for one in views_at_hand(view.kind)),
        version=view.version,
    )
