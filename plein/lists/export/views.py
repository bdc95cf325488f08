# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door to a list as a file."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods

from plein.lists.conditions import BadFilter
from plein.lists.export.actions import TooManyExports, export_list, is_large
from plein.lists.export.forms import ExportForm
from plein.lists.export.streaming import StreamedFile, file_name
from plein.lists.kinds import ListKind, kind_of
from plein.lists.queries import find_view
from plein.lists.query import ViewQuery
from plein.trust.answers import Request, page
from plein.trust.permissions import may
from plein.trust.proving import ask_for_proof

TOO_MANY = 429


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: Request, kind: str) -> HttpResponseBase:
    """Ask what kind of file it is to be, then send the view that is named in `view`."""
    try:
        found = kind_of(kind)
    except KeyError:
        raise Http404 from None
    if not may(request.seat, "export"):
        raise PermissionDenied("export")
    if request.method != "POST":
        return _ask(request, found, request.GET.urlencode(), ExportForm())
    view, form = request.POST.get("view", "").removeprefix("?"), ExportForm(request.POST)
    if not form.is_valid():
        return _ask(request, found, view, form, status=422)
    try:
        asked = QueryDict(view)
        query = ViewQuery.read(found, asked.dict())
        if is_large(actor=request.seat, query=query) and (asked_first := ask_for_proof(request)):
            return asked_first
        made = export_list(actor=request.seat, query=query, look=form.look(), view_id=_saved(asked.get("view", "")))
    except BadFilter as refusal:
        return _ask(request, found, view, form, problem=str(refusal), status=422)
    except TooManyExports as refusal:
        answer = _ask(request, found, view, form, problem=str(refusal), status=TOO_MANY)
        answer["Retry-After"] = str(refusal.wait)
        return answer
    return StreamedFile(made, name=file_name(str(found.plural)))


def _saved(text: str) -> UUID | None:
    """The saved view that is taken along, when it is one the reader may use."""
    try:
        saved = find_view(UUID(text))
    except ValueError:
        return None
    return saved.id if saved else None


def _ask(
    request: Request, kind: ListKind, view: str, form: ExportForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {"kind": kind, "view_query": view, "form": form, "problem": problem}
    return page(request, "lists/export.html", context, part="ask", status=status)
