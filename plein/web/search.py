# SPDX-License-Identifier: AGPL-3.0-or-later
"""Find and go: the palette, which opens anywhere, and the page with everything that was found."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plein.core.finding.search import fold
from plein.lists.kinds import kind_of
from plein.lists.queries import views_named
from plein.trust.permissions import may
from plein.trust.rates import SEARCHES, slow_down, slow_down_typing
from plein.trust.seats import seat_of
from plein.web.found import FoundThings, Item, at_hand, find
from plein.web.navigation import ASK, CREATE, MENU, NAVIGATION, NavLink, address_of, links_for

LONGEST_QUERY = 200
#: So many are looked for, and of so many of each kind a palette has room.
IN_PALETTE, FEW = 30, 5
PAGE, MOST = 40, 200
KINDS = ("people", "organizations", "moments", "todos")


def query_of(request: HttpRequest) -> str:
    """What somebody typed, without what no name holds."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]


@require_safe
def palette(request: HttpRequest) -> HttpResponse:
    """The lines of the palette for what was typed so far; as a page of its own it is the search page."""
    if request.headers.get("HX-Request") != "true":
        return search_page(request)
    query = query_of(request)
    seat = seat_of(request)
    if not query:
        kept, visited = at_hand(seat.seat_id)
        groups = _groups(kept, _("At hand")) + _groups(visited, _("Lately"))
        return render(request, "web/palette_results.html", {"groups": groups})
    slow_down_typing(seat.user.id)
    found = find(query, limit=IN_PALETTE)
    context = {
        "query": query,
        "groups": [
            *_groups(nearest(found.people, query), _("People")),
            *_groups(nearest(found.organizations, query), _("Organizations")),
            *_groups(matching_views(query), _("Views")),
            *_groups(found.moments[:FEW], _("Contact moments")),
            *_groups(found.todos[:FEW], _("To do")),
        ],
        "places": matching_places(query, seat.role),
        "create": _create(query) if may(seat, "write") and not found.people + found.organizations else [],
        "network": _network(found, query),
        "shout": _shout(query) if may(seat, "write") and not len(found) else [],
        "all_url": f"{address_of('web:search')}?{urlencode({'q': query})}" if len(found) else "",
    }
    return render(request, "web/palette_results.html", context)


def nearest(items: list[Item], query: str) -> list[Item]:
    """The first few: those whose name begins with what was typed before the others, those seen lately before those."""
    wanted = fold(query)
    return sorted(items, key=lambda item: (not fold(item.title).startswith(wanted), not item.is_recent))[:FEW]


def _groups(items: list[Item], label: str) -> list[tuple[str, list[Item]]]:
    return [(label, items)] if items else []


def matching_places(query: str, role: str) -> list[NavLink]:
    """The places to go whose name begins, or has a word that begins, with what was typed."""
    wanted = fold(query)
    places = links_for([*NAVIGATION, *MENU, *ASK], role) + links_for(CREATE, role)
    return [place for place in places if any(part.startswith(wanted) for part in _beginnings(fold(place.label)))]


def matching_views(query: str) -> list[Item]:
    """The saved views whose name has a word that begins with what was typed."""
    wanted = fold(query)
    return [
        Item(one.id, "view", one.name, str(kind_of(one.kind).plural), one.href)
        for one in views_named(query)
        if any(part.startswith(wanted) for part in _beginnings(fold(one.name)))
    ][:FEW]


def _beginnings(label: str) -> list[str]:
    words = label.split()
    return [" ".join(words[place:]) for place in range(len(words))]


def _create(query: str) -> list[dict[str, str]]:
    acts = (
        ("relations:person_create", _("New person “%(name)s”"), "user-plus"),
        ("relations:organization_create", _("New organization “%(name)s”"), "building"),
    )
    return [
        {"label": words % {"name": query}, "href": f"{address}?{urlencode({'name': query})}", "icon": icon}
        for name, words, icon in acts
        if (address := address_of(name))
    ]


def _shout(query: str) -> list[dict[str, str]]:
    """Asking those who may know what nothing was found of."""
    address = address_of("questions:ask")
    words = _("Shout “%(words)s” across the square") % {"words": query}
    return [{"label": words, "href": f"{address}?{urlencode({'text': query})}", "icon": "speakerphone"}]


def _network(found: FoundThings, query: str) -> list[dict[str, str]]:
    """What to ask the network about the first who was found: who can introduce one, and of a person whom they know."""
    first = (nearest(found.people, query) + nearest(found.organizations, query))[:1]
    return [
        {"label": words % {"name": one.title}, "href": href, "icon": icon}
        for one in first
        for words, href, icon in _asked_about(one)
    ]


def _asked_about(one: Item) -> list[tuple[str, str, str]]:
    way = f"{reverse('network:introductions')}?{urlencode({'to': str(one.id)})}"
    asked = [(_("Who can introduce me to %(name)s"), way, "affiliate")]
    if one.kind == "person":
        both = f"{reverse('network:both')}?{urlencode({'b': str(one.id)})}"
        beyond = f"{reverse('network:around', args=[one.id])}?{urlencode({'view': 'contacts'})}"
        asked.append((_("Whom %(name)s and you both know"), both, "users"))
        asked.append((_("Contacts of contacts of %(name)s"), beyond, "affiliate"))
    return asked


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Everything that was found, by kind, and more of it."""
    query = query_of(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    many = MOST if request.GET.get("more") else PAGE
    if query:
        slow_down("search", seat_of(request).user.id, most=SEARCHES)
    found = find(query, limit=many, with_text=True) if query else FoundThings()
    shown: list[tuple[str, str, list[Item]]] = [
        (name, label, getattr(found, name)) for name, label in labels() if kind in ("", name) and getattr(found, name)
    ]
    full = any(len(getattr(found, name)) >= many for name in KINDS) or len(found.people + found.organizations) >= many
    more = {"q": query, "kind": kind, "more": "1"}
    context: dict[str, Any] = {
        "query": query,
        "kind": kind,
        "shown": shown,
        "found": found,
        "tabs": _tabs(query, kind, found),
        "more_url": f"?{urlencode(more)}" if full and many < MOST else "",
        "create": _create(query) if query and may(seat_of(request), "write") else [],
        "shout": _shout(query) if query and may(seat_of(request), "write") else [],
    }
    return render(request, "web/search.html", context)


def labels() -> list[tuple[str, str]]:
    """The kinds of thing that can be found, in the order in which they are shown."""
    names = (_("People"), _("Organizations"), _("Contact moments"), _("To do"))
    return list(zip(KINDS, names, strict=True))


def _tabs(query: str, kind: str, found: FoundThings) -> list[tuple[str, str, bool]]:
    every = [(_("Everything"), f"?{urlencode({'q': query})}", not kind)]
    return every + [
        (f"{label} {len(getattr(found, name))}", f"?{urlencode({'q': query, 'kind': name})}", kind == name)
        for name, label in labels()
        if getattr(found, name) or kind == name
    ]
