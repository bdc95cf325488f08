# SPDX-License-Identifier: AGPL-3.0-or-later
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from plein.core.toasts import SESSION_KEY as TOASTS
from plein.trust.addresses import HOME
from plein.trust.places import go_to, places_of
from plein.trust.seats import seat_of


@require_safe
def place_list(request: HttpRequest) -> HttpResponse:
    """The workspaces one works in."""
    seat = seat_of(request)
    places = places_of(seat.user, request.session, seat.workspace_id)
    return render(request, "trust/places.html", {"places_of_mine": places})


@require_POST
def place_go(request: HttpRequest) -> HttpResponse:
    """Go to another workspace. Forms that stand open elsewhere are worth nothing after it."""
    if not go_to(seat_of(request).user, request.session, request.POST.get("place", "")):
        raise Http404
    request.session.pop(TOASTS, None)
    rotate_token(request)
    return redirect(HOME)
