# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answering a request for an introduction by a link, without an account: once, and only what it is about."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods

from plein.asking.actions import read_asked, reply
from plein.asking.forms import ReplyForm
from plein.mypage.places import root
from plein.trust.actions.links import digest_of

GONE, UNPROCESSABLE = 410, 422


@require_http_methods(["GET", "HEAD", "POST"])
def introduction(request: HttpRequest, secret: str) -> HttpResponse:
    """What somebody is asked, and their answer. Looking spends nothing: mail scanners look at every link."""
    link = digest_of(secret)
    asked = read_asked(link)
    if asked is None:
        return _show(request, {"is_over": True}, GONE)
    with translation.override(_language(asked)):
        form = ReplyForm(request.POST if request.method == "POST" else None, is_last=asked["is_last"])
        if request.method != "POST":
            return _show(request, _context(asked, form))
        if not form.is_valid():
            return _show(request, _context(asked, form), UNPROCESSABLE)
        if not reply(link=link, **form.cleaned_data):
            return _show(request, {"is_over": True}, GONE)
        return _show(request, {"is_done": True, "asked": asked})


def _language(asked: dict[str, Any]) -> str:
    """The language in which we write to them, or that of their browser."""
    language = str(asked["language"])[:2]
    known = dict(settings.LANGUAGES)
    return language if language in known else translation.get_language() or settings.LANGUAGE_CODE


def _context(asked: dict[str, Any], form: ReplyForm) -> dict[str, Any]:
    return {"asked": asked, "until": parse_datetime(asked["expires_at"]), "form": form}


def _show(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "mypage/introduction.html", {"root": root(), **context}, status=status)
