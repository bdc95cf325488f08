# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plein.core.toasts import toast_later
from plein.notifications import actions, push
from plein.notifications.forms import DeviceForm, PreferenceForm
from plein.notifications.models import Device
from plein.notifications.queries.preferences import preference_of
from plein.notifications.vocabulary import Channel
from plein.trust.answers import Request
from plein.trust.sessions import family_of
from plein.trust.views.frame import UNPROCESSABLE, settings_page


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: Request) -> HttpResponseBase:
    """By what means, and when, the reader wants to be told."""
    preference = preference_of(request.seat.seat_id)
    form = PreferenceForm(request.POST if request.method == "POST" else None, preference=preference)
    if request.method == "POST" and form.is_valid():
        actions.choose(actor=request.seat, grid=form.grid(), **form.cleaned_data)
        toast_later(request, _("Saved."))
        return HttpResponseRedirect(reverse("notifications:settings"))
    context = {
        "form": form,
        "channels": [channel.label for channel in Channel],
        "devices": list(Device.objects.filter(seat_id=request.seat.seat_id).order_by("-created_at")),
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return settings_page(request, "notifications/settings.html", context, status)


@require_POST
def device_key(request: Request) -> HttpResponse:
    """The key by which a browser is to know this workspace; made at its first use."""
    return JsonResponse({"key": push.public_key()})


@require_POST
def device_add(request: Request) -> HttpResponse:
    """This browser may be woken."""
    form = DeviceForm(request.POST)
    if not form.is_valid():
        words = next(iter(form.errors.get("endpoint", [])), _("This browser did not say how it can be woken."))
        return JsonResponse({"message": words}, status=UNPROCESSABLE)
    agent = family_of(request.headers.get("User-Agent", ""))
    actions.add_device(actor=request.seat, name=agent, **form.cleaned_data)
    toast_later(request, _("This device is woken from now on."))
    return JsonResponse({"location": reverse("notifications:settings")})


@require_POST
def device_forget(request: Request, device_id: UUID) -> HttpResponse:
    """A browser is no longer woken."""
    device = get_object_or_404(Device.objects, id=device_id, seat_id=request.seat.seat_id)
    actions.forget_device(actor=request.seat, device=device)
    toast_later(request, _("That device is no longer woken."))
    return HttpResponseRedirect(reverse("notifications:settings"))
