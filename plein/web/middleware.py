# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a request to a context: nobody at first, then the seat of whoever is signed in."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode

from plein.core import streams
from plein.core.audit import (
    Arrival,
    KeptLooks,
    audit_apart,
    audit_kept,
    coming_from,
    forget_glimpses,
    looks_to_keep,
)
from plein.core.isolation import no_workspace
from plein.trust import sessions
from plein.trust.addresses import remote_address
from plein.trust.looking import THEIRS_ALONE, looking_of, through_eyes
from plein.trust.models import User
from plein.trust.places import WORKSPACE, handle_of
from plein.trust.seats import Entrance, NoSeat, entered
from plein.trust.session_store import digest_of_key
from plein.trust.zones import zone_of
from plein.web.errors import answer_to, error_page, only_looking, shows_nothing, theirs_alone

type Next = Callable[[HttpRequest], HttpResponseBase]

#: Addresses that answer somebody who has not signed in. Everything else sends them to sign in.
HEALTH = "/healthz"
OPEN_PATHS = ("/sign-in/", HEALTH, "/robots.txt", "/favicon.ico", "/manifest.webmanifest", "/offline-page/", "/sw.js")
#: The REST door and the one of devices ask for a token or a password themselves; files of the pages need nobody.
OTHER_DOORS = ("/api/v1/", "/static/", "/dav/", "/.well-known/", "/feeds/", "/hooks/")
SAFE_METHODS = ("GET", "HEAD")
FIRST_ERROR, FORBIDDEN, NOT_ALLOWED, OTHER_PLACE = 400, 403, 405, 421
#: What a view sets on an error whose writes are to stay: failed attempts that count, files that came with a form.
KEEPING = ("keeps_what_was_counted", "keeps_what_came")
#: Where a session goes to another workspace; a page of any of them may ask for it.
CHANGES_PLACE = "/workspaces/go/"
#: Where somebody sets up a second proof, and all that is open to who has to have one and has none.
SET_UP = "/settings/security/second-step/"
UNPROVED_PATHS = ("/settings/security/", "/settings/theme", "/sign-out/", "/welcome/", "/workspaces/")
UTF_8 = ("utf-8", "utf8")


class PleinRequest(HttpRequest):
    """A request as views see it: signed in, with a seat."""

    user: User
    seat: Entrance


