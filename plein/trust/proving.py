# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking once more who somebody is, before what matters: with nothing lost of what they were doing.

The page that asks carries what was sent along with it, and goes back to the same address: when the proof is right the
view does what it was asked in the same request. Nothing of it is kept anywhere meanwhile.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from plein.trust import code_apps, passkeys, sessions
from plein.trust.addresses import HOME, own_referer, remote_address
from plein.trust.attempts import Attempted
from plein.trust.models import CodeApp, Passkey, User
from plein.trust.seats import seat_of
from plein.trust.watching import audit_user

UNPROCESSABLE, TOO_MANY = 422, 429
PASSWORD, CODE, ANSWER = "proof_password", "proof_code", "proof_answer"
PROOFS = (PASSWORD, CODE, ANSWER)
LEFT_OUT = ("csrfmiddlewaretoken", *PROOFS)
LONGEST_PASSWORD = 1000


class ProofForm(forms.Form):
    """Prove once more who one is, with what one has."""

    proof_password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    proof_code = forms.CharField(
        label=_("Or a code from your app"),
        required=False,
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "off"},
        ),
    )

    def __init__(self, *arguments: Any, user: User, has_app: bool, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if not user.has_usable_password():
            del self.fields[PASSWORD]
            self.fields[CODE].label = _("A code from your app")
        if not has_app:
            del self.fields[CODE]


def can_prove(user: User) -> bool:
    """Whether the user has anything to prove with; who came by a link or a provider alone does not."""
    return user.has_usable_password() or _has_app(user) or _has_passkey(user)


def _has_app(user: User) -> bool:
    return CodeApp.objects.filter(user=user).exists()


def _has_passkey(user: User) -> bool:
    return Passkey.objects.filter(user=user).exists()


def ask_for_proof(request: HttpRequest, *, may_be_first: bool = False) -> HttpResponse | None:
    """None when the visitor proved in the last ten minutes, or just now, who they are; otherwise the page that asks.

    Every view that does what matters calls this first, or is `proven`. It is for what is sent (POST) alone. Whoever
    has nothing to prove with sets that up first, which alone `may_be_first`, or comes in anew by the link they came by.
    """
    user = seat_of(request).user
    if sessions.is_fresh(request) or (may_be_first and not can_prove(user)):
        return None
    if "application/json" in request.headers.get("Accept", ""):
        go = f"{reverse('trust:prove')}?{urlencode({'next': own_referer(request) or reverse('trust:security')})}"
        return JsonResponse({"go": go}, status=UNPROCESSABLE)
    if not any(request.POST.get(name) for name in PROOFS):
        return proof_page(request)
    return take_proof(request)


def take_proof(request: HttpRequest) -> HttpResponse | None:
    """Look at the proof that came along: None when it is right, and the session is fresh from now on."""
    user = seat_of(request).user
    attempt = Attempted(f"proof of {user.id}", remote_address(request))
    if attempt.wait:
        response = proof_page(request, attempt.words(), TOO_MANY)
        response["Retry-After"] = str(attempt.wait)
        return response
    if not _is_right(request, user):
        audit_user("proof_failed", user)
        response = proof_page(request, say("That is not right. Try again."), UNPROCESSABLE)
        # A refusal that leaves its mark: what an error wrote is undone otherwise, and a guess is not to be forgotten.
        response.keeps_what_was_counted = True  # type: ignore[attr-defined]
        return response
    attempt.succeeded()
    sessions.prove(request)
    return None


def _is_right(request: HttpRequest, user: User) -> bool:
    password, code, answer = (request.POST.get(name, "") for name in PROOFS)
    if answer:
        try:
            passkeys.read(request.session, answer, user)
        except passkeys.Refused:
            return False
        return True
    if password and len(password) <= LONGEST_PASSWORD and user.check_password(password):
        return True
    return bool(code) and code_apps.accepts(user, code)


def proof_page(request: HttpRequest, trouble: str = "", status: int = 200) -> HttpResponse:
    """The page that asks; it keeps all that was sent, and where to."""
    user = seat_of(request).user
    context = {
        "form": ProofForm(user=user, has_app=_has_app(user)),
        "has_passkey": _has_passkey(user),
        "has_nothing": not can_prove(user),
        "kept": [(name, value) for name, values in request.POST.lists() for value in values if name not in LEFT_OUT],
        "action": request.get_full_path(),
        "back": own_referer(request) or HOME,
        "trouble": trouble,
    }
    response = render(request, "trust/prove.html", context, status=status)
    if request.headers.get("HX-Request") == "true":
        # Whatever fragment was asked for, this is a page.
        response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
        response.status_code = 200
    return response


def proven[**P](view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view do what matters only for who proved a short while ago who they are; looking is free."""

    @wraps(view)
    def checked(request: HttpRequest, *arguments: P.args, **values: P.kwargs) -> HttpResponse:
        asked = ask_for_proof(request) if request.method == "POST" else None
        return asked or view(request, *arguments, **values)

    return checked
