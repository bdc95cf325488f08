# SPDX-License-Identifier: AGPL-3.0-or-later
"""Views with a name: keeping one, changing it, who sees it, pinning it, removing it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.core.operations import EditConflict
from plein.lists import actions
from plein.lists.conditions import BadFilter
from plein.lists.forms import ViewForm
from plein.lists.kinds import ListKind, kind_of
from plein.lists.models import SavedView
from plein.lists.queries import views_at_hand
from plein.lists.query import ViewQuery, open_view
from plein.lists.refusals import Refused
from plein.lists.views.answers import asked_for, found_kind, found_view, parameters
from plein.trust.answers import Request, act, allow, go, page
from plein.trust.circles import circle_key, describe

TEMPLATE = "lists/saved.html"


def address_of(saved: SavedView) -> str:
    return f"{kind_of(saved.kind).pages.all()}?view={saved.id}"


def _query_sent(request: Request, kind: ListKind) -> ViewQuery:
    """The view a form sends along; raises BadFilter for one that cannot be asked."""
    text = request.POST.get("query", "").removeprefix("?")
    query = ViewQuery.read(kind, parameters(QueryDict(text)))
    open_view(query, request.seat)
    return query


@require_safe
def all_views(request: Request, key: str) -> HttpResponse:
    """All views of a kind that the reader may use."""
    kind = found_kind(key)
    context = {
        "kind": kind,
        "views": [one for one in views_at_hand(key) if one.kind == key],
        "here": kind.pages.all(),
        "most": actions.MOST_PINNED,
    }
    return page(request, "lists/views.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: Request, key: str) -> HttpResponse:
    """Keep what a list shows under a name."""
    allow(request)
    kind = found_kind(key)
    context: dict[str, Any] = {
        "kind": kind,
        "action_url": reverse("lists:save", args=[key]),
        "cancel_url": kind.pages.all(),
        "words": _("Save view"),
        "title": _("Save this view"),
    }
    if request.method != "POST":
        try:
            query = asked_for(request, kind).query.address()
        except BadFilter as trouble:
            return page(request, TEMPLATE, context | {"trouble": str(trouble), "form": None}, part="form", status=400)
        form = ViewForm(initial={"audience": "me"})
        return page(request, TEMPLATE, context | {"form": form, "query": query}, part="form")
    form = ViewForm(request.POST)
    context |= {"form": form, "query": request.POST.get("query", "")}
    try:
        query_sent = _query_sent(request, kind)
        if form.is_valid():
            with act("save_view") as done:
                saved = actions.save_view(
                    actor=request.seat,
                    name=form.cleaned_data["name"],
                    query=query_sent,
                    audience=form.cleaned_data["audience"] or "me",
                )
            return go(request, address_of(saved), _("View “%(name)s” saved.") % {"name": saved.name}, done.id)
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
    except BadFilter as trouble:
        form.add_error(None, str(trouble))
    return page(request, TEMPLATE, context, part="form", status=422)


def _version(request: Request, saved: SavedView) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else saved.version


@require_POST
def keep(request: Request, view_id: UUID) -> HttpResponse:
    """Let a saved view show what its list shows now."""
    allow(request)
    saved = found_view(view_id)
    kind = kind_of(saved.kind)
    try:
        query = _query_sent(request, kind)
        with act("change_view") as done:
            based_on = _version(request, saved)
            saved = actions.change_view(actor=request.seat, view=saved, based_on=based_on, query=query)
    except (Refused, BadFilter) as refusal:
        return go(request, address_of(saved), str(refusal))
    except EditConflict:
        words = _(
            "Somebody changed “%(name)s” just before you. This is what they made of it; save yours again if you wish."
        )
        return go(request, address_of(saved), words % {"name": saved.name})
    return go(request, address_of(saved), _("View “%(name)s” changed.") % {"name": saved.name}, done.id)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, view_id: UUID) -> HttpResponse:
    """The name of a view and who sees it."""
    allow(request)
    saved = found_view(view_id)
    context: dict[str, Any] = {
        "kind": kind_of(saved.kind),
        "saved": saved,
        "action_url": reverse("lists:view", args=[view_id]),
        "cancel_url": address_of(saved),
        "words": _("Save"),
        "title": _("Name and audience of the view"),
        "may_change": actions.may_change(request.seat, saved),
        "seen_by": describe(saved.circle_id),
    }
    if request.method != "POST":
        form = ViewForm(initial={"name": saved.name, "audience": circle_key(saved.circle_id)})
        return page(request, TEMPLATE, context | {"form": form}, part="form")
    form = ViewForm(request.POST)
    if form.is_valid():
        try:
            with act("change_view") as done:
                saved = actions.change_view(
                    actor=request.seat,
                    view=saved,
                    based_on=_version(request, saved),
                    name=form.cleaned_data["name"],
                    audience=form.cleaned_data["audience"] or None,
                )
            return go(request, address_of(saved), _("View “%(name)s” changed.") % {"name": saved.name}, done.id)
        except Refused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        except EditConflict as conflict:
            told = {"name": getattr(conflict.current, "name", "")}
            form.add_error("name", _("Somebody named it “%(name)s” just before you. Save again to use yours.") % told)
            context["saved"] = conflict.current
    return page(request, TEMPLATE, context | {"form": form}, part="form", status=422)


@require_POST
def pin(request: Request, view_id: UUID) -> HttpResponse:
    """Keep a view in one's navigation, or no longer."""
    saved = found_view(view_id)
    wanted = request.POST.get("pinned") == "1"
    try:
        actions.pin_view(actor=request.seat, view=saved, is_pinned=wanted)
    except Refused as refusal:
        return go(request, address_of(saved), str(refusal))
    words = _("“%(name)s” is in your navigation.") if wanted else _("“%(name)s” is no longer in your navigation.")
    return go(request, address_of(saved), words % {"name": saved.name})


@require_POST
def delete(request: Request, view_id: UUID) -> HttpResponse:
    """Remove a view; the toast brings it back."""
    allow(request)
    saved = found_view(view_id)
    removal = actions.delete_view(actor=request.seat, view=saved)
    here = kind_of(saved.kind).pages.all()
    return go(request, here, _("View “%(name)s” removed.") % {"name": saved.name}, removal.id)
