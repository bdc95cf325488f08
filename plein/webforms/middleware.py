# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door of visitors: it stands before the session of colleagues, and never comes as far as that.

Requests here have no user and set no cookie, so there is nothing that another page could borrow: what a form does,
anybody may do who has its address. What another website sends by the browsers of its visitors is refused all the same,
for it would count as theirs.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, get_resolver
from django.utils import translation

from plein.webforms.places import UNDER, is_form
from plein.webforms.queries import NoForm

type Next = Callable[[HttpRequest], HttpResponseBase]

URLS = "plein.webforms.urls.door"
READS = ("GET", "HEAD")
FIRST_ERROR = 400
#: A form that was filled in is no larger.
LARGEST_BODY = 64 * 1024
FORMS = "application/x-www-form-urlencoded"


class FormDoorMiddleware:
    """Answer requests for forms; let all others pass."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_form(request):
            return self.get_response(request)
        asked = request.GET.get("lang", "")
        language = asked if asked in dict(settings.LANGUAGES) else translation.get_language_from_request(request)
        with translation.override(language):
            response = _answer(request)
            response.headers.setdefault("Content-Language", translation.get_language() or language)
        response.headers["X-Robots-Tag"] = "noindex"
        return response


def _answer(request: HttpRequest) -> HttpResponseBase:
    """One request, one transaction; an error undoes what was written."""
    if request.method not in READS and (trouble := _trouble(request)):
        return refusal(request, trouble)
    try:
        match = get_resolver(URLS).resolve("/" + request.path_info.removeprefix(UNDER))
        with transaction.atomic():
            response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
            if response.status_code >= FIRST_ERROR and response.status_code != 429:
                transaction.set_rollback(True)
    except (Resolver404, Http404, NoForm):
        return refusal(request, 404)
    except (SuspiciousOperation, BadRequest):
        return refusal(request, 400)
    return response


def refusal(request: HttpRequest, status: int, wait: int = 0) -> HttpResponseBase:
    """A page that says what to do instead."""
    answer = render(
        request, "webforms/refusal.html", {"status": status, "languages": settings.LANGUAGES}, status=status
    )
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


def _trouble(request: HttpRequest) -> int:
    """Why something that was sent is not looked at; 0 when it is."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return 403
    if request.headers.get("Content-Type", FORMS).partition(";")[0].strip().lower() != FORMS:
        return 415
    if "Transfer-Encoding" in request.headers:
        # A browser says how long a form is; what goes on without saying so may have no end.
        return 413
    length = request.headers.get("Content-Length", "0")
    return 413 if not length.isdigit() or int(length) > LARGEST_BODY else 0
