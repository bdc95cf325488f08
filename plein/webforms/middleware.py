# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door of visitors: a form that stands on a website.

Requests here have no user and set no cookie, so there is nothing that another page could borrow: what a form does,
anybody may do who has its address. What another website sends by the browsers of its visitors is refused all the same,
for it would count as theirs.
"""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation

from plein.core.doors import Door
from plein.webforms.places import UNDER, is_form
from plein.webforms.queries import NoForm

#: A form that was filled in is no larger.
LARGEST_BODY = 64 * 1024
FORMS = "application/x-www-form-urlencoded"


class FormDoorMiddleware(Door):
    """Answer requests for forms; let all others pass."""

    urls = "plein.webforms.urls.door"
    missing = NoForm

    def leads_here(self, request: HttpRequest) -> bool:
        return is_form(request)

    def under(self) -> str:
        return UNDER

    def language(self, request: HttpRequest) -> str:
        asked = request.GET.get("lang", "")
        return asked if asked in dict(settings.LANGUAGES) else translation.get_language_from_request(request)

    def trouble(self, request: HttpRequest) -> int:
        return _trouble(request)

    def refusal(self, request: HttpRequest, status: int) -> HttpResponseBase:
        return refusal(request, status)


def refusal(request: HttpRequest, status: int, wait: int = 0) -> HttpResponseBase:
    """A page that says what to do instead."""
    answer = render(
        request, "webforms/refusal.html", {"status": status, "languages": settings.LANGUAGES}, status=status
    )
    if wait:
        answer.headers["Retry-After"] = str(wait)
        answer.keeps_what_was_counted = True  # type: ignore[attr-defined]
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
