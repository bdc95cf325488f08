# SPDX-License-Identifier: AGPL-3.0-or-later
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from plein.trust.addresses import HOME
from plein.trust.start_pages import start_of
from plein.web.middleware import PleinRequest
from plein.web.today import today


@require_safe
def start(request: PleinRequest) -> HttpResponse:
    """The page this user begins on: Today, or the one they chose."""
    chosen = start_of(request.user)
    return today(request) if chosen == HOME else redirect(chosen)
