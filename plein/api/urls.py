# SPDX-License-Identifier: AGPL-3.0-or-later
"""The addresses of the REST door. All but the two for people answer in JSON, also those that lead nowhere."""

from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from plein.api import pages
from plein.api.router import api, in_words, nothing


def _worded(pattern: URLPattern) -> URLPattern:
    pattern.callback = csrf_exempt(in_words(pattern.callback))
    return pattern


app_name = "api"
urlpatterns: list[URLPattern] = [
    *(_worded(pattern) for pattern in api.urls[0] if isinstance(pattern, URLPattern)),
    path("docs", pages.docs, name="docs"),
    path("problems/<slug:code>", pages.problem, name="problem"),
    # A token in a header cannot be sent by somebody else's page, so there is nothing to forge.
    path("<path:rest>", csrf_exempt(in_words(nothing)), name="nothing"),
]
