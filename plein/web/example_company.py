# SPDX-License-Identifier: AGPL-3.0-or-later
"""One click takes the example company away."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plein.core.toasts import toast_later
from plein.example.actions import remove_example
from plein.trust.seats import seat_of


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Remove it; what people added themselves stays."""
    remove_example(actor=seat_of(request))
    toast_later(request, _("The example company is gone. What you added yourself is still here."))
    return redirect("trust:workspace")
