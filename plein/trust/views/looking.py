# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plein.core.toasts import toast_later
from plein.trust.actions import CannotLook, start_look, stop_look
from plein.trust.looking import LOOK, running_look
from plein.trust.models import Seat
from plein.trust.permissions import permit
from plein.trust.proving import proven
from plein.trust.seats import seat_of


@require_POST
def look_start(request: HttpRequest, seat: UUID) -> HttpResponse:
    """See Plein as a colleague sees it, for half an hour; whoever did not prove lately who they are does so first."""
    permit(seat_of(request), "own")
    return _begin(request, seat)


@proven
def _begin(request: HttpRequest, seat: UUID) -> HttpResponse:
    actor = seat_of(request)
    colleague = get_object_or_404(Seat.objects.select_related("user"), id=seat)
    try:
        look = start_look(actor=actor, seat=colleague)
    except CannotLook as refusal:
        toast_later(request, str(refusal))
        return redirect("trust:users")
    request.session[LOOK] = str(look.id)
    return redirect("/")


@require_POST
def look_stop(request: HttpRequest) -> HttpResponse:
    """See with one's own eyes again."""
    actor = seat_of(request)
    look = running_look(request, actor)
    if look is not None:
        stop_look(actor=actor, look=look)
        del request.session[LOOK]
    toast_later(request, _("You see with your own eyes again."))
    return redirect("trust:users" if actor.is_administrator else "/")
