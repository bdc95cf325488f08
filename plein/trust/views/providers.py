# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing in through somebody else: out by a link, and back with what they say."""

import logging
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY, get_user
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plein.core.outside import Unreachable
from plein.core.toasts import toast_later
from plein.trust import sessions
from plein.trust.actions import (
    Taken,
    Unknown,
    connect,
    good_link,
    secret_of,
    take_one_time_link,
    user_behind,
)
from plein.trust.addresses import HOME
from plein.trust.forms import SignInForm
from plein.trust.gone_out import CONNECTING, recall, remember
from plein.trust.models import SignInProvider, User
from plein.trust.places import BOUND, WORKSPACE
from plein.trust.providers import Identity, Refused, address_to_ask, discover, fresh_question, identify
from plein.trust.queries import seats_of
from plein.trust.rates import seconds_to_wait
from plein.trust.views.entrance import TOO_MANY, UNPROCESSABLE, let_in
from plein.trust.views.sign_in import sign_in_page

logger = logging.getLogger(__name__)
STARTS_A_MINUTE = 60


@require_safe
def provider_start(request: HttpRequest, provider: UUID) -> HttpResponse:
    """Send the browser to a provider; it takes along what we compare with when it comes back."""
    found = get_object_or_404(SignInProvider, id=provider, is_active=True)
    if seconds_to_wait(found.id, most=STARTS_A_MINUTE):
        return _back_to_sign_in(request, _("Many people sign in just now. Try again in a minute."), TOO_MANY)
    try:
        metadata = discover(found.issuer, may_be_inside=found.is_inside)
        if metadata.issuer != found.issuer:
            raise Refused("another issuer")
    except (Refused, Unreachable) as trouble:
        logger.warning("the provider %s cannot be asked: %s", found.id, trouble)
        return _back_to_sign_in(request, _("%(name)s cannot be reached just now.") % {"name": found.name}, 503)
    question = fresh_question()
    remember(request, found, question)
    return redirect(address_to_ask(found, metadata, question))


@require_safe
def provider_back(request: HttpRequest, provider: UUID) -> HttpResponse:
    """What a provider says; it is asked itself whether the browser tells the truth."""
    found = get_object_or_404(SignInProvider, id=provider, is_active=True)
    names = {"name": found.name}
    try:
        question, kept = recall(request, found)
        if "error" in request.GET:
            raise Refused(request.GET["error"][:100])
        identity = identify(found, secret_of(found), question, request.META.get("QUERY_STRING", ""))
    except Unreachable as trouble:
        logger.warning("the provider %s does not answer: %s", found.id, trouble)
        return _back_to_sign_in(request, _("%(name)s cannot be reached just now.") % names, 503)
    except Refused as trouble:
        logger.warning("the provider %s said nothing that counts: %s", found.id, trouble)
        return _back_to_sign_in(request, _("You were not signed in at %(name)s. Try again.") % names)
    try:
        if kept["connect"]:
            return _connected(request, found, identity)
        if kept["invitation"]:
            return _joined(request, found, identity, kept["invitation"])
        user = user_behind(provider=found, identity=identity, language=translation.get_language_from_request(request))
        return let_in(request, user, kept["target"], _marks(found, identity))
    except Unknown:
        words = _("%(name)s knows you, but nobody here does. Ask an administrator for an invitation.") % names
        return _back_to_sign_in(request, words)
    except Taken:
        words = _(
            "There is an account here already. Sign in as you did before, and connect %(name)s under Set up, Security."
        )
        return _back_to_sign_in(request, words % names)


def _marks(provider: SignInProvider, identity: Identity) -> dict[str, Any]:
    """A session through a provider is in the workspace of that provider and stays there."""
    return {WORKSPACE: provider.into_workspace, BOUND: True, sessions.VOUCHED: identity.is_vouched}


def _connected(request: HttpRequest, provider: SignInProvider, identity: Identity) -> HttpResponse:
    """Somebody who is signed in wanted to connect."""
    user = get_user(request) if SESSION_KEY in request.session and not sessions.is_over(request.session) else None
    if not isinstance(user, User) or not user.is_active:
        raise Unknown
    connect(user=user, identity=identity)
    request.session.pop(CONNECTING, None)
    with translation.override(user.language):
        toast_later(request, _("From now on you can sign in through %(name)s.") % {"name": provider.name})
    return redirect("trust:security")


def _joined(request: HttpRequest, provider: SignInProvider, identity: Identity, secret: str) -> HttpResponse:
    """Somebody who was invited comes in through a provider instead of choosing a password."""
    with transaction.atomic():
        link = good_link(secret)
        if link is None or link.purpose != "invitation":
            raise Unknown
        if all(seat.workspace_id != provider.into_workspace for seat in seats_of(link.user)):
            raise Unknown
        user = take_one_time_link(secret)
        if user is None:
            raise Unknown
        connect(user=user, identity=identity)
        return let_in(request, user, HOME, _marks(provider, identity))


def _back_to_sign_in(request: HttpRequest, words: str, status: int = UNPROCESSABLE) -> HttpResponse:
    return sign_in_page(request, SignInForm(), HOME, status, words)
