# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door of people's own pages.

Requests here have no user, no seat and no workspace: only a cookie of their own, with the secret of a visit.
"""

import secrets
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from plein.core.doors import Door
from plein.mypage.places import is_own_page, root


class MyPageMiddleware(Door):
    """Answer requests for somebody's own page; let all others pass."""

    urls = "plein.mypage.urls.own"

    def leads_here(self, request: HttpRequest) -> bool:
        return is_own_page(request)

    def under(self) -> str:
        return root()

    def trouble(self, request: HttpRequest) -> int:
        return 0 if _is_from_here(request) else 403

    def refusal(self, request: HttpRequest, status: int) -> HttpResponseBase:
        return render(request, "mypage/refusal.html", {"root": root(), "status": status}, status=status)


def _is_from_here(request: HttpRequest) -> bool:
    """Whether a form was sent from a page of ours, as every browser of today says; programs have no business here."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin")
    return origin is None or secrets.compare_digest(urlsplit(origin).netloc.lower(), request.get_host().lower())
