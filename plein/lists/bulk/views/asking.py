# SPDX-License-Identifier: AGPL-3.0-or-later
"""Before something is done with many rows: how many, what is needed for it, and whether it is meant."""

from dataclasses import dataclass
from itertools import islice

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plein.core.toasts import toast_later
from plein.lists.bulk import actions, wording
from plein.lists.bulk.acts import Act, CannotChange, WishRefused, act_of
from plein.lists.bulk.views.answers import go, list_behind
from plein.lists.bulk.waiting import wait_for
from plein.lists.conditions import BadFilter
from plein.lists.selection import Selection
from plein.trust.answers import Request, page
from plein.trust.audience import AudienceField, audience_sent
from plein.trust.permissions import may

#: Above so many, what takes them away asks for a typed number.
TYPED_ABOVE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to do, with which of them, how many those are, and the form that goes with it."""

    kind: str
    act: Act
    selection: Selection
    count: int
    form: Form | None


@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: Request, kind: str, act: str) -> HttpResponseBase:
    """Say how many it is about and ask what is needed; then, with `go`, do it."""
    chosen = _found(request, kind, act)
    if request.method != "POST":
        return page(request, "lists/bulk.html", {}, part="nothing")
    try:
        selection = selection_of(request, kind)
        count = selection.count(request.seat, cap=actions.MOST)
    except BadFilter as refusal:
        return _leave(request, kind, str(refusal))
    if not count:
        return _leave(request, kind, _("Choose at least one in the list first."))
    if chosen.leads is not None:
        return _lead(request, kind, chosen, selection)
    goes = "go" in request.POST and not (chosen.steps and chosen.steps.is_not_chosen(request.POST))
    form = chosen.form(request.POST) if goes and chosen.form else chosen.opened(request.POST)
    asked = Asked(kind, chosen, selection, count, form)
    if not goes:
        return _ask(request, asked)
    if problem := _unconfirmed(request, asked):
        return _ask(request, asked, problem=problem, status=422)
    return _begin(request, asked)


def _lead(request: Request, kind: str, act: Act, selection: Selection) -> HttpResponseBase:
    """To the page on which an act about all of the chosen ones takes place."""
    ids = [one for batch in islice(selection.batches(request.seat), 1) for one in batch]
    try:
        return go(request, act.leads(ids) if act.leads else list_behind(request, kind))
    except CannotChange as refusal:
        return _leave(request, kind, str(refusal))


def _found(request: Request, kind: str, act: str) -> Act:
    try:
        chosen = act_of(kind, act)
    except CannotChange:
        raise Http404 from None
    if not may(request.seat, chosen.permission):
        raise PermissionDenied(chosen.permission)
    return chosen


def selection_of(request: HttpRequest, kind: str) -> Selection:
    """What was ticked, or the whole view; the dialog sends ticked ones in one field."""
    ticked = [one for text in request.POST.getlist("ids") for one in text.split(",")]
    return Selection.read(kind, request.POST, ticked)


def _ask(request: Request, asked: Asked, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {
        "act": asked.act,
        "kind": asked.kind,
        "form": asked.form,
        "has_more": asked.act.steps is not None and not (asked.form and len(asked.form.fields) > 1),
        "selection": asked.selection,
        "ids": ",".join(map(str, asked.selection.chosen)),
        "count": asked.count,
        "counted": wording.counted(asked.kind, asked.count),
        "word": str(asked.count) if asked.act.is_removal and asked.count > TYPED_ABOVE else "",
        "is_later": asked.count > actions.AT_ONCE,
        "next_url": list_behind(request, asked.kind),
        "problem": problem,
    }
    return page(request, "lists/bulk.html", context, part="ask", status=status)


def _unconfirmed(request: Request, asked: Asked) -> str:
    """Why something that takes rows away cannot begin yet, if so."""
    if not asked.act.is_removal or asked.count <= TYPED_ABOVE:
        return ""
    count = {"count": asked.count}
    if request.POST.get("counted") != str(asked.count):
        return _("There are %(count)s now. Look once more whether you mean all of them.") % count
    if request.POST.get("confirm", "").strip() != str(asked.count):
        return _("Type %(count)s to show that you mean all of them.") % count
    return ""


def _begin(request: Request, asked: Asked) -> HttpResponseBase:
    fields = asked.form.fields if asked.form else {}
    wish = {
        name: [audience_sent(request.POST, name)] if isinstance(field, AudienceField) else request.POST.getlist(name)
        for name, field in fields.items()
        if name in request.POST
    }
    ids = (one for batch in asked.selection.batches(request.seat) for one in batch)
    try:
        run = actions.change_many(actor=request.seat, kind=asked.kind, ids=ids, act=asked.act.key, wish=wish)
    except WishRefused:
        return _ask(request, asked, status=422)
    except CannotChange as refusal:
        return _ask(request, asked, problem=str(refusal), status=422)
    back = list_behind(request, asked.kind)
    if run.finished_at is None:
        wait_for(request, run.id)
        return go(request, f"{reverse('lists:bulk_run', args=[run.id])}?{urlencode({'next': back})}")
    toast_later(request, wording.result(run), run.operation_id if run.changed else None)
    return go(request, reverse("lists:bulk_run", args=[run.id]) if run.failed else back)


def _leave(request: Request, kind: str, words: str) -> HttpResponseBase:
    if request.htmx:
        return page(request, "lists/bulk.html", {"problem": words}, part="refused", status=422)
    toast_later(request, words)
    return HttpResponseRedirect(list_behind(request, kind))
