# SPDX-License-Identifier: AGPL-3.0-or-later
"""Plein on the screen of a telephone: what it asks first, and what it keeps to open without a line."""

import json

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

WORKER_SECTIONS = ("web/worker.js", "web/worker-offline.js")


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What a telephone asks before it puts Plein on its screen."""
    icon = {"type": "image/png", "purpose": "any"}
    return JsonResponse(
        {
            "name": "Plein",
            "short_name": "Plein",
            "description": _("Everybody you deal with, and every contact with them."),
            "id": "/",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#F1ECE1",
            "theme_color": "#17382E",
            "icons": [
                {"src": static("web/plein-192.png"), "sizes": "192x192", **icon},
                {"src": static("web/plein-512.png"), "sizes": "512x512", **icon},
                {"src": static("web/plein-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
            ],
            "shortcuts": [
                {"name": _("Relations"), "url": reverse("relations:person_list")},
                {"name": _("To do"), "url": reverse("moments:todos")},
            ],
        },
        content_type="application/manifest+json",
    )


@require_safe
def worker_script(request: HttpRequest) -> HttpResponse:
    """The service worker, from the root so that it serves every page: its sections one after the other."""
    sections = []
    for name in WORKER_SECTIONS:
        if staticfiles_storage.exists(name):
            with staticfiles_storage.open(name) as file:
                sections.append(file.read().decode())
    response = HttpResponse("\n".join(sections), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page that opens without a line: empty until the device fills it with what it kept."""
    words = {
        "keep": _("Kept on this device. It is sent as soon as there is a line again."),
        "sent": _("Sent what was waiting on this device: {count}."),
        "waiting": _("Waiting to be sent"),
        "nobody": _("Nothing is kept on this device yet. Open Plein once with a line."),
        "since": _("As it was on {day}"),
        "empty": _("Write what happened, in a word or two."),
        "todo": _("To do"),
        "last": _("Last contact"),
        "back": _("Back to the list"),
        "copy": _("Copy text"),
        "discard": _("Discard"),
        "save": _("Keep the note"),
        "note": _("A note about {name}"),
    }
    response = render(request, "web/offline.html", {"offline_words": json.dumps(words, ensure_ascii=False)})
    response.headers["Cache-Control"] = "private, no-cache"
    return response
