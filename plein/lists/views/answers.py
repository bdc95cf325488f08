# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the pages of all lists share: how they read an address, answer, and refuse."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import Http404, QueryDict

from plein.lists.conditions import BadFilter
from plein.lists.kinds import Known, ListKind, kind_of
from plein.lists.models import SavedView
from plein.lists.queries import find_view
from plein.lists.query import View, ViewQuery, open_view
from plein.trust.answers import Request

#: The parameters that say what a view shows; with any of them an address does not mean the saved view as it was kept.
SAYING = ("f", "q", "sort", "columns", "group")


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
