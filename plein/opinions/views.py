# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page about the language model that may be asked: administrators look, owners decide."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plein.core.toasts import toast_later
from plein.opinions import actions
from plein.opinions.asking import NoOpinion
from plein.opinions.forms import EndpointForm
from plein.opinions.refusals import CannotAsk
from plein.opinions.telling import Standing, standing
from plein.trust.answers import Request, allow
from plein.trust.permissions import may
from plein.trust.proving import ask_for_proof
from plein.trust.secret_box import Unopenable
from plein.trust.views.frame import UNPROCESSABLE, settings_page


@require_http_methods(["GET", "HEAD", "POST"])
def opinions(request: Request) -> HttpResponse:
    """Which language model is asked, about what, and what that took."""
    allow(request, "manage")
    if request.method != "POST":
        return _page(request)
    allow(request, "own")
    form = EndpointForm(request.POST)
    if form.is_valid():
        if asked := ask_for_proof(request):
            return asked
        try:
            actions.set_endpoint(actor=request.seat, facts=form.facts(), key=form.cleaned_data["key"])
        except CannotAsk as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            toast_later(request, _("Saved. Try it to see that it works."))
            return redirect("opinions:opinions")
    return _page(request, form, status=UNPROCESSABLE)


@require_POST
def attempt(request: Request) -> HttpResponse:
    """Ask it about a sentence that nobody wrote."""
    allow(request, "own")
    try:
        opinion = actions.try_endpoint(actor=request.seat)
    except (NoOpinion, CannotAsk) as refusal:
        return _page(request, status=UNPROCESSABLE, refusal=str(refusal))
    except Unopenable:
        words = _("Its key cannot be opened any more. Write it again.")
        return _page(request, status=UNPROCESSABLE, refusal=words)
    toast_later(request, _("It works: the answer took %(count)s tokens.") % {"count": opinion.tokens})
    return redirect("opinions:opinions")


@require_POST
def remove(request: Request) -> HttpResponse:
    """No language model any more."""
    allow(request, "own")
    actions.remove_endpoint(actor=request.seat)
    toast_later(request, _("From now on nothing is asked. The key was forgotten."))
    return redirect("opinions:opinions")


def _page(request: Request, form: EndpointForm | None = None, *, status: int = 200, refusal: str = "") -> HttpResponse:
    found = standing()
    owns = may(request.seat, "own")
    if form is None and owns:
        form = EndpointForm(initial=_initial(found))
    context = {"form": form, "standing": found, "owns": owns, "refusal": refusal}
    return settings_page(request, "opinions/opinions.html", context, status)


def _initial(found: Standing | None) -> dict[str, object]:
    if found is None:
        return {}
    names = ("address", "model", "unit", "per_month", "per_day")
    return {name: getattr(found.endpoint, name) for name in names} | {"audiences": found.audiences}
