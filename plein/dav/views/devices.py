# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from plein.core.audit import audit_look, keyed
from plein.core.toasts import toast_later
from plein.dav.actions.kept import put_back
from plein.dav.actions.keys import TooMany, make_key, plain, revoke_key
from plein.dav.forms import DeviceForm
from plein.dav.models import DeviceKey, Kept
from plein.dav.places import ROOT
from plein.trust.addresses import remote_address
from plein.trust.proving import ask_for_proof
from plein.trust.seats import Entrance, seat_of
from plein.trust.views.frame import UNPROCESSABLE, settings_page

MOST_LEFT_OUT = 50


@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: HttpRequest) -> HttpResponse:
    """Passwords for devices: make one, which is shown once."""
    form = DeviceForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=UNPROCESSABLE)
    if asked := ask_for_proof(request):
        return asked
    try:
        secret = make_key(actor=seat_of(request), kind="device", **form.cleaned_data)
    except TooMany:
        form.add_error(None, _("You have made very many of these. Revoke those you do not use first."))
        return _page(request, form, status=UNPROCESSABLE)
    return _page(request, DeviceForm(), secret=secret)


@require_POST
def agenda_address(request: HttpRequest) -> HttpResponse:
    """An address by which one's agenda can be followed; shown once."""
    if asked := ask_for_proof(request):
        return asked
    try:
        secret = make_key(actor=seat_of(request), kind="agenda")
    except TooMany:
        form = DeviceForm()
        return _page(request, form, status=UNPROCESSABLE)
    address = settings.PLEIN_URL.rstrip("/") + reverse("dav:agenda", args=[plain(secret)])
    return _page(request, DeviceForm(), address=address)


def _page(
    request: HttpRequest, form: DeviceForm, *, secret: str = "", address: str = "", status: int = 200
) -> HttpResponse:
    seat = seat_of(request)
    mine = DeviceKey.objects.filter(user=seat.user, into_workspace=seat.workspace_id, revoked_at__isnull=True)
    context: dict[str, Any] = {
        "form": form,
        "keys": mine.order_by("-created_at"),
        "secret": secret,
        "address": address,
        "server": settings.PLEIN_URL.rstrip("/") + ROOT,
        "host": settings.PLEIN_URL.split("://", 1)[1].rstrip("/"),
        "email": seat.user.email,
        "is_secure": settings.IS_SECURE,
        "here": keyed("address", remote_address(request)),
        "left_out": _left_out(seat),
    }
    return settings_page(request, "dav/devices.html", context, status)


def _left_out(seat: Entrance) -> list[Kept]:
    """The contacts that somebody took off their devices; they are still in Plein."""
    found = Kept.objects.filter(seat_id=seat.seat_id, is_left_out=True, relation__isnull=False)
    shown = list(found.select_related("relation").order_by("-id")[:MOST_LEFT_OUT])
    audit_look("relation", [one.relation for one in shown], how="list")
    return shown


@require_POST
def key_revoke(request: HttpRequest, key: UUID) -> HttpResponse:
    """Make a password or an address useless at once."""
    seat = seat_of(request)
    if not DeviceKey.objects.filter(id=key, user=seat.user).exists():
        raise Http404
    revoke_key(actor=seat, key_id=key)
    toast_later(request, _("It no longer works."))
    return redirect("dav:devices")


@require_POST
def back(request: HttpRequest, kept: UUID) -> HttpResponse:
    """Let a contact be on one's devices again."""
    seat = seat_of(request)
    found = Kept.objects.filter(id=kept, seat_id=seat.seat_id, is_left_out=True, relation__isnull=False).first()
    if found is None:
        raise Http404
    done = put_back(actor=seat, kept=found)
    toast_later(request, _("It comes back at the next synchronisation."), done.id)
    return redirect("dav:devices")
