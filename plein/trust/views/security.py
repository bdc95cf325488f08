# SPDX-License-Identifier: AGPL-3.0-or-later
"""With what one gets in: password, code app, passkeys, recovery codes, and where one is signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.core.toasts import toast_later
from plein.trust import code_apps, passkeys, recovery_codes, sessions
from plein.trust.actions import (
    TooManyPasskeys,
    add_code_app,
    add_passkey,
    providers_into,
    remove_code_app,
    remove_passkey,
    rename_passkey,
    renew_recovery_codes,
    works_elsewhere,
)
from plein.trust.addresses import remote_address, safe_next
from plein.trust.attempts import Attempted
from plein.trust.forms import CodeAppForm, PasskeyForm, PasskeyNameForm
from plein.trust.looking import looks_through
from plein.trust.models import CodeApp, ExternalIdentity, Passkey, User
from plein.trust.places import BOUND
from plein.trust.proving import ask_for_proof, can_prove, proof_page, take_proof
from plein.trust.seats import seat_of
from plein.trust.views.entrance import TOO_MANY, UNPROCESSABLE, counted, too_often
from plein.trust.views.frame import settings_page
from plein.trust.views.second_step import passkey_refused

SECRET = "code_app"  # noqa: S105 — where the sealed secret waits in the session


def is_somebody_elses(request: HttpRequest) -> bool:
    """Whether the provider of one workspace opened this session, of somebody who works in others too.

    Whoever runs that provider could say they are anybody; with that they must not change the way into the others.
    """
    seat = seat_of(request)
    return bool(request.session.get(BOUND)) and works_elsewhere(seat.user, seat.workspace_id)


def not_through_a_provider() -> str:
    """What to tell them."""
    return _("You work in other workspaces too. To change this, sign in with your own password or passkey.")


def of_oneself[**P](view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view change how somebody gets in only when it is them, and they proved it a short while ago."""

    @wraps(view)
    def checked(request: HttpRequest, *arguments: P.args, **values: P.kwargs) -> HttpResponse:
        if is_somebody_elses(request):
            return security_page(request, trouble=not_through_a_provider(), status=UNPROCESSABLE)
        asked = ask_for_proof(request, may_be_first=True) if request.method == "POST" else None
        return asked or view(request, *arguments, **values)

    return checked


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Everything one gets in with, on one page."""
    return security_page(request)


def security_page(
    request: HttpRequest, *, codes: list[str] | None = None, trouble: str = "", status: int = 200
) -> HttpResponse:
    """Show the page; `codes` are shown this once."""
    seat = seat_of(request)
    user = seat.user
    keys = list(Passkey.objects.filter(user=user).order_by("created_at", "id"))
    app = CodeApp.objects.filter(user=user).first()
    context: dict[str, Any] = {
        "app": app,
        "passkeys": keys,
        "has_second_factor": app is not None or bool(keys),
        "codes": codes,
        "identities": (identities := list(ExternalIdentity.objects.filter(user=user).order_by("created_at"))),
        "connectable": [
            one for one in providers_into(seat.workspace_id) if one.issuer not in {known.issuer for known in identities}
        ],
        "codes_left": recovery_codes.left(user),
        "devices": sessions.devices_of(user, request.session.session_key),
        "trouble": trouble,
        "looks": looks_through(seat, most=20),
    }
    return settings_page(request, "trust/security.html", context, status)


@require_POST
@of_oneself
def code_app_start(request: HttpRequest) -> HttpResponse:
    """Make a secret for an app; it counts only when the app has shown a code."""
    request.session[SECRET] = code_apps.fresh_secret(seat_of(request).user)
    return redirect("trust:code_app")


@require_http_methods(["GET", "HEAD", "POST"])
def code_app(request: HttpRequest) -> HttpResponse:
    """Show the secret to the app, and ask for its first code."""
    user, sealed = seat_of(request).user, request.session.get(SECRET)
    if not isinstance(sealed, str):
        return redirect("trust:security")
    secret = code_apps.opened(user, sealed.encode())
    form = CodeAppForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        attempt = Attempted(f"first code of {user.id}", remote_address(request))
        if attempt.wait:
            form.add_error(None, attempt.words())
            return too_often(_code_app_page(request, form, user, secret, TOO_MANY), attempt)
        codes = add_code_app(user=user, secret=secret, code=form.cleaned_data["code"])
        if codes is not None:
            attempt.succeeded()
            del request.session[SECRET]
            return security_page(request, codes=codes)
        form.add_error("code", _("This is not the code that the app should show. Is the clock of your device right?"))
        return counted(_code_app_page(request, form, user, secret, UNPROCESSABLE))
    return _code_app_page(request, form, user, secret, 200 if request.method != "POST" else UNPROCESSABLE)


def _code_app_page(request: HttpRequest, form: CodeAppForm, user: User, secret: bytes, status: int) -> HttpResponse:
    address = code_apps.address_of(user, secret)
    context = {
        "form": form,
        "picture": code_apps.picture_of(address),
        "secret": code_apps.written_secret(secret),
        "address": address,
    }
    return settings_page(request, "trust/code_app.html", context, status)


@require_POST
@of_oneself
def code_app_remove(request: HttpRequest) -> HttpResponse:
    """Forget the app."""
    remove_code_app(user=seat_of(request).user)
    toast_later(request, _("The app is no longer asked for."))
    return redirect("trust:security")


@require_POST
@of_oneself
def passkey_new(request: HttpRequest) -> HttpResponse:
    """What the browser needs to make a passkey."""
    return JsonResponse(passkeys.ask_for_new(request.session, seat_of(request).user))


@require_POST
@of_oneself
def passkey_add(request: HttpRequest) -> HttpResponse:
    """Keep the passkey that the device made."""
    user, form = seat_of(request).user, PasskeyForm(request.POST)
    if not form.is_valid():
        return security_page(request, trouble=passkey_refused(), status=UNPROCESSABLE)
    name = form.cleaned_data["name"] or sessions.family_of(request.headers.get("User-Agent", "")) or _("Passkey")
    try:
        made = passkeys.read_new(request.session, user, form.cleaned_data["answer"])
        codes = add_passkey(user=user, name=name, made=made)
    except passkeys.Refused:
        return security_page(request, trouble=passkey_refused(), status=UNPROCESSABLE)
    except TooManyPasskeys:
        return security_page(request, trouble=_("Remove a passkey first: you have many."), status=UNPROCESSABLE)
    if codes:
        return security_page(request, codes=codes)
    toast_later(request, _("The passkey is there."))
    return redirect("trust:security")


@require_POST
@of_oneself
def passkey_remove(request: HttpRequest, passkey: UUID) -> HttpResponse:
    """Forget a passkey."""
    if not remove_passkey(user=seat_of(request).user, passkey_id=passkey):
        raise Http404
    toast_later(request, _("The passkey no longer works."))
    return redirect("trust:security")


@require_POST
def passkey_rename(request: HttpRequest, passkey: UUID) -> HttpResponse:
    """Call a passkey something else."""
    get_object_or_404(Passkey, user=seat_of(request).user, id=passkey)
    form = PasskeyNameForm(request.POST)
    if not form.is_valid():
        return security_page(request, trouble=_("A passkey needs a name."), status=UNPROCESSABLE)
    rename_passkey(user=seat_of(request).user, passkey_id=passkey, name=form.cleaned_data["name"])
    toast_later(request, _("Saved."))
    return redirect("trust:security")


@require_POST
@of_oneself
def codes_renew(request: HttpRequest) -> HttpResponse:
    """Ten fresh recovery codes, shown once."""
    return security_page(request, codes=renew_recovery_codes(user=seat_of(request).user))


@sensitive_post_parameters("proof_password", "proof_code")
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """Ask once more who one is, and go on where one was; for pages that cannot ask themselves."""
    if not can_prove(seat_of(request).user) and sessions.is_fresh(request):
        return redirect(safe_next(request.GET.get("next")))
    if request.method != "POST":
        return proof_page(request)
    return take_proof(request) or redirect(safe_next(request.GET.get("next")))


@require_POST
def prove_ask(request: HttpRequest) -> HttpResponse:
    """What the browser needs to prove it with a passkey."""
    return JsonResponse(passkeys.ask(request.session, seat_of(request).user))


@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Lead somebody who has to have a second proof to setting one up."""
    seat = seat_of(request)
    if seat.prove_by is None:
        return redirect("trust:security")
    context = {"is_due": seat.owes_proof, "until": seat.prove_by, "workspace": seat.workspace_name}
    return render(request, "trust/second_factor.html", context)
