# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from plein.core.toasts import toast_later
from plein.trust import code_apps, passkeys, recovery_codes, sessions
from plein.trust.addresses import HOME, remote_address, safe_next
from plein.trust.attempts import Attempted
from plein.trust.forms import PasskeyForm, SecondStepForm, SignInForm
from plein.trust.models import CodeApp, Passkey, User
from plein.trust.sessions import HalfSignedIn
from plein.trust.views.entrance import TOO_MANY, UNPROCESSABLE, too_often
from plein.trust.views.sign_in import sign_in_page
from plein.trust.watching import audit_user

LATE = "/sign-in/?why=late"


@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The second proof: a code from the app or from paper; a passkey has a door of its own beside it."""
    half = sessions.held(request)
    if half is None:
        return redirect(LATE)
    if request.method != "POST":
        return _page(request, half, SecondStepForm())
    form = SecondStepForm(request.POST)
    if not form.is_valid():
        return _page(request, half, form, UNPROCESSABLE)
    attempt = Attempted(f"second step of {half.user.id}", remote_address(request))
    if attempt.wait:
        form.add_error(None, attempt.words())
        return too_often(_page(request, half, form, TOO_MANY), attempt)
    by_paper = False
    code = form.cleaned_data["code"]
    with transaction.atomic():
        if not code_apps.accepts(half.user, code):
            by_paper = recovery_codes.accepts(half.user, code)
            if not by_paper:
                audit_user("second_step_failed", half.user)
                form.add_error("code", _("This code is not right, or it was used before. Wait for the next one."))
                return _page(request, half, form, UNPROCESSABLE)
        attempt.succeeded()
        response = _in(request, half)
    if by_paper:
        _tell_what_is_left(request, half.user)
    return response


def _in(request: HttpRequest, half: HalfSignedIn) -> HttpResponse:
    sessions.begin(request, half.user, half.marks)
    return redirect(half.target)


def _tell_what_is_left(request: HttpRequest, user: User) -> None:
    count = recovery_codes.left(user)
    with translation.override(user.language):
        words = ngettext("You have %(count)s recovery code left.", "You have %(count)s recovery codes left.", count)
        toast_later(request, words % {"count": count})


def _page(
    request: HttpRequest, half: HalfSignedIn, form: SecondStepForm, status: int = 200, trouble: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "trouble": trouble,
        "has_app": CodeApp.objects.filter(user=half.user).exists(),
        "has_passkey": Passkey.objects.filter(user=half.user).exists(),
    }
    return render(request, "trust/second_step.html", context, status=status)


@require_POST
def second_step_ask(request: HttpRequest) -> JsonResponse:
    """What the browser needs to sign with one of the user's passkeys."""
    half = sessions.held(request)
    if half is None:
        return JsonResponse({"go": LATE}, status=UNPROCESSABLE)
    return JsonResponse(passkeys.ask(request.session, half.user))


@require_POST
def second_step_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey as the second proof."""
    half = sessions.held(request)
    if half is None:
        return redirect(LATE)
    try:
        with transaction.atomic():
            passkeys.read(request.session, request.POST.get("answer", ""), half.user)
            return _in(request, half)
    except passkeys.Refused:
        audit_user("second_step_failed", half.user)
        return _page(request, half, SecondStepForm(), UNPROCESSABLE, passkey_refused())


def passkey_refused() -> str:
    """What to tell somebody whose passkey did not work."""
    return _("That passkey did not work here. Try again, or use another way.")


@require_POST
def passkey_ask(request: HttpRequest) -> JsonResponse:
    """What the browser needs to sign in with whichever passkey it has for us."""
    if request.session.is_empty():
        request.session.set_expiry(sessions.ANONYMOUS_SECONDS)
    return JsonResponse(passkeys.ask(request.session))


@require_POST
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey alone: the device made sure who is holding it, so it is both proofs at once."""
    target = safe_next(request.POST.get("next", HOME))
    form = PasskeyForm(request.POST)
    try:
        if not form.is_valid():
            raise passkeys.Refused("no answer")
        with transaction.atomic():
            proof = passkeys.read(request.session, form.cleaned_data["answer"])
            if not proof.is_verified:
                raise passkeys.Refused("not verified")
            sessions.begin(request, proof.passkey.user)
    except passkeys.Refused:
        return sign_in_page(request, SignInForm(), target, UNPROCESSABLE, passkey_refused())
    return redirect(target)
