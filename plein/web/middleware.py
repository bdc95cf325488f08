# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a request to a context: nobody at first, then the seat of whoever is signed in."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user, logout
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.utils import timezone, translation
from django.utils.http import urlencode

from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.trust.models import User
from plein.trust.seats import Entrance, NoSeat, entered

type Next = Callable[[HttpRequest], HttpResponseBase]

#: Addresses that answer somebody who has not signed in. Everything else sends them to sign in.
OPEN_PATHS = ("/sign-in/", "/healthz", "/static/", "/robots.txt", "/api/v1/")
IDLE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=10)
SEEN = "seen_at"


class PleinRequest(HttpRequest):
    """A request as views see it: signed in, with a seat."""

    user: User
    seat: Entrance


class IsolationMiddleware:
    """Outermost: a request starts as nobody, and sees no record."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.user = AnonymousUser()
        request.seat = None  # type: ignore[attr-defined]
        with no_workspace("request"):
            return self.get_response(request)


class SeatMiddleware:
    """Innermost: everything a view does runs as the seat of the user, in one transaction.

    A response that is an error undoes what the view wrote: nothing is half done.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(("/static/", "/healthz", "/api/v1/")):
            return self.get_response(request)
        user = self._signed_in(request)
        language = user.language if user else translation.get_language_from_request(request)
        with translation.override(language):
            if user is None:
                return self._as_nobody(request)
            request.user = user
            try:
                with entered(user, request.session.get("workspace")) as seat:
                    request.seat = seat  # type: ignore[attr-defined]
                    response = self.get_response(request)
                    if response.status_code >= 500:
                        transaction.set_rollback(True)
            except NoSeat:
                logout(request)
                return HttpResponseRedirect(f"{settings.LOGIN_URL}?why=seat")
            response.headers.setdefault("Cache-Control", "private, no-store")
            response.headers.setdefault("Content-Language", language)
            return response

    def _as_nobody(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(OPEN_PATHS):
            return self.get_response(request)
        query = urlencode({"next": request.get_full_path()})
        target = f"{settings.LOGIN_URL}?{query}"
        if request.headers.get("HX-Request"):
            response = HttpResponseRedirect(target)
            response.status_code = 401
            response.headers["HX-Redirect"] = settings.LOGIN_URL
            return response
        return HttpResponseRedirect(target)

    def _signed_in(self, request: HttpRequest) -> User | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or SESSION_KEY not in request.session:
            return None
        seen = request.session.get(SEEN)
        moment = now()
        if seen is not None and moment - timezone.datetime.fromisoformat(seen) > IDLE:
            logout(request)
            return None
        user = get_user(request)
        if not isinstance(user, User) or not user.is_active:
            return None
        if seen is None or moment - timezone.datetime.fromisoformat(seen) > SEEN_EVERY:
            request.session[SEEN] = moment.isoformat()
        return user
