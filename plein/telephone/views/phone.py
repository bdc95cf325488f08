# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of the telephone: the last calls, a number to call, and which telephone is whose."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plein.core.audit import audit_look
from plein.telephone import actions
from plein.telephone.forms import ExchangeForm, LineForm
from plein.telephone.queries import exchange, line_of, names_of, number_of, our_country, rings_of
from plein.telephone.refusals import CannotCall
from plein.trust.answers import Request, allow, go, page

UNPROCESSABLE = 422


@require_safe
def phone(request: Request) -> HttpResponse:
    """The last calls at one's own telephone, each with whom it was as far as one sees them."""
    return _shown(request)


@require_POST
def line(request: Request) -> HttpResponse:
    """Say at which numbers one is called."""
    allow(request)
    form = LineForm(request.POST)
    if form.is_valid():
        numbers = form.cleaned_data["numbers"].splitlines()
        try:
            actions.set_line(actor=request.seat, numbers=numbers, hears_rest=form.cleaned_data["hears_rest"])
        except CannotCall as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            return go(request, reverse("telephone:phone"), _("Saved."))
    return _shown(request, line_form=form, status=UNPROCESSABLE)


@require_POST
def set_exchange(request: Request) -> HttpResponse:
    """Say by which address the exchange calls."""
    allow(request, "manage")
    form = ExchangeForm(request.POST)
    if form.is_valid():
        try:
            actions.set_exchange(actor=request.seat, address=form.cleaned_data["address"])
        except CannotCall as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            return go(request, reverse("telephone:phone"), _("Saved."))
    return _shown(request, exchange_form=form, status=UNPROCESSABLE)


def _shown(
    request: Request,
    *,
    line_form: LineForm | None = None,
    exchange_form: ExchangeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rings = rings_of(request.seat.seat_id)
    names = names_of(one.number for one in rings)
    audit_look("relation", names.values(), how="list")
    country = our_country()
    mine = line_of(request.seat.seat_id)
    context: dict[str, Any] = {
        "rings": [(one, names.get(one.number), number_of(one.number, country)[1]) for one in rings],
        "line_form": line_form or LineForm(initial={"numbers": "\n".join(mine.numbers), "hears_rest": mine.hears_rest}),
        "exchange_form": exchange_form or ExchangeForm(initial={"address": exchange()}),
    }
    return page(request, "telephone/phone.html", context, status=status)
