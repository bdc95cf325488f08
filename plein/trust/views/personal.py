# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from plein.core.audit import keyed
from plein.core.toasts import toast_later
from plein.trust import sessions
from plein.trust.actions import change_password, change_profile, make_token, revoke_token
from plein.trust.addresses import remote_address
from plein.trust.forms import PasswordForm, ProfileForm, TokenForm
from plein.trust.models import ApiToken, User
from plein.trust.proving import ask_for_proof, proven
from plein.trust.seats import Entrance, seat_of
from plein.trust.views.frame import UNPROCESSABLE, settings_page
from plein.trust.views.security import is_somebody_elses, not_through_a_provider, security_page

MANAGING = frozenset({"admin", "all"})


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language, light or dark, keys."""
    user = seat_of(request).user
    if request.method != "POST":
        return settings_page(request, "trust/profile.html", {"form": ProfileForm(instance=user)})
    form = ProfileForm(request.POST, instance=user)
    if not form.is_valid():
        return settings_page(request, "trust/profile.html", {"form": form}, UNPROCESSABLE)
    change_profile(user=user, **form.cleaned_data)
    with translation.override(form.cleaned_data["language"]):
        toast_later(request, _("Saved."))
    return redirect("trust:profile")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """The button that switches light and dark."""
    chosen = request.POST.get("theme", "")
    if chosen not in dict(User.THEMES):
        return HttpResponse(_("Choose light or dark."), status=UNPROCESSABLE, content_type="text/plain")
    change_profile(user=seat_of(request).user, theme=chosen)
    return HttpResponse(status=204)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Another password; it signs out every other device."""
    user = seat_of(request).user
    if is_somebody_elses(request):
        return security_page(request, trouble=not_through_a_provider(), status=UNPROCESSABLE)
    form = PasswordForm(request.POST if request.method == "POST" else None, user=user)
    if request.method != "POST" or not form.is_valid():
        status = 200 if request.method != "POST" else UNPROCESSABLE
        return settings_page(request, "trust/password.html", {"form": form}, status)
    change_password(user=user, password=form.cleaned_data["new_password"])
    sessions.keep(request, user)
    toast_later(request, _("Password changed. Every other device is signed out."))
    return redirect("trust:security")


@require_POST
@proven
def session_end(request: HttpRequest) -> HttpResponse:
    """Sign one other device out, or all of them."""
    handle = request.POST.get("handle", "")
    ended = sessions.end(seat_of(request).user, handle=handle, but=request.session.session_key)
    if handle and not ended:
        raise Http404
    toast_later(request, _("Signed out there."))
    return redirect("trust:security")


@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Keys to the REST door: make one, which is shown once."""
    seat = seat_of(request)
    form = TokenForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _token_page(request, seat, form)
    if not form.is_valid():
        return _token_page(request, seat, form, status=UNPROCESSABLE)
    scope, days, name = (form.cleaned_data[part] for part in ("scope", "days", "name"))
    if scope in MANAGING and not seat.is_administrator:
        raise PermissionDenied(scope)
    if asked := ask_for_proof(request):
        return asked
    lifetime = timedelta(days=days) if days else None
    secret = make_token(
        user=seat.user,
        workspace=seat.workspace_id,
        scope=scope,
        lifetime=lifetime,
        name=name,
        is_proven=form.cleaned_data["is_proven"],
    )
    return _token_page(request, seat, TokenForm(), secret=secret)


def _token_page(
    request: HttpRequest, seat: Entrance, form: TokenForm, *, secret: str = "", status: int = 200
) -> HttpResponse:
    mine = ApiToken.objects.filter(user=seat.user, into_workspace=seat.workspace_id, revoked_at__isnull=True)
    context: dict[str, Any] = {
        "form": form,
        "tokens": mine.order_by("-created_at"),
        "secret": secret,
        "here": keyed("address", remote_address(request)),
    }
    return settings_page(request, "trust/tokens.html", context, status)


@require_POST
def token_revoke(request: HttpRequest, token: UUID) -> HttpResponse:
    """Make a token useless at once."""
    seat = seat_of(request)
    if not ApiToken.objects.filter(id=token, user=seat.user).exists():
        raise Http404
    revoke_token(actor=seat, token_id=token)
    toast_later(request, _("The token no longer works."))
    return redirect("trust:tokens")
