# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages about programs that are told what happens here."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from plein.core.toasts import toast_later
from plein.hooks import actions
from plein.hooks.forms import OutHookForm
from plein.hooks.models import OutHook
from plein.hooks.queries import out_hook_of, tellings_of
from plein.hooks.refusals import CannotHook
from plein.hooks.vocabulary import OutState
from plein.trust.models import Seat
from plein.trust.permissions import permit
from plein.trust.proving import ask_for_proof
from plein.trust.seats import Entrance, seat_of
from plein.trust.views.frame import UNPROCESSABLE, settings_page


def _manager(request: HttpRequest) -> Entrance:
    actor = seat_of(request)
    permit(actor, "manage")
    return actor


def _hook(hook_id: UUID) -> OutHook:
    found = out_hook_of(hook_id)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def out_new(request: HttpRequest) -> HttpResponse:
    """Tell a program from now on; the secret is shown once."""
    actor = _manager(request)
    form = OutHookForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return settings_page(request, "hooks/out_new.html", {"form": form})
    if form.is_valid():
        if asked := ask_for_proof(request):
            return asked
        try:
            made = actions.add_out_hook(actor=actor, facts=form.facts())
        except CannotHook as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            return _page(request, made.hook, secret=made.secret)
    return settings_page(request, "hooks/out_new.html", {"form": form}, UNPROCESSABLE)


@require_http_methods(["GET", "HEAD", "POST"])
def out(request: HttpRequest, out_id: UUID) -> HttpResponse:
    """What a program is told and how that goes; POST changes it."""
    actor, found = _manager(request), _hook(out_id)
    if request.method != "POST":
        return _page(request, found)
    form = OutHookForm(request.POST)
    if form.is_valid():
        if asked := ask_for_proof(request):
            return asked
        try:
            actions.change_out_hook(actor=actor, hook=found, facts=form.facts())
        except CannotHook as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            toast_later(request, _("Saved."))
            return redirect("hooks:out", found.id)
    return _page(request, found, form=form, status=UNPROCESSABLE)


def _page(
    request: HttpRequest, hook: OutHook, *, form: OutHookForm | None = None, secret: str = "", status: int = 200
) -> HttpResponse:
    tellings = tellings_of(hook)
    context: dict[str, Any] = {
        "hook": hook,
        "form": form or OutHookForm(initial={name: getattr(hook, name) for name in OutHookForm.base_fields}),
        "tellings": tellings,
        "failed": [one for one in tellings if one.state == "failed"],
        "owner": Seat.objects.select_related("user").filter(id=hook.seat_id).first() if hook.seat_id else None,
        "secret": secret,
    }
    return settings_page(request, "hooks/out.html", context, status)


@require_POST
def out_try(request: HttpRequest, out_id: UUID) -> HttpResponse:
    """Send a message that says nothing."""
    actor, found = _manager(request), _hook(out_id)
    trouble = actions.try_out_hook(actor=actor, hook=found)
    toast_later(request, trouble or _("It arrived."))
    return redirect("hooks:out", found.id)


@require_POST
def out_again(request: HttpRequest, out_id: UUID) -> HttpResponse:
    """Send again: one message, or all that were given up."""
    actor, found = _manager(request), _hook(out_id)
    try:
        one = UUID(request.POST["telling"]) if request.POST.get("telling") else None
    except ValueError as trouble:
        raise Http404 from trouble
    count = actions.tell_again(actor=actor, hook=found, telling_id=one)
    words = ngettext("%(count)s message is sent again.", "%(count)s messages are sent again.", count)
    toast_later(request, words % {"count": count})
    return redirect("hooks:out", found.id)


@require_POST
def out_rest(request: HttpRequest, out_id: UUID) -> HttpResponse:
    """Let it rest, or go on."""
    actor, found = _manager(request), _hook(out_id)
    if found.state == OutState.OPEN:
        actions.rest_out_hook(actor=actor, hook=found)
        toast_later(request, _("It is told nothing for now. What happens meanwhile is told afterwards."))
    else:
        actions.resume_out_hook(actor=actor, hook=found)
        toast_later(request, _("It is told again."))
    return redirect("hooks:out", found.id)


@require_POST
def out_renew(request: HttpRequest, out_id: UUID) -> HttpResponse:
    """A fresh secret, shown once."""
    actor, found = _manager(request), _hook(out_id)
    if asked := ask_for_proof(request):
        return asked
    return _page(request, found, secret=actions.renew_out_secret(actor=actor, hook=found).secret)


@require_POST
def out_remove(request: HttpRequest, out_id: UUID) -> HttpResponse:
    """Tell it nothing any more."""
    actor, found = _manager(request), _hook(out_id)
    actions.remove_out_hook(actor=actor, hook=found)
    toast_later(request, _("Removed. It is told nothing any more."))
    return redirect("hooks:hooks")
