# SPDX-License-Identifier: AGPL-3.0-or-later
"""The kinds of tie of the company, on pages of settings."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.core.operations import EditConflict
from plein.core.toasts import toast_later
from plein.relations import actions
from plein.relations.models import TieType
from plein.relations.queries.ties import built_in_sorts, tie_types
from plein.relations.refusals import Refused
from plein.relations.tie_forms import BecomesForm, TieTypeForm
from plein.relations.views.answers import refuse, sent
from plein.trust.answers import Request, act, allow
from plein.trust.views.frame import UNPROCESSABLE, settings_page

CONFLICT = 409


def _to_list(request: Request, words: str, operation_id: UUID) -> HttpResponse:
    toast_later(request, words, operation_id)
    return HttpResponseRedirect(reverse("relations:tie_types"))


@require_safe
def tie_type_list(request: Request) -> HttpResponse:
    """Every kind of tie: the company's own, and those Plein has itself."""
    allow(request, "manage")
    own = tie_types(with_retired=True)
    context = {
        "used": [one for one in own if not one.is_retired],
        "retired": [one for one in own if one.is_retired],
        "built_in": built_in_sorts(),
    }
    return settings_page(request, "relations/tie_types.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def tie_type_new(request: Request) -> HttpResponse:
    """Make a kind of tie."""
    allow(request, "manage")
    form = TieTypeForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            with act("add_tie_type") as done:
                made = actions.add_tie_type(actor=request.seat, facts=form.facts())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return _to_list(request, _("“%(name)s” is there.") % {"name": made.name}, done.id)
    status = UNPROCESSABLE if request.method == "POST" else 200
    return settings_page(request, "relations/tie_type.html", {"form": form}, status)


@require_http_methods(["GET", "HEAD", "POST"])
def tie_type_change(request: Request, type_id: UUID) -> HttpResponse:
    """Change how a kind reads and what it is worth."""
    allow(request, "manage")
    type = get_object_or_404(TieType.objects, id=type_id)
    form = TieTypeForm(sent(request), type=type)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                with act("change_tie_type") as done:
                    based_on = _version(request)
                    actions.change_tie_type(actor=request.seat, type=type, facts=form.facts(), based_on=based_on)
            except Refused as refusal:
                refuse(form, refusal)
            except EditConflict:
                status, type = CONFLICT, get_object_or_404(TieType.objects, id=type_id)
            else:
                return _to_list(request, _("Saved. Every tie of this kind goes by it."), done.id)
    return _page(request, type, form, BecomesForm(type=type), status)


def _page(request: Request, type: TieType, form: TieTypeForm, becomes: BecomesForm, status: int) -> HttpResponse:
    context = {"form": form, "type": type, "becomes": becomes, "is_late": status == CONFLICT}
    return settings_page(request, "relations/tie_type.html", context, status)


def _version(request: Request) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@require_POST
def tie_type_retire(request: Request, type_id: UUID) -> HttpResponse:
    """Offer a kind no longer."""
    type = get_object_or_404(TieType.objects, id=type_id)
    done = actions.retire_tie_type(actor=request.seat, type=type)
    words = _("“%(name)s” is no longer offered. The ties there are keep it.")
    return _to_list(request, words % {"name": type.name}, done.id)


@require_POST
def tie_type_back(request: Request, type_id: UUID) -> HttpResponse:
    """Offer a retired kind again."""
    type = get_object_or_404(TieType.objects, id=type_id)
    done = actions.bring_tie_type_back(actor=request.seat, type=type)
    return _to_list(request, _("“%(name)s” is in use again.") % {"name": type.name}, done.id)


@require_POST
def tie_type_remove(request: Request, type_id: UUID) -> HttpResponse:
    """Let its ties become another kind, and take it away."""
    allow(request, "manage")
    type = get_object_or_404(TieType.objects, id=type_id)
    becomes = BecomesForm(request.POST, type=type)
    if becomes.is_valid():
        try:
            done = actions.remove_tie_type(actor=request.seat, type=type, into=becomes.cleaned_data["into"])
        except Refused as refusal:
            refuse(becomes, refusal)
        else:
            words = _("“%(name)s” is gone. Its ties are of the other kind now.")
            return _to_list(request, words % {"name": type.name}, done.id)
    return _page(request, type, TieTypeForm(type=type), becomes, UNPROCESSABLE)
