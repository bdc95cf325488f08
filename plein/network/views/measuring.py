# SPDX-License-Identifier: AGPL-3.0-or-later
"""The settings of strength: how it is measured, and what another measure would make of the ties one has."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plein.core.audit import audit_look
from plein.core.operations import operation
from plein.core.toasts import toast_later
from plein.network import actions
from plein.network.forms.measuring import MeasureForm
from plein.network.pictures.around import strength_bars
from plein.network.queries.effects import effects
from plein.network.queries.measuring import is_own_measure, measure
from plein.trust.answers import Request, allow
from plein.trust.views.frame import UNPROCESSABLE, settings_page


@require_http_methods(["GET", "HEAD", "POST"])
def strength(request: Request) -> HttpResponse:
    """How strength is measured; another measure can be looked at before it is chosen."""
    allow(request, "manage")
    if request.method != "POST":
        return _page(request, MeasureForm(measure=measure()))
    form = MeasureForm(request.POST, measure=measure())
    if "look" not in request.POST:
        return _changed(request, form)
    if form.is_valid():
        return _page(request, form, preview=_lines(request, form))
    return _page(request, form, status=UNPROCESSABLE)


def _changed(request: Request, form: MeasureForm) -> HttpResponse:
    with operation("set_measure") as done:
        if "as_plein" in request.POST:
            actions.measure_as_plein(actor=request.seat)
        elif form.is_valid():
            actions.set_measure(actor=request.seat, measure=form.measure())
        else:
            return _page(request, form, status=UNPROCESSABLE)
    toast_later(request, _("Strength is measured so from now on."), done.id)
    return HttpResponseRedirect(reverse("network:strength"))


def _lines(request: Request, form: MeasureForm) -> list[dict[str, Any]]:
    found = effects(form.measure(), request.seat.seat_id)
    audit_look("relation", [one.relation for one in found], how="list")
    return [
        {
            "relation": one.relation,
            "now": round(100 * one.strength),
            "then": round(100 * one.would_be),
            "bars": strength_bars(one.strength),
            "bars_then": strength_bars(one.would_be),
        }
        for one in found
    ]


def _page(
    request: Request, form: MeasureForm, *, preview: list[dict[str, Any]] | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "preview": preview, "is_own": is_own_measure()}
    return settings_page(request, "network/strength.html", context, status)
