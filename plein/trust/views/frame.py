# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plein.trust.permissions import may
from plein.trust.seats import seat_of

UNPROCESSABLE = 422


@dataclass(frozen=True)
class Place:
    """A page of settings: its URL name, its words, its icon, and whether it is the administrators' own."""

    url_name: str
    label: str | Promise
    icon: str
    manages: bool = False


PLACES = (
    Place("trust:profile", _("Profile"), "user-circle"),
    Place("trust:password", _("Password"), "lock"),
    Place("trust:sessions", _("Devices"), "device-desktop"),
    Place("trust:tokens", _("Tokens"), "key"),
    Place("trust:users", _("Users"), "users", manages=True),
    Place("trust:teams", _("Teams"), "users-group", manages=True),
    Place("trust:workspace", _("Company"), "building", manages=True),
)


def settings_page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Show a page of settings, with the list of those that the visitor may use."""
    manages = may(seat_of(request), "manage")
    here = request.resolver_match.view_name if request.resolver_match else ""
    places = [
        {"label": place.label, "icon": place.icon, "href": reverse(place.url_name), "current": here == place.url_name}
        for place in PLACES
        if manages or not place.manages
    ]
    return render(request, template, {"places": places, **(context or {})}, status=status)
