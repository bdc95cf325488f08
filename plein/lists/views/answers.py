# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the pages of all lists share: how they read an address, answer, and refuse."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from plein.core.models import Operation
from plein.core.operations import operation
from plein.core.toasts import toast_later
from plein.lists.conditions import BadFilter
from plein.lists.kinds import Known, ListKind, kind_of
from plein.lists.models import SavedView
from plein.lists.queries import find_view
from plein.lists.query import View, ViewQuery, open_view
from plein.trust.permissions import Verb, may
from plein.trust.seats import Entrance

#: The parameters that say what a view shows; with any of them an address does not mean the saved view as it was kept.
SAYING = ("f", "q", "sort", "columns", "group")


class Request(HttpRequest):
    """A request as these views see it: from somebody with a seat."""

    seat: Entrance
    htmx: HtmxDetails


def page(
    request: Request, template: str, context: dict[str, Any], *, part: str = "", status: int = 200
) -> HttpResponse:
    """The whole page, or one part of it when only that was asked for."""
    name = f"{template}#{part}" if part and request.htmx else template
    response = render(request, name, {"can_write": request.seat.can_write, **context}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def allow(request: Request, verb: Verb = "write") -> None:
    """Refuse a form to somebody who may not send it."""
    if not may(request.seat, verb):
        raise PermissionDenied(verb)


@contextmanager
def act(verb: str) -> Iterator[Operation]:
    """One operation that leaves no trace at all when it is refused."""
    with transaction.atomic(), operation(verb) as done:
        yield done


def go(request: Request, address: str, text: str = "", operation_id: UUID | None = None) -> HttpResponse:
    """After an act that leads to another page: go there, and say what was done."""
    if text:
        toast_later(request, text, operation_id)
    if request.htmx:
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)


def found_kind(key: str) -> ListKind:
    try:
        return kind_of(key)
    except KeyError as unknown:
        raise Http404 from unknown


def found_view(view_id: UUID) -> SavedView:
    """A saved view the reader may use; for everything else there is nothing at that address."""
    saved = find_view(view_id)
    if saved is None:
        raise Http404
    return saved


def parameters(query: QueryDict) -> dict[str, str]:
    """The parameters of an address; columns may be given one by one."""
    found = {name: str(query[name]) for name in query}
    if "columns" in query:
        found["columns"] = ",".join(map(str, query.getlist("columns")))
    return found


def record_of(kind: ListKind, record_id: UUID) -> Any:
    """A record of a kind, as a list reads it; 404 for what may not be seen."""
    record = kind.rows().filter(id=record_id).first()
    if record is None:
        raise Http404
    return record


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: a view, and the saved view it came from, if any."""

    view: View
    saved: SavedView | None = None

    @property
    def kind(self) -> ListKind:
        return self.view.kind

    @property
    def query(self) -> ViewQuery:
        return self.view.query

    @property
    def is_changed(self) -> bool:
        """Whether it shows something else than the saved view."""
        if self.saved is None:
            return False
        kept = ViewQuery.read(self.kind, QueryDict(self.saved.query).dict())
        return bool(self.view.problems) or kept.parts() != self.query.parts()

    def address(self, path: str = "", *, more: dict[str, Any] | None = None, **changes: Any) -> str:
        """The address of this view with something changed."""
        path = path or self.kind.pages.all()
        query = replace(self.query, **changes)
        parts = {**({"view": self.saved.id} if self.saved else {}), **(more or {})}
        # All of it is said, so that nothing of the saved view slips in.
        text = query.address(is_whole=self.saved is not None, **parts)
        return f"{path}?{text}" if text else path

    def kept(self, *leaving: str) -> list[tuple[str, str]]:
        """The parameters that a form of the list sends along."""
        parts = self.query.parts(is_whole=self.saved is not None)
        if self.saved is not None:
            parts["view"] = str(self.saved.id)
        return [(name, value) for name, value in parts.items() if name not in leaving]


def asked_for(request: Request, kind: ListKind, source: QueryDict | None = None) -> Asked:
    """What an address asks for; raises BadFilter, or Http404 for a saved view that is not there."""
    sent = request.GET if source is None else source
    query = parameters(sent)
    saved = None
    if text := query.get("view", ""):
        try:
            saved = found_view(UUID(text))
        except ValueError as wrong:
            raise Http404 from wrong
        if saved.kind != kind.key:
            raise Http404
    known = Known(request.seat)
    if saved is not None and not any(name in query for name in SAYING):
        try:
            kept = ViewQuery.read(kind, QueryDict(saved.query).dict())
        except BadFilter:
            kept = ViewQuery(kind.key)
        return Asked(open_view(kept, request.seat, is_lenient=True, known=known), saved)
    return Asked(open_view(ViewQuery.read(kind, query), request.seat, known=known), saved)
