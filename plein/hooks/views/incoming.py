# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages about programs that tell us something."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.core.toasts import toast_later
from plein.hooks import actions
from plein.hooks.forms import ExampleForm, HookChangeForm, HookForm
from plein.hooks.models import Hook
from plein.hooks.queries import addresses_of, deliveries_of, example_of, hook_of, hooks, out_hooks, places, values_of
from plein.hooks.refusals import CannotHook
from plein.trust.circles import describe
from plein.trust.permissions import permit
from plein.trust.proving import ask_for_proof
from plein.trust.seats import Entrance, seat_of
from plein.trust.views.frame import UNPROCESSABLE, settings_page


def _manager(request: HttpRequest) -> Entrance:
    actor = seat_of(request)
    permit(actor, "manage")
    return actor


def _hook(hook_id: UUID) -> Hook:
    found = hook_of(hook_id)
    if found is None:
        raise Http404
    return found


@require_safe
def hook_list(request: HttpRequest) -> HttpResponse:
    """The programs that tell us something and those that are told, and how it goes."""
    _manager(request)
    found = hooks()
    addresses = addresses_of(found)
    lines = [{"hook": one, "address": addresses.get(one.id)} for one in found]
    return settings_page(request, "hooks/hooks.html", {"lines": lines, "told": out_hooks()})


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def hook_new(request: HttpRequest) -> HttpResponse:
    """Make an address; it is shown once."""
    actor = _manager(request)
    form = HookForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return settings_page(request, "hooks/new.html", {"form": form})
    if form.is_valid():
        if asked := ask_for_proof(request):
            return asked
        try:
            opened = actions.add_hook(actor=actor, facts=form.facts())
        except CannotHook as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            return _page(request, opened.hook, opened=opened)
    return settings_page(request, "hooks/new.html", {"form": form}, UNPROCESSABLE)


@require_http_methods(["GET", "HEAD", "POST"])
def hook(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    """What a program tells us, what it means, and what came of it; POST changes its name and who becomes a person."""
    actor, found = _manager(request), _hook(hook_id)
    if request.method != "POST":
        return _page(request, found)
    form = HookChangeForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=UNPROCESSABLE)
    actions.change_hook(actor=actor, hook=found, **form.cleaned_data)
    toast_later(request, _("Saved."))
    return redirect("hooks:hook", found.id)


def _page(
    request: HttpRequest,
    hook: Hook,
    *,
    form: HookChangeForm | None = None,
    example: ExampleForm | None = None,
    opened: actions.Opened | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    shown = example_of(hook)
    context: dict[str, Any] = {
        "hook": hook,
        "form": form or HookChangeForm(initial={"name": hook.name, "policy": hook.policy}),
        "example_form": example or ExampleForm(),
        "values": values_of(hook, shown),
        "places": places(),
        "deliveries": deliveries_of(hook),
        "address": addresses_of([hook]).get(hook.id),
        "readers": describe(hook.circle_id),
        "trouble": trouble,
        "secret": opened.secret if opened else "",
        "url": settings.PLEIN_URL.rstrip("/") + reverse("hooks:receive", args=[opened.path]) if opened else "",
    }
    context["refused"] = [one for one in context["deliveries"] if one.state == "refused"]
    return settings_page(request, "hooks/hook.html", context, status)


@require_POST
def hook_example(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    """Keep a call to point at."""
    actor, found = _manager(request), _hook(hook_id)
    form = ExampleForm(request.POST)
    if form.is_valid():
        try:
            actions.set_example(actor=actor, hook=found, text=form.cleaned_data["text"])
        except CannotHook as refusal:
            form.add_error("text", str(refusal))
        else:
            return redirect(reverse("hooks:hook", args=[found.id]) + "#mapping")
    return _page(request, found, example=form, status=UNPROCESSABLE)


@require_POST
def hook_mapping(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    """Say what each value means: each field of the form is a value, and what it says is as what it is read."""
    actor, found = _manager(request), _hook(hook_id)
    mapping = {str(place): pointer for pointer, place in request.POST.items() if pointer.startswith("/") and place}
    try:
        actions.point_at(actor=actor, hook=found, mapping=mapping)
    except CannotHook as refusal:
        return _page(request, found, trouble=str(refusal), status=UNPROCESSABLE)
    toast_later(request, _("Saved. What waited is taken in now."))
    return redirect("hooks:hook", found.id)


@require_POST
def hook_again(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    """Try once more what was refused: one call, or all."""
    actor, found = _manager(request), _hook(hook_id)
    try:
        one = UUID(request.POST["delivery"]) if request.POST.get("delivery") else None
    except ValueError as trouble:
        raise Http404 from trouble
    count = actions.take_again(actor=actor, hook=found, delivery_id=one)
    words = ngettext("%(count)s call is tried again.", "%(count)s calls are tried again.", count)
    toast_later(request, words % {"count": count})
    return redirect("hooks:hook", found.id)


@require_POST
def hook_rest(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    """Let it rest, or let it take calls again."""
    actor, found = _manager(request), _hook(hook_id)
    if found.is_open:
        actions.close_hook(actor=actor, hook=found)
        toast_later(request, _("It rests. Whoever calls is told to come back later."))
    else:
        actions.open_hook(actor=actor, hook=found)
        toast_later(request, _("It takes calls again."))
    return redirect("hooks:hook", found.id)


@require_POST
def hook_renew(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    """A new address and a new secret, shown once."""
    actor, found = _manager(request), _hook(hook_id)
    if asked := ask_for_proof(request):
        return asked
    return _page(request, found, opened=actions.renew_hook(actor=actor, hook=found))


@require_POST
def hook_remove(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    """Take the address away for good."""
    actor, found = _manager(request), _hook(hook_id)
    actions.remove_hook(actor=actor, hook=found)
    toast_later(request, _("Removed. What it brought in stays."))
    return redirect("hooks:hooks")
