# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who rings, and the note of a call."""

from typing import Any
from urllib.parse import quote, urlencode

from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from plein.core.audit import audit_look
from plein.core.operations import operation
from plein.telephone import actions
from plein.telephone.forms import CallForm
from plein.telephone.queries import exchange, names_of, number_of, ringing_at, unnoted_call, who_has
from plein.telephone.refusals import CannotCall
from plein.trust.answers import Request, allow, go, page

UNPROCESSABLE = 422


@require_safe
def ringing(request: Request) -> JsonResponse:
    """The call that comes in for the reader just now: who it is as far as they may see that, and where to note it."""
    one = ringing_at(request.seat.seat_id)
    if one is None:
        return JsonResponse({})
    known = names_of([one.number]).get(one.number)
    audit_look("relation", [known] if known else [], how="list")
    who = known.name if known else number_of(one.number)[1]
    href = f"{reverse('telephone:call')}?{urlencode({'number': one.number})}"
    return JsonResponse({"text": _("%(who)s is calling") % {"who": who}, "href": href})


@require_http_methods(["GET", "HEAD", "POST"])
def call(request: Request) -> HttpResponse:
    """Who has a number, or who it might be, and a note of the call; without a number, of the call that rings."""
    number = request.GET.get("number", "")[:100]
    if not number and (rings := ringing_at(request.seat.seat_id)) is not None:
        number = rings.number
    if request.method != "POST":
        return _shown(request, number)
    allow(request)
    who = who_has(number)
    form = CallForm(request.POST, people=[*who.known, *who.near])
    if form.is_valid():
        verb = "edit_moment" if unnoted_call(who.number) is not None else "record_moment"
        try:
            with transaction.atomic(), operation(verb, kind="call") as done:
                moment = actions.note_call(actor=request.seat, note=form.note(number))
        except CannotCall as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return go(request, reverse("moments:moment", args=[moment.id]), _("Noted."), done.id)
    return _shown(request, number, form=form, status=UNPROCESSABLE)


def _shown(request: Request, number: str, *, form: CallForm | None = None, status: int = 200) -> HttpResponse:
    who = who_has(number)
    audit_look("relation", [*who.known, *who.near], how="list")
    address = exchange() if who.number else ""
    context: dict[str, Any] = {
        "who": who,
        "form": form or CallForm(people=[*who.known, *who.near]),
        "is_noted_there": unnoted_call(who.number) is not None,
        "tel": f"tel:{who.number}" if who.number else "",
        "exchange": address.replace(actions.PLACE, quote(who.number, safe="")) if address else "",
        "here": f"{reverse('telephone:call')}?{urlencode({'number': number})}",
    }
    return page(request, "telephone/call.html", context, status=status)
