# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door of people's own pages: it stands before the session of colleagues, and never comes as far as that.

Requests here have no user, no seat and no workspace: only a cookie of their own, with the secret of a visit.
"""

import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, get_resolver
from django.utils import translation

from plein.mypage.places import is_own_page, root

type Next = Callable[[HttpRequest], HttpResponseBase]

URLS = "plein.mypage.urls.own"
READS = ("GET", "HEAD")
FIRST_ERROR = 400


class MyPageMiddleware:
    """Answer requests for somebody's own page; let all others pass."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_own_page(request):
            return self.get_response(request)
        language = translation.get_language_from_request(request)
        with translation.override(language):
            response = _answer(request)
            response.headers.setdefault("Content-Language", translation.get_language() or language)
        response.headers["X-Robots-Tag"] = "noindex"
        return response


def _answer(request: HttpRequest) -> HttpResponseBase:
    """One request, one transaction; an error undoes what was written."""
    if request.method not in READS and not _is_from_here(request):
        return refusal(request, 403)
    try:
        match = get_resolver(URLS).resolve("/" + request.path_info.removeprefix(root()))
        with transaction.atomic():
            response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
            if response.status_code >= FIRST_ERROR and not getattr(response, "keeps_what_was_counted", False):
                transaction.set_rollback(True)
    except (Resolver404, Http404):
        return refusal(request, 404)
    return response


def refusal(request: HttpRequest, status: int) -> HttpResponseBase:
    """A page that says what to do instead."""
    return render(request, "mypage/refusal.html", {"root": root(), "status": status}, status=status)


def _is_from_here(request: HttpRequest) -> bool:
    """Whether a form was sent from a page of ours, as every browser of today says; programs have no business here."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin")
    return origin is None or secrets.compare_digest(urlsplit(origin).netloc.lower(), request.get_host().lower())
