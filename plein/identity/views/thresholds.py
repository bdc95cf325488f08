# SPDX-License-Identifier: AGPL-3.0-or-later
"""The settings of recognising people: from when on somebody is taken for somebody we know."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from plein.core.operations import operation
from plein.core.toasts import toast_later
from plein.identity import actions
from plein.identity.forms import ThresholdsForm
from plein.identity.queries import Thresholds, is_own_threshold, thresholds
from plein.trust.answers import Request, allow
from plein.trust.views.frame import UNPROCESSABLE, settings_page


@require_http_methods(["GET", "HEAD", "POST"])
def matching(request: Request) -> HttpResponse:
    """When people are recognised; one looks first what other numbers mean."""
    allow(request, "manage")
    if request.method != "POST":
        return _page(request, ThresholdsForm(chosen=thresholds()), thresholds())
    form = ThresholdsForm(request.POST, chosen=thresholds())
    if "look" in request.POST and form.is_valid():
        return _page(request, form, form.thresholds())
    if "as_plein" not in request.POST and not form.is_valid():
        return _page(request, form, thresholds(), UNPROCESSABLE)
    with operation("set_thresholds") as done:
        if "as_plein" in request.POST:
            actions.thresholds_as_plein(actor=request.seat)
        else:
            actions.set_thresholds(actor=request.seat, chosen=form.thresholds())
    toast_later(request, _("People are recognised so from now on."), done.id)
    return HttpResponseRedirect(reverse("identity:matching"))


def _page(request: Request, form: ThresholdsForm, told: Thresholds, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "is_own": is_own_threshold(), "meaning": _meaning(told)}
    return settings_page(request, "identity/matching.html", context, status)


def _odds(bits: float) -> str:
    """What so many bits are, as a bet."""
    if bits <= 0:
        return _("as likely not as so")
    against = round(2.0**bits)
    return ngettext("%(count)s to one", "%(count)s to one", against) % {
        "count": number_format(against, force_grouping=True)
    }


def _meaning(told: Thresholds) -> list[str]:
    """The numbers in sentences."""
    return [
        _("Linked without asking: when it is %(odds)s that it is them.") % {"odds": _odds(told.automatic)},
        _("With the same address, number or postcode: when it is %(odds)s.") % {"odds": _odds(told.strong)},
        _("And %(times)s times likelier than whoever comes next.")
        % {"times": number_format(round(2.0**told.ahead), force_grouping=True)},
        _("You are asked when it is %(odds)s. A name alone is only ever a suggestion.") % {"odds": _odds(told.review)},
    ]
