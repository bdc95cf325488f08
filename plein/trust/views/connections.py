# SPDX-License-Identifier: AGPL-3.0-or-later
"""Connecting oneself with a provider, and letting go of it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from plein.core.toasts import toast_later
from plein.trust.actions import disconnect
from plein.trust.gone_out import CONNECTING
from plein.trust.models import SignInProvider
from plein.trust.seats import seat_of
from plein.trust.views.frame import settings_page
from plein.trust.views.security import of_oneself


@require_POST
@of_oneself
def provider_connect(request: HttpRequest, provider: UUID) -> HttpResponse:
    """Somebody who is signed in wants to connect; a link leads out, because a form may only lead to ourselves."""
    actor = seat_of(request)
    found = get_object_or_404(SignInProvider, id=provider, is_active=True, into_workspace=actor.workspace_id)
    request.session[CONNECTING] = str(found.id)
    return settings_page(request, "trust/connect.html", {"provider": found})


@require_POST
@of_oneself
def identity_remove(request: HttpRequest, identity: UUID) -> HttpResponse:
    """Forget under which name a provider knows the user."""
    if not disconnect(user=seat_of(request).user, identity_id=identity):
        raise Http404
    toast_later(request, _("You no longer sign in through it."))
    return redirect("trust:security")
