# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the frame around every page needs to know: who is here, where they are and where they can go."""

import json
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from plein.lists.bulk.waiting import waited_for
from plein.lists.queries import ViewLine, pinned_views
from plein.trust.looking import looking_of
from plein.trust.models import Role
from plein.trust.places import COUNT, handle_of
from plein.trust.seats import Entrance
from plein.trust.sessions import VOUCHED
from plein.web.avatars import tone_of
from plein.web.commands import for_browser, for_help
from plein.web.navigation import CREATE, MENU, NAVIGATION, ON_PHONES, address_of, links_for, role_of
from plein.web.offline import person_of, rights_of
from plein.web.toast import take_toasts

HTMX_CONFIG = json.dumps(
    {"includeIndicatorCSS": False, "noSwap": [204, 304, "401", "404", "421", "5xx"], "history": True}
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give every template the frame, worked out only when a page uses it."""
    return {"shell": SimpleLazyObject(lambda: frame(request)), "htmx_config": HTMX_CONFIG}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Work out the frame of one page."""
    match = getattr(request, "resolver_match", None)
    role = role_of(request)
    links = links_for(NAVIGATION, role, match.view_name if match else "")
    user = getattr(request, "user", None)
    seat = getattr(request, "seat", None)
    return {
        "nav": links,
        "phone": [link for link in links if link.id in ON_PHONES],
        "pinned": pinned(request),
        "menu": links_for(MENU, role),
        "create": links_for(CREATE, role),
        "user": user,
        "user_name": str(getattr(user, "name", "") or getattr(user, "email", "")),
        "user_key": str(getattr(user, "pk", "") or ""),
        "role": seat_role_name(role),
        "prove_by": getattr(seat, "prove_by", None) if not request_is_vouched(request) else None,
        "keys": bool(getattr(user, "has_keys", True)),
        "toasts": take_toasts(request),
        "is_waiting": bool(waited_for(request)),
        "theme": str(getattr(user, "theme", "") or ""),
        "place": handle_of(seat.workspace_id) if isinstance(seat, Entrance) else "",
        "places": int(request.session.get(COUNT, 1)) if isinstance(seat, Entrance) else 0,
        "workspace": str(getattr(seat, "workspace_name", "") or ""),
        "sign_out_url": address_of("trust:sign_out"),
        "theme_url": address_of("trust:theme"),
        "palette_url": address_of("web:palette"),
        "live_url": address_of("notifications:stream") if seat and not looking_of(request) else "",
        "looking": looking_of(request),
        "live_for": str(getattr(seat, "seat_id", "") or ""),
        "sign_in_url": address_of("trust:sign_in"),
        "words": json.dumps(words(), ensure_ascii=False),
        **offline_facts(request),
        "commands": for_browser(),
        "help": for_help(),
    }


def request_is_vouched(request: HttpRequest) -> bool:
    """Whether nobody has to be asked for a second proof: a provider vouches, or somebody looks through other eyes."""
    return bool(looking_of(request)) or bool(getattr(request, "session", {}).get(VOUCHED))


def offline_facts(request: HttpRequest) -> dict[str, str]:
    """What a device needs to keep things at hand: under which rights, for whom, and what it says of it."""
    if not isinstance(getattr(request, "seat", None), Entrance) or looking_of(request):
        return {"rights": ""}
    return {
        "rights": rights_of(request),
        "person": person_of(request),
        "kept": _("Kept on this device. It is sent as soon as there is a line again."),
        "sent": _("Sent what was waiting on this device: {count}."),
    }


def pinned(request: HttpRequest) -> list[dict[str, Any]]:
    """The views this colleague keeps in the navigation; a list page has read them already."""
    if getattr(request, "seat", None) is None:
        return []
    read: list[ViewLine] | None = getattr(request, "lists_views", None)
    found = pinned_views() if read is None else [one for one in read if one.is_pinned]
    here = request.GET.get("view", "")
    return [
        {"name": one.name, "href": one.href, "tone": tone_of(one.id), "current": here == str(one.id)} for one in found
    ]


def words() -> dict[str, str]:
    """Give the browser the sentences it needs, in the reader's language."""
    return {
        "undo": _("Undo"),
        "undone": _("Undone."),
        "close": _("Close"),
        "offline": _("Not saved, the connection dropped."),
        "failed": _("Not saved, something on our side did not work."),
        "kept": _("What you wrote is still here."),
        "again": _("We try again in {seconds} seconds."),
        "retry": _("Try now"),
        "copy": _("Copy text"),
        "copied": _("Copied."),
        "inserted": _("Put in."),
        "gone": _("This was moved or removed."),
        "signed_out": _("You were signed out. Sign in again, your text stays here."),
        "other_place": _("You went to another workspace in another tab. Nothing was done here."),
        "draft": _("Draft saved"),
        "discard": _("Discard it"),
        "draft_stale": _("You were writing here, and somebody changed this meanwhile. This is what you wrote:"),
        "draft_here": _("Draft kept on this device"),
        "paused": _("Paused. Nothing is lost, carry on when you like."),
        "uploading": _("{percent} percent sent"),
        "ready": _("All of it is here. One moment."),
        "results": _("{count} results"),
        "selected": _("{count} selected"),
        "here": _("On this page"),
        "done": _("Done."),
        "later": _("Later."),
        "drop": _("Let go to attach"),
        "nowhere": _("There is nothing here to attach a file to. Open a relation or a contact moment first."),
        "files": _("{count} files"),
        "colleagues": _("Colleagues"),
    }


def seat_role_name(role: str) -> str:
    """Say the visitor's role in words."""
    return str(Role(role).label).capitalize() if role else ""
