# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plein.core.audit import audit_look
from plein.lists import query as engine
from plein.lists.actions import may_change
from plein.lists.bulk.acts import acts_of
from plein.lists.conditions import BadFilter, parse, without
from plein.lists.keyset import BadCursor
from plein.lists.kinds import ListKind, kind_of
from plein.lists.queries import ViewLine, views_at_hand
from plein.lists.query import FOUND, FOUND_BEFORE_FILTERS, ListPage
from plein.lists.sentences import Speaker
from plein.lists.views.answers import Asked, asked_for, record_of
from plein.lists.views.peek import peek_parts
from plein.trust.answers import Request, page
from plein.trust.permissions import may

TEMPLATE = "lists/list.html"
#: So many saved views stand beside the kinds; the others are behind one button.
VIEWS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Chip:
    """A question that is set, as a sentence, with the address of the list without it."""

    text: str
    remove: str


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its words, its address when it sorts, and how it is sorted now."""

    label: str
    classes: str
    href: str = ""
    state: str = ""


def list_page(key: str) -> Callable[[Request], HttpResponse]:
    """The page of a list, for the addresses of its domain."""

    @require_safe
    def show(request: Request) -> HttpResponse:
        return show_list(request, kind_of(key))

    return show


def show_list(request: Request, kind: ListKind, **more: Any) -> HttpResponse:
    """The list itself, its rows alone while somebody searches or scrolls."""
    cursor = request.GET.get("cursor", "")
    try:
        asked = asked_for(request, kind)
        found = engine.page(asked.view, cursor=cursor)
    except BadFilter as trouble:
        return refused(request, kind, str(trouble))
    except BadCursor:
        return refused(request, kind, _("This page of the list does not exist. Start at its beginning."))
    audit_look(kind.key, [row.record for row in found.rows], how="list")
    context = rows_context(request, asked, found)
    if cursor and request.htmx:
        return page(request, TEMPLATE, context, part="more")
    status = more.pop("status", 200)
    return page(request, TEMPLATE, context | head_context(request, asked, found) | more, part="list", status=status)


def refused(request: Request, kind: ListKind, trouble: str) -> HttpResponse:
    """Why an address cannot be shown, and how to go on."""
    context = {"kind": kind, "trouble": trouble, "here": kind.pages.all(), "heading": kind.pages.heading or kind.plural}
    return page(request, "lists/refused.html", context, part="trouble", status=400)


def rows_context(request: Request, asked: Asked, found: ListPage) -> dict[str, Any]:
    has_acts = bool(acts_of(asked.kind.key))
    return {
        "view": asked.view,
        "kind": asked.kind,
        "rows": found.rows,
        "has_acts": has_acts,
        "width": len(asked.view.columns) + (1 if request.seat.can_write and has_acts else 0),
        "next_url": asked.address(more={"cursor": found.next}) if found.next else "",
        "cells_url": reverse("lists:kind", args=[asked.kind.key]),
    }


def head_context(request: Request, asked: Asked, found: ListPage) -> dict[str, Any]:
    """What stands around the rows: tabs, sentences, heads, the count, and the pane of a row that is looked at."""
    kind, query = asked.kind, asked.query
    count = engine.count(asked.view) if found.next or request.GET.get("cursor") else len(found.rows)
    request.lists_views = views = views_at_hand(kind.key)  # type: ignore[attr-defined]
    nothing = not query.is_narrowed and kind.pages.is_bare([row.record for row in found.rows])
    here = kind.pages.all()
    return {
        "here": here,
        "view_query": query.address(is_whole=asked.saved is not None),
        "heading": kind.pages.heading or kind.plural,
        "title": asked.saved.name if asked.saved else kind.plural,
        "saved": asked.saved,
        "is_changed": asked.is_changed,
        "is_mine": asked.saved is not None and may_change(request.seat, asked.saved),
        "is_pinned": asked.saved is not None and any(one.id == asked.saved.id and one.is_pinned for one in views),
        "problems": asked.view.problems,
        "tabs": tabs(asked, views),
        "other_views": [one for one in views if one.kind == kind.key],
        "chips": chips(asked),
        "quick": quick(asked),
        "heads": heads(asked),
        "count": count_words(asked, count),
        "is_bare": nothing,
        "is_narrowed": query.is_narrowed and query.conditions != query.start or bool(query.q),
        "kept": asked.kept("q"),
        "filters_url": asked.address(reverse("lists:filter", args=[kind.key])),
        "export_url": asked.address(reverse("lists:export", args=[kind.key])),
        "can_export": may(request.seat, "export"),
        "columns_url": asked.address(reverse("lists:columns", args=[kind.key])),
        "save_url": asked.address(reverse("lists:save", args=[kind.key])),
        "reset_url": f"{here}?view={asked.saved.id}" if asked.saved else "",
        "create_url": kind.pages.create(),
        **peeked(request, asked),
    }


def peeked(request: Request, asked: Asked) -> dict[str, Any]:
    """The pane beside the list, when the address names a row."""
    text = request.GET.get("peek", "")
    try:
        record_id = UUID(text)
    except ValueError:
        return {}
    return {"peek": peek_parts(request, asked, record_of(asked.kind, record_id))}


def tabs(asked: Asked, views: list[ViewLine]) -> list[tuple[str, str, bool]]:
    """The kinds that belong together, and the views at hand of this one."""
    kind, saved = asked.kind, asked.saved
    found = [(words, href, saved is None and key == kind.key) for words, href, key in kind.pages.tabs()]
    mine = [one for one in views if one.kind == kind.key]
    shown = mine[:VIEWS_SHOWN]
    if saved is not None and all(one.id != saved.id for one in shown):
        shown = [*shown[: VIEWS_SHOWN - 1], *(one for one in mine if one.id == saved.id)]
    return found + [(one.name, one.href, saved is not None and one.id == saved.id) for one in shown]


def chips(asked: Asked) -> list[Chip]:
    """The questions that are set, as sentences."""
    conditions = asked.query.conditions
    speaker = Speaker(asked.view.known, asked.kind, conditions)
    return [
        Chip(speaker.sentence(node), asked.address(conditions=without(conditions, place)))
        for place, node in enumerate(conditions)
    ]


def quick(asked: Asked) -> list[tuple[str, str, bool]]:
    """The filters that stand ready: words, address, whether it is on."""
    found = []
    for one in asked.kind.quick:
        conditions = parse(one.filter)
        is_on = asked.query.conditions == conditions
        target = () if is_on else conditions
        found.append((str(one.words), asked.address(conditions=target), is_on))
    return found


def heads(asked: Asked) -> list[Head]:
    """The heads of the columns."""
    now_sorted = asked.query.sort or asked.kind.sort
    found = []
    for column in asked.view.columns:
        if column.sort is None:
            found.append(Head(str(column.label), column.classes))
            continue
        rising, falling = now_sorted == column.key, now_sorted == f"-{column.key}"
        href = asked.address(sort=f"-{column.key}" if rising else column.key)
        state = "descending" if falling else "ascending" if rising else ""
        found.append(Head(str(column.label), column.classes, href, state))
    return found


def count_words(asked: Asked, count: int) -> str:
    """How many there are, in words; past a thousand, or past what a search brings in, nobody needs to know exactly."""
    cap = engine.COUNT_CAP
    if asked.query.q:
        cap = min(cap, (FOUND_BEFORE_FILTERS if asked.query.conditions else FOUND) - 1)
    number = f"{min(count, engine.COUNT_CAP):,}+" if count > cap else str(count)
    return asked.kind.words(count, number)
