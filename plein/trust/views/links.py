# SPDX-License-Identifier: AGPL-3.0-or-later
"""Links that let somebody in once, and asking for one. Looking never spends a link: mail scanners look at them all."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language_from_request
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from plein.trust import passkeys, sessions
from plein.trust.actions import (
    change_profile,
    good_link,
    has_second_factor,
    join,
    providers_into,
    reset_password,
    take_one_time_link,
    want_reset,
)
from plein.trust.addresses import HOME, remote_address
from plein.trust.attempts import Attempted
from plein.trust.forms import JoinForm, NewPasswordForm, ResetForm
from plein.trust.models import OneTimeLink, SignInProvider, User
from plein.trust.queries import home_of
from plein.trust.views.entrance import GONE, TOO_MANY, UNPROCESSABLE, let_in, too_often
from plein.trust.views.second_step import passkey_refused


@sensitive_post_parameters("new_password", "answer")
@require_http_methods(["GET", "HEAD", "POST"])
def one_time_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Show what a link is for, with a button; the button spends it."""
    link = good_link(secret)
    if link is None:
        return _gone(request)
    pages = {"sign_in": _sign_in, "invitation": _join, "reset": _reset}
    # Who has a second factor came in before: an invitation must not lead past it.
    came_before = link.purpose == "invitation" and has_second_factor(link.user)
    return pages["reset" if came_before else link.purpose](request, secret, link)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "trust/link.html", {"is_good": False}, status=GONE)


def _sign_in(request: HttpRequest, secret: str, link: OneTimeLink) -> HttpResponse:
    if request.method != "POST":
        return render(request, "trust/link.html", {"is_good": True})
    with transaction.atomic():
        user = take_one_time_link(secret)
        if user is None:
            return _gone(request)
        is_first = user.last_login is None
        if is_first:
            # Nobody has asked yet: the browser knows better than we do which language its reader reads.
            change_profile(user=user, language=get_language_from_request(request))
        return let_in(request, user, reverse("trust:welcome") if is_first else HOME)


def _reset(request: HttpRequest, secret: str, link: OneTimeLink) -> HttpResponse:
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=link.user)
    if request.method != "POST" or not form.is_valid():
        status = 200 if request.method != "POST" else UNPROCESSABLE
        return render(request, "trust/reset.html", {"form": form, "user": link.user}, status=status)
    with transaction.atomic():
        user = take_one_time_link(secret)
        if user is None:
            return _gone(request)
        reset_password(user=user, password=form.cleaned_data["new_password"])
        return let_in(request, user, HOME)


def _join(request: HttpRequest, secret: str, link: OneTimeLink) -> HttpResponse:
    if request.method != "POST":
        known = {"name": link.user.name, "language": get_language_from_request(request)}
        return _join_page(request, secret, JoinForm(user=link.user, initial=known))
    form = JoinForm(request.POST, user=link.user)
    if not form.is_valid():
        return _join_page(request, secret, form, UNPROCESSABLE)
    answer, made = form.cleaned_data["answer"], None
    if answer:
        try:
            made = passkeys.read_new(request.session, link.user, answer)
        except passkeys.Refused:
            return _join_page(request, secret, form, UNPROCESSABLE, passkey_refused())
    with transaction.atomic():
        user = take_one_time_link(secret)
        if user is None:
            return _gone(request)
        codes = _joined(user, form.cleaned_data, made)
        sessions.begin(request, user)
    return render(request, "trust/joined.html", {"codes": codes}) if codes else redirect(HOME)


def _joined(user: User, chosen: dict[str, Any], made: passkeys.Made | None) -> list[str]:
    return join(
        user=user,
        name=chosen["name"],
        language=chosen["language"],
        password="" if made else chosen["new_password"],
        made=made,
    )


def _join_page(request: HttpRequest, secret: str, form: JoinForm, status: int = 200, trouble: str = "") -> HttpResponse:
    context = {
        "form": form,
        "secret": secret,
        "trouble": trouble,
        "email": form.user.email,
        "providers": _providers_for(form.user),
    }
    return render(request, "trust/join.html", context, status=status)


def _providers_for(user: User) -> list[SignInProvider]:
    home = home_of(user)
    return providers_into(home) if home is not None else []


@require_POST
def join_ask(request: HttpRequest, secret: str) -> JsonResponse:
    """What the browser needs to make the first passkey of somebody who was invited."""
    link = good_link(secret)
    if link is None or link.purpose != "invitation":
        raise Http404
    if request.session.is_empty():
        request.session.set_expiry(sessions.ANONYMOUS_SECONDS)
    return JsonResponse(passkeys.ask_for_new(request.session, link.user))


@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail. Whether the address is known changes neither the answer nor the work."""
    form = ResetForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = 200 if request.method != "POST" else UNPROCESSABLE
        return render(request, "trust/forgotten.html", {"form": form}, status=status)
    attempt = Attempted(f"reset of {form.cleaned_data['email'].lower()}", remote_address(request))
    if attempt.wait:
        form.add_error(None, attempt.words())
        page = render(request, "trust/forgotten.html", {"form": form}, status=TOO_MANY)
        return too_often(page, attempt)
    want_reset(email=form.cleaned_data["email"])
    return render(request, "trust/forgotten.html", {"is_sent": True})
