# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people read about the door: every operation, and every kind of problem. Nothing here needs a token."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from plein.api.problems import PROBLEMS
from plein.api.reference import reference


def _page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    language = translation.get_language_from_request(request)
    with translation.override(language):
        response = render(request, template, context)
    response.headers["Content-Language"] = language
    return response


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation, with what it takes and gives, and a line to try it."""
    return _page(request, "api/docs.html", {"groups": reference(), "problems": PROBLEMS.values()})


@require_safe
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """A kind of problem: what it means, and what to do."""
    if code not in PROBLEMS:
        raise Http404
    return _page(request, "api/problem.html", {"problem": PROBLEMS[code]})
