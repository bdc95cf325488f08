# SPDX-License-Identifier: AGPL-3.0-or-later
from django.contrib.auth import SESSION_KEY, authenticate, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from plein.trust import sessions
from plein.trust.actions import front_providers, welcome_user
from plein.trust.addresses import HOME, remote_address, safe_next
from plein.trust.attempts import Attempted
from plein.trust.forms import SignInForm, WelcomeForm
from plein.trust.models import Role, User
from plein.trust.seats import seat_of
from plein.trust.views.entrance import TOO_MANY, UNPROCESSABLE, let_in, too_often
from plein.trust.watching import audit_failure


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with an address and a password."""
    target = safe_next(request.POST.get("next") or request.GET.get("next"))
    if request.method != "POST":
        if SESSION_KEY in request.session and "why" not in request.GET and not sessions.is_over(request.session):
            return redirect(target)
        return sign_in_page(request, SignInForm(), target)
    form = SignInForm(request.POST)
    if not form.is_valid():
        return sign_in_page(request, form, target, UNPROCESSABLE)
    return _checked(request, form, target)


def _checked(request: HttpRequest, form: SignInForm, target: str) -> HttpResponse:
    """Check the password; an unknown account gets the same answer after the same time."""
    email, password = form.cleaned_data["email"], form.cleaned_data["password"]
    attempt = Attempted(email, remote_address(request))
    if attempt.wait:
        form.add_error(None, attempt.words())
        return too_often(sign_in_page(request, form, target, TOO_MANY), attempt)
    user = authenticate(request, username=email, password=password)
    if not isinstance(user, User):
        audit_failure(email)
        form.add_error(None, _("This address and password do not belong together. Try again, or use a link."))
        return sign_in_page(request, form, target, UNPROCESSABLE)
    attempt.succeeded()
    return let_in(request, user, target)


def sign_in_page(
    request: HttpRequest, form: SignInForm, target: str, status: int = 200, trouble: str = ""
) -> HttpResponse:
    """Show the form, and above it what went wrong otherwise."""
    context = {
        "form": form,
        "next": target,
        "why": request.GET.get("why", ""),
        "trouble": trouble,
        "providers": front_providers(),
    }
    return render(request, "trust/sign_in.html", context, status=status)


@sensitive_post_parameters("new_password")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Ask at the first sign-in what everything else starts from; it can be skipped."""
    seat = seat_of(request)
    may_own = seat.role == Role.OWNER
    if request.method != "POST":
        known = {"name": "" if may_own and seat.user.last_login else seat.user.name, "country": "NL"}
        form = WelcomeForm(user=seat.user, may_own=may_own, initial=known)
        return render(request, "trust/welcome.html", {"form": form})
    form = WelcomeForm(request.POST, user=seat.user, may_own=may_own)
    if not form.is_valid():
        return render(request, "trust/welcome.html", {"form": form}, status=UNPROCESSABLE)
    user = welcome_user(
        actor=seat,
        name=form.cleaned_data["name"],
        password=form.cleaned_data["new_password"],
        company=form.cleaned_data.get("company", ""),
        country=form.cleaned_data.get("country", ""),
    )
    sessions.keep(request, user)
    return redirect(HOME)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    logout(request)
    return redirect("trust:sign_in")
