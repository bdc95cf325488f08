# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plein.trust.permissions import Verb, may
from plein.trust.seats import seat_of

UNPROCESSABLE = 422


@dataclass(frozen=True)
class Place:
    """A page of settings: its URL name, its words, its icon, and whether it is for administrators or whoever writes."""

    url_name: str
    label: str | Promise
    icon: str
    manages: bool = False
    writes: bool = False
    #: The names of pages that belong to it.
    pages: tuple[str, ...] = ()


#: The settings in groups, each with its heading.
PLACES: tuple[tuple[str | Promise, tuple[Place, ...]], ...] = (
    (
        _("You"),
        (
            Place("trust:profile", _("Profile"), "user-circle"),
            Place("trust:security", _("Security"), "shield-lock", pages=("password", "prove", "code_app")),
            Place("notifications:settings", _("Notifications"), "bell"),
            Place("trust:adding", _("What you add"), "eye", writes=True),
            Place("consent:introductions", _("Introductions"), "route"),
            Place(
                "moments:connections",
                _("Connections"),
                "plug",
                writes=True,
                pages=("connection", "connection_new", "connection_account", "elsewhere"),
            ),
            Place("dav:devices", _("Phones and calendars"), "device-mobile-message", pages=("agenda_address",)),
            Place("trust:tokens", _("Tokens"), "key"),
        ),
    ),
    (
        _("Colleagues"),
        (
            Place("trust:roles", _("Roles and teams"), "id-badge-2"),
            Place("trust:users", _("Users"), "users", manages=True),
            Place("trust:teams", _("Teams"), "users-group", manages=True),
            Place("trust:ways_in", _("Ways to sign in"), "login", manages=True),
        ),
    ),
    (
        _("How we work"),
        (
            Place("trust:workspace", _("Company"), "building", manages=True),
            Place(
                "metadata:fields",
                _("Fields"),
                "stack-2",
                manages=True,
                pages=("field_new", "field_change", "group_new", "group_change"),
            ),
            Place("network:strength", _("Strength of ties"), "route", manages=True),
            Place("identity:matching", _("Recognising people"), "user-check", manages=True),
            Place("relations:tags", _("Tags"), "tag"),
            Place("moments:topics", _("Topics"), "message-circle", pages=("topic", "topic_new", "topic_change")),
            Place("moments:learned", _("What Plein learned"), "bulb"),
            Place("opinions:opinions", _("Second opinion"), "message-circle", manages=True),
            Place(
                "relations:tie_types",
                _("Ties"),
                "affiliate",
                manages=True,
                pages=("tie_type_new", "tie_type_change", "tie_type_remove", "tie_type_effects"),
            ),
            Place("outbox:identities", _("Senders"), "send", writes=True),
            Place("outbox:templates", _("Mail templates"), "file-text", writes=True),
            Place("channels:mail", _("Mail"), "mail", manages=True),
            Place("webforms:forms", _("Forms for websites"), "file-text", manages=True, pages=("form", "form_new")),
            Place("hooks:hooks", _("Webhooks"), "link", manages=True, pages=("hook", "hook_new", "out", "out_new")),
        ),
    ),
    (
        _("What people may count on"),
        (
            Place("consent:purposes", _("Purposes"), "checkbox", manages=True, pages=("purpose_new", "purpose_change")),
            Place("mypage:settings", _("My page"), "id-badge-2", manages=True),
            Place("mypage:requests", _("Requests"), "mailbox", manages=True, pages=("request",)),
            Place("asking:settings", _("Asking for introductions"), "route", manages=True),
            Place("consent:never", _("Never contact"), "user-off", manages=True),
            Place("consent:retention", _("How long we keep it"), "clock", manages=True, pages=("rule", "rule_delete")),
            Place("web:audit", _("Audit log"), "shield-lock", manages=True),
        ),
    ),
)


WANTED: tuple[Verb, ...] = ("manage", "write")


def is_at(request: HttpRequest, place: Place, href: str) -> bool:
    """Whether a page is the one at an address, also when it has another address besides, or belongs to it."""
    match = request.resolver_match
    return match is not None and (match.func == resolve(href).func or match.url_name in place.pages)


def settings_page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Show a page of settings, with the list of those that the visitor may use."""
    manages, writes = (may(seat_of(request), verb) for verb in WANTED)
    groups = []
    for heading, places in PLACES:
        shown = [
            {
                "label": place.label,
                "icon": place.icon,
                "href": (href := reverse(place.url_name)),
                "current": is_at(request, place, href),
            }
            for place in places
            if (manages or not place.manages) and (writes or not place.writes)
        ]
        groups += [{"heading": heading, "places": shown}] if shown else []
    return render(request, template, {"groups": groups, **(context or {})}, status=status)
