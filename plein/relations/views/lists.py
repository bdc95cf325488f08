# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any
from urllib.parse import parse_qsl

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from plein.relations.queries import (
    COUNT_CAP,
    BadCursor,
    RelationFilter,
    RelationPage,
    count_relations,
    filter_words,
    list_relations,
    owner_choices,
    tag_choices,
)
from plein.relations.slots import columns
from plein.relations.views.answers import Request, page
from plein.relations.vocabulary import RelationKind

PEOPLE, ORGANIZATIONS = "relations:person_list", "relations:organization_list"


@require_safe
def person_list(request: Request) -> HttpResponse:
    return relation_list(request, RelationKind.PERSON)


@require_safe
def organization_list(request: Request) -> HttpResponse:
    return relation_list(request, RelationKind.ORGANIZATION)


def list_address(kind: str) -> str:
    return reverse(PEOPLE if kind == RelationKind.PERSON else ORGANIZATIONS)


def relation_list(request: Request, kind: str) -> HttpResponse:
    """The list itself, its rows alone while somebody searches or scrolls."""
    wanted = RelationFilter.read(kind, request.GET)
    cursor = request.GET.get("cursor", "")
    try:
        found = list_relations(wanted, cursor=cursor)
    except BadCursor:
        return HttpResponseBadRequest(_("This page of the list does not exist. Start at its beginning."))
    fill_columns(found)
    here = list_address(kind)
    context: dict[str, Any] = {
        "wanted": wanted,
        "kind": kind,
        "is_people": kind == RelationKind.PERSON,
        "rows": found.rows,
        "columns": columns,
        # On a phone there is room for one column beside the name.
        "is_place_kept": not any("keep" in column.classes for column in columns),
        "width": 7 + len(columns),
        "next_url": f"{here}?{wanted.address(cursor=found.next)}" if found.next else "",
        "here": here,
        "kept": parse_qsl(wanted.address(q=None)),
    }
    if cursor and request.htmx:
        return page(request, "relations/relation_list.html", context, part="more")
    count = count_relations(wanted) if found.next or cursor else len(found.rows)
    context["is_only_ours"] = not wanted.is_narrowed and not cursor and all(row.relation.is_ours for row in found.rows)
    context |= {"count": count_words(wanted, count), "chips": chips(wanted, here)}
    context |= {"tabs": tabs(kind), "filters_url": f"{reverse('relations:filters', args=[kind])}?{wanted.address()}"}
    return page(request, "relations/relation_list.html", context, part="list")


def fill_columns(found: RelationPage) -> None:
    """Ask every column of another domain once for all rows."""
    ids = [row.relation.id for row in found.rows]
    for column in columns:
        values = column.load(ids)
        for row in found.rows:
            row.extra[column.key] = values.get(row.relation.id, "")


def tabs(kind: str) -> list[tuple[str, str, bool]]:
    return [
        (_("People"), reverse(PEOPLE), kind == RelationKind.PERSON),
        (_("Organizations"), reverse(ORGANIZATIONS), kind == RelationKind.ORGANIZATION),
    ]


def count_words(wanted: RelationFilter, count: int) -> str:
    """How many there are, in words; past a thousand, or past what a search brings in, nobody needs to know exactly."""
    cap = min(COUNT_CAP, wanted.search_limit - 1) if wanted.q else COUNT_CAP
    number = f"{min(count, COUNT_CAP):,}+" if count > cap else str(count)
    if wanted.kind == RelationKind.PERSON:
        return ngettext("%(number)s person", "%(number)s people", count) % {"number": number}
    return ngettext("%(number)s organization", "%(number)s organizations", count) % {"number": number}


def chips(wanted: RelationFilter, here: str) -> list[tuple[str, str]]:
    """The filters that are set, as sentences, each with the address of the list without it."""
    words = filter_words(wanted)
    sentences: list[tuple[str, str]] = []
    if wanted.place:
        sentences.append((_("Place is %(place)s") % {"place": wanted.place}, "place"))
    if wanted.owner:
        known = {"me": _("Owner is me"), "nobody": _("Nobody owns it")}
        owner = words.get("owner", _("somebody else"))
        sentences.append((known.get(wanted.owner) or _("Owner is %(name)s") % {"name": owner}, "owner"))
    if wanted.tag:
        sentences.append((_("Tagged %(tag)s") % {"tag": words.get("tag", "?")}, "tag"))
    if wanted.organization:
        sentences.append((_("At %(name)s") % {"name": words.get("organization", "?")}, "organization"))
    if wanted.is_favourite:
        sentences.append((_("My favourites"), "favourite"))
    return [(text, f"{here}?{wanted.address(**{name: None})}") for text, name in sentences]


def sorts() -> list[tuple[str, str]]:
    """The orders one can choose from a list, for who has no heads to click."""
    return [
        ("name", _("by name")),
        ("place", _("by place")),
        ("owner", _("by owner")),
        ("-changed", _("last changed first")),
        ("-created", _("newest first")),
    ]


@require_safe
def filters(request: Request, kind: str) -> HttpResponse:
    """Everything one can filter on, as a form that leads back to the list."""
    if kind not in RelationKind.values:
        raise Http404
    wanted = RelationFilter.read(kind, request.GET)
    context = {
        "sorts": sorts(),
        "wanted": wanted,
        "kind": kind,
        "here": list_address(kind),
        "owners": owner_choices(),
        "tag_names": tag_choices(),
    }
    return page(request, "relations/filters.html", context, part="form")