class IsolationMiddleware:
    """Outermost: a request starts as nobody, and sees no record. Nothing it gets may be kept by anybody else."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.user = AnonymousUser()
        request.seat = None  # type: ignore[attr-defined]
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        came = Arrival(address=remote_address(request), session=digest_of_key(key) if key else "")
        with no_workspace("request"), coming_from(came):
            response = self.get_response(request)
        if not request.path_info.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "private, no-store")
            patch_vary_headers(response, ("Cookie", "HX-Request"))
        return response


class ErrorMiddleware:
    """What a view could not do is told in words; errors in the layers around it end in `server_error`."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info != HEALTH:
            # Raises for a host that is not ours, before any page could repeat it.
            request.get_host()
        if request.encoding and request.encoding.lower() not in UTF_8 and not request.path_info.startswith(OTHER_DOORS):
            # Python knows encodings that turn no bytes into text; browsers send a form as the page that holds it.
            raise BadRequest("not UTF-8")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Answer for trouble that has a sentence of its own; the rest is ours and gets noted."""
        return answer_to(request, error)


class SeatMiddleware:
    """Innermost: everything a view does runs as the seat of the user, in one transaction.

    A response that is an error undoes what the view wrote: nothing is half done. Only a form that comes back with files
    says `keeps_what_came`: they lie with its draft, for a browser cannot send them again. Looks at what such a response
    shows are logged after it, and before anybody gets it.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if path.startswith(OTHER_DOORS):
            return self.get_response(request)
        user = None if path.startswith(OPEN_PATHS) else self._signed_in(request)
        language = user.language if user else translation.get_language_from_request(request)
        with translation.override(language), timezone.override(zone_of(user) if user else None):
            response = self._as_nobody(request) if user is None else self._as_seat(request, user)
            if response.status_code == NOT_ALLOWED:
                response = self._in_words(request, response)
            response.headers.setdefault("Content-Language", language)
            return response

    def _as_seat(self, request: HttpRequest, user: User) -> HttpResponseBase:
        request.user = user
        shown: KeptLooks | None = None
        try:
            with entered(user, request.session.get(WORKSPACE)) as own, through_eyes(request, own) as seat:
                request.seat = seat  # type: ignore[attr-defined]
                response = self._looked_at(request) or self._unproved(request, own) or self._in_place(request, seat)
                if response.status_code >= FIRST_ERROR and not any(getattr(response, name, False) for name in KEEPING):
                    shown = _shown(response)
                    transaction.set_rollback(True)
        except NoSeat:
            logout(request)
            return HttpResponseRedirect(f"{settings.LOGIN_URL}?why=seat")
        if shown is not None:
            audit_kept(shown)
        if response.status_code == FORBIDDEN:
            _log_refusal(request, own)
        # Beside the transaction, which an error undoes.
        sessions.follow_rights(request, own.role)
        return response

    def _looked_at(self, request: HttpRequest) -> HttpResponseBase | None:
        """Refuse, in words, whatever is more than looking while somebody looks through a colleague's eyes."""
        looking = looking_of(request)
        if looking is None:
            return None
        if request.method not in SAFE_METHODS:
            return error_page(request, 403, *only_looking(looking.name))
        if request.path_info.startswith(THEIRS_ALONE):
            return error_page(request, 403, *theirs_alone(looking.name))
        return None

    def _unproved(self, request: HttpRequest, seat: Entrance) -> HttpResponseBase | None:
        """Lead whoever has to have a second proof, and has none, to setting one up before anything else."""
        if not seat.owes_proof or request.session.get(sessions.VOUCHED) or request.path_info.startswith(UNPROVED_PATHS):
            return None
        if request.headers.get("HX-Request"):
            response: HttpResponseBase = HttpResponse(status=204)
            response.headers["HX-Redirect"] = SET_UP
            return response
        return HttpResponseRedirect(SET_UP)

    def _in_place(self, request: HttpRequest, seat: Entrance) -> HttpResponseBase:
        """Refuse what a page of another workspace asks: its session went on to this one in another tab."""
        of = request.headers.get("X-Plein-Place") or request.GET.get("plein-place")
        if of and of != handle_of(seat.workspace_id) and request.path_info != CHANGES_PLACE:
            return error_page(request, OTHER_PLACE)
        return self.get_response(request)

    def _in_words(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Django refuses a method without a word."""
        answer = error_page(request, NOT_ALLOWED)
        answer["Allow"] = response["Allow"]
        return answer

    def _as_nobody(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(OPEN_PATHS):
            return self.get_response(request)
        if request.headers.get("HX-Request"):
            response = error_page(request, 401)
            response.headers["HX-Redirect"] = settings.LOGIN_URL
            return response
        if request.method not in SAFE_METHODS:
            return HttpResponseRedirect(settings.LOGIN_URL)
        query = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?{query}")

    def _signed_in(self, request: HttpRequest) -> User | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or SESSION_KEY not in request.session:
            return None
        if sessions.is_over(request.session):
            logout(request)
            return None
        user = sessions.signed_in_user(request)
        if not isinstance(user, User) or not user.is_active:
            # Otherwise the page to sign in would send them on, and this would send them back.
            logout(request)
            return None
        if request.path_info not in streams.PATHS:
            # An open page that comes back by itself is nobody who uses it.
            sessions.note(request, user)
        return user


def _shown(response: HttpResponseBase) -> KeptLooks | None:
    """The looks at what an answer shows whose writes are undone."""
    if shows_nothing(response):
        forget_glimpses()
        return None
    return looks_to_keep()


def _log_refusal(request: HttpRequest, seat: Entrance) -> None:
    """A refusal is logged although, and after, all that the request did was undone."""
    match = request.resolver_match
    page = (match.view_name if match else "").replace("-", "_").lower()
    audit_apart("refused", workspace=seat.workspace_id, seat=seat.seat_id, user=seat.user.id, page=page)
