# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from plein.core.ids import new_id
from plein.core.toasts import toast_later
from plein.trust.actions import ProviderFacts, has_secret, providers_of, remove_provider, set_provider
from plein.trust.forms import ProviderForm
from plein.trust.letters import whole_address
from plein.trust.models import SignInProvider
from plein.trust.permissions import permit
from plein.trust.providers import callback_of
from plein.trust.proving import ask_for_proof
from plein.trust.seats import Entrance, seat_of
from plein.trust.views.entrance import UNPROCESSABLE
from plein.trust.views.frame import settings_page

MOST = 5


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def ways_in(request: HttpRequest) -> HttpResponse:
    """The ways to sign in that this workspace has besides a password and a passkey."""
    actor = seat_of(request)
    permit(actor, "manage")
    if request.method != "POST":
        return _page(request, actor, ProviderForm(initial={"id": new_id(), "seat_role": "member", "is_active": True}))
    form = ProviderForm(request.POST, auto_id=f"way_{request.POST.get('id', '')[:36]}_%s")
    if not form.is_valid():
        return _page(request, actor, form, UNPROCESSABLE)
    chosen = form.cleaned_data
    known = SignInProvider.objects.filter(id=chosen["id"]).first()
    if known is None and len(providers_of(actor)) >= MOST:
        form.add_error(None, _("Remove one first: %(count)s is the most.") % {"count": MOST})
        return _page(request, actor, form, UNPROCESSABLE)
    if known is not None and known.into_workspace != actor.workspace_id:
        chosen["id"] = new_id()
    if asked := ask_for_proof(request):
        return asked
    facts = ProviderFacts(**{name: chosen[name] for name in ProviderFacts.__dataclass_fields__})
    with transaction.atomic():
        set_provider(actor=actor, provider_id=chosen["id"], facts=facts, secret=chosen["secret"])
    toast_later(request, _("Saved. Try it in a private window before you tell others."))
    return redirect("trust:ways_in")


def _page(request: HttpRequest, actor: Entrance, form: ProviderForm, status: int = 200) -> HttpResponse:
    """Show every way with its form, the one that was sent with what is wrong with it, and a form for one more."""
    rows, sent = [], str(form["id"].value())
    for provider in providers_of(actor):
        is_sent = str(provider.id) == sent
        rows.append({"provider": provider, "form": form if is_sent else _form_of(provider)} | _facts(provider))
        form = form if not is_sent else ProviderForm(initial={"id": new_id(), "is_active": True})
    fresh = SignInProvider(id=_id_in(form), into_workspace=actor.workspace_id)
    return settings_page(
        request, "trust/ways_in.html", {"rows": rows, "form": form, "callback": callback_of(fresh)}, status
    )


def _id_in(form: ProviderForm) -> UUID:
    """The id in a form; a new one when what was sent is none."""
    try:
        return UUID(str(form["id"].value()))
    except ValueError:
        return new_id()


def _facts(provider: SignInProvider) -> dict[str, Any]:
    address = whole_address(reverse("trust:provider_start", args=[provider.id]))
    return {"callback": callback_of(provider), "address": address, "has_secret": has_secret(provider.id)}


def _form_of(provider: SignInProvider) -> ProviderForm:
    known = {name: getattr(provider, name) for name in ("id", *ProviderFacts.__dataclass_fields__)}
    return ProviderForm(initial={**known, "domains": "\n".join(provider.domains)}, auto_id=f"way_{provider.id}_%s")


@require_POST
def way_in_remove(request: HttpRequest, provider: UUID) -> HttpResponse:
    """Take a way to sign in away."""
    actor = seat_of(request)
    permit(actor, "manage")
    found = get_object_or_404(SignInProvider, id=provider, into_workspace=actor.workspace_id)
    if asked := ask_for_proof(request):
        return asked
    remove_provider(actor=actor, provider=found)
    toast_later(request, _("Nobody signs in through %(name)s any more.") % {"name": found.name})
    return redirect("trust:ways_in")
