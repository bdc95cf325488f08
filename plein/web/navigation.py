# SPDX-License-Identifier: AGPL-3.0-or-later
"""The map of Plein that stands on every page: where people can go, and by which keys."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ADMINISTRATORS = frozenset({"owner", "administrator"})
COLLEAGUES = ADMINISTRATORS | {"manager", "member"}


@dataclass(frozen=True)
class NavItem:
    """One place to go: its words, its icon, its key after g, the pages that belong to it, who needs it, which part."""

    id: str
    label: str | Promise
    icon: str
    url_name: str
    key: str = ""
    pages: tuple[str, ...] = ()
    roles: frozenset[str] = field(default_factory=frozenset)
    query: str = ""


@dataclass(frozen=True)
class NavLink:
    """A place to go as one page shows it."""

    id: str
    label: str
    icon: str
    href: str
    key: str
    current: bool


NAVIGATION = [
    NavItem("today", _("Today"), "sun-high", "web:today", "v", ("web:today", "web:start", "moments:todo")),
    NavItem("inbox", _("Inbox"), "inbox", "inbox:inbox", "i", ("inbox:", "listening:", "telephone:", "outbox:reply")),
    NavItem("agenda", _("Agenda"), "calendar-event", "moments:agenda", "a", ("moments:agenda", "moments:appointment")),
    NavItem(
        "relations",
        _("Relations"),
        "users",
        "relations:person_list",
        "r",
        (
            "relations:",
            "consent:",
            "erasure:",
            "moments:",
            "mypage:send",
            "trust:seen",
            "lists:",
            "outbox:write",
            "web:relation_history",
            "web:moment_history",
        ),
    ),
    NavItem("network", _("Network"), "affiliate", "network:introductions", "n", ("network:", "asking:", "questions:")),
    NavItem("notifications", _("Notifications"), "bell", "notifications:list", "u", ("notifications:list",)),
    NavItem(
        "import",
        _("Bring in"),
        "download",
        "moments:import_list",
        "m",
        ("moments:import", "imports:", "consent:list", "network:connections"),
        COLLEAGUES,
    ),
    NavItem("history", _("History"), "history", "web:history", "h", ("web:history", "web:operation", "web:bin")),
    NavItem(
        "settings",
        _("Set up"),
        "adjustments",
        "web:settings",
        "s",
        (
            "web:settings",
            "web:audit",
            "trust:",
            "channels:",
            "metadata:",
            "moments:connection",
            "moments:learned",
            "moments:topic",
            "asking:settings",
            "consent:introductions",
            "consent:never",
            "consent:purpose",
            "consent:retention",
            "consent:rule",
            "identity:matching",
            "mypage:request",
            "mypage:settings",
            "network:strength",
            "network:tie_type",
            "notifications:settings",
            "opinions:",
            "outbox:identit",
            "outbox:template",
            "web:workspace",
            "relations:tags",
            "relations:tag_change",
            "relations:tag_merge",
            "relations:tie_type",
        ),
    ),
]
MENU = [
    NavItem("outbox", _("Outbox"), "send", "outbox:outbox", roles=COLLEAGUES),
    NavItem("duplicates", _("Here twice?"), "git-merge", "identity:duplicates", roles=COLLEAGUES),
    NavItem("job_news", _("Working elsewhere?"), "briefcase", "moments:job_news", roles=COLLEAGUES),
    NavItem("introductions", _("Introductions"), "route", "asking:list"),
    NavItem("questions", _("Questions"), "speakerphone", "questions:list"),
    NavItem("listening", _("Listening"), "rss", "listening:overview"),
    NavItem("phone", _("Telephone"), "phone", "telephone:phone"),
    NavItem("profile", _("Your settings"), "user-circle", "web:settings"),
    NavItem("bin", _("Recycle bin"), "trash", "web:bin"),
]
CREATE = [
    NavItem("new_person", _("New person"), "user-plus", "relations:person_create", "p"),
    NavItem("new_organization", _("New organization"), "building", "relations:organization_create", "o"),
    NavItem("new_appointment", _("New appointment"), "calendar-plus", "moments:appointment_new", "e"),
    NavItem("new_todo", _("New to-do"), "checkbox", "moments:todo_add", "t"),
    NavItem("new_call", _("Note a call"), "phone", "telephone:call", "b", roles=COLLEAGUES),
]
ASK = [
    NavItem("introduce", _("Who can introduce me to \u2026"), "affiliate", "network:introductions"),
    NavItem("shout", _("Shout it across the square"), "speakerphone", "questions:ask", roles=COLLEAGUES),
    NavItem("whole", _("The whole network"), "affiliate", "network:whole"),
    NavItem("both", _("Whom two people both know"), "users", "network:both"),
    NavItem("lists", _("Whom we know together"), "list", "network:lists"),
    NavItem("unmet", _("Nobody of us knows them yet"), "list", "network:lists", query="list=unmet"),
    NavItem("alone", _("Only one of us knows them"), "list", "network:lists", query="list=alone"),
    NavItem("silent", _("Once strong, silent now"), "list", "network:lists", query="list=silent"),
    NavItem("best", _("Who knows them best"), "list", "network:lists", query="list=best"),
    NavItem("between", _("Who connects groups"), "list", "network:lists", query="list=between"),
    NavItem("only", _("Only ties"), "list", "network:lists", query="list=only"),
]
STARTS = [
    NavItem("today", _("Today"), "sun-high", "web:today"),
    NavItem("inbox", _("Inbox"), "inbox", "inbox:inbox"),
    NavItem("people", _("People"), "users", "relations:person_list"),
    NavItem("organizations", _("Organizations"), "building", "relations:organization_list"),
    NavItem("agenda", _("Agenda"), "calendar", "moments:agenda"),
    NavItem("history", _("History"), "history", "web:history"),
]
ON_PHONES = ("today", "inbox", "relations")


def address_of(url_name: str) -> str:
    """Find a page's address, or nothing while that page does not exist."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def links_for(items: list[NavItem], role: str = "", view_name: str = "") -> list[NavLink]:
    """List the places that exist and that this role may use, marking the one we are in."""
    current = current_of(items, view_name)
    links = []
    for item in items:
        href = address_of(item.url_name)
        if href and (not item.roles or role in item.roles):
            href = f"{href}?{item.query}" if item.query else href
            links.append(NavLink(item.id, str(item.label), item.icon, href, item.key, item.id == current))
    return links


def current_of(items: list[NavItem], view_name: str) -> str:
    """Say to which place a page belongs: the one with the longest matching name."""
    best, length = "", 0
    for item in items:
        for page in item.pages:
            if view_name.startswith(page) and len(page) > length:
                best, length = item.id, len(page)
    return best


def role_of(request: Any) -> str:
    """Say which role the visitor has in this workspace."""
    return str(getattr(getattr(request, "seat", None), "role", "") or "")
