# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is listened for, the best of what was heard, and each search with its picture."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.core.operations import EditConflict, operation
from plein.listening import actions
from plein.listening.forms import SearchForm
from plein.listening.models import Search
from plein.listening.pictures import weeks_picture
from plein.listening.queries import (
    Found,
    Item,
    Spent,
    best_of,
    heard_by,
    in_minutes,
    networks_among,
    searches,
    waiting_among,
    weeks_of,
)
from plein.listening.refusals import CannotListen
from plein.listening.vocabulary import MOODS, MOST_HEARD, OFFERED_MINUTES, SHOWN
from plein.listening.wording import Shown, network_words, shown
from plein.trust.answers import Request, act, allow, go, page
from plein.trust.circles import circle_key, describe

UNPROCESSABLE, CONFLICT = 422, 409


@require_safe
def overview(request: Request) -> HttpResponse:
    """What is listened for, and what of it deserves attention first."""
    listened = searches()
    found = heard_by(listened)
    names, minutes = {one.id: one.name for one in listened}, _minutes(request)
    best, spent = best_of(found.ids), list[Spent]()
    if minutes:
        best, spent = in_minutes(best, networks_among(item.moment.id for item in best), minutes)
    context = {
        "searches": [(one, _counted(len(found.by[one.id]))) for one in listened],
        "items": _shown(best[:SHOWN], found, names),
        "spent": [(network_words(one.network), one) for one in spent],
        "periods": _periods(minutes),
    }
    return page(request, "listening/overview.html", context)


def _minutes(request: Request) -> int:
    """How many minutes a network the reader has; 0 for all of it."""
    wanted = request.GET.get("minutes", "")
    return int(wanted) if wanted in map(str, OFFERED_MINUTES) else 0


def _periods(minutes: int) -> list[tuple[str, str, bool]]:
    base = reverse("listening:overview")
    offered = [
        (
            ngettext("%(count)s minute", "%(count)s minutes", one) % {"count": one},
            f"{base}?minutes={one}",
            one == minutes,
        )
        for one in OFFERED_MINUTES
    ]
    return [*offered, (pgettext("minutes to read", "All of it"), base, not minutes)]


def _shown(items: Sequence[Item], found: Found, names: Mapping[UUID, str]) -> list[Shown]:
    waiting = waiting_among([item.moment.id for item in items])
    return [shown(item, [names[one] for one in found.searches_of(item.moment.id)], waiting) for item in items]


def _counted(count: int) -> str:
    return str(count) if count <= MOST_HEARD else _("more than %(most)s") % {"most": MOST_HEARD}


@require_safe
def search(request: Request, search_id: UUID) -> HttpResponse:
    """One search: how much was heard, in which mood, and the best of it."""
    one = get_object_or_404(Search.objects.select_related("owner__user"), id=search_id)
    found = heard_by([one])
    weeks = weeks_of(found.ids)
    context: dict[str, Any] = {
        "search": one,
        "may_change": actions.may_change(request.seat, one),
        "readers": describe(one.circle_id),
        "count": _counted(len(found.ids)),
        "picture": weeks_picture(weeks),
        "weeks": [(week.begin, week.count, [week.moods.get(mood, 0) for mood in MOODS]) for week in reversed(weeks)],
        "moods": list(MOODS.items()),
        "items": _shown(best_of(found.ids)[:SHOWN], found, {one.id: one.name}),
    }
    return page(request, "listening/search.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Listen for something."""
    allow(request)
    form = SearchForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            with act("save_search") as done:
                made = actions.save_search(actor=request.seat, **form.cleaned_data)
            return go(request, reverse("listening:search", args=[made.id]), _("Plein listens for it."), done.id)
        except CannotListen as refusal:
            _refused(form, refusal)
    context = {"form": form, "is_new": True}
    return page(request, "listening/form.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, search_id: UUID) -> HttpResponse:
    """Listen for something else."""
    one = get_object_or_404(Search.objects, id=search_id)
    if not actions.may_change(request.seat, one):
        allow(request, "manage")
    if request.method == "POST":
        return _changed(request, one)
    initial = {name: getattr(one, name) for name in ("name", "about", "words", "never")}
    form = SearchForm(initial=initial | {"circle": circle_key(one.circle_id) or "everyone"}, is_new=False)
    return page(request, "listening/form.html", {"form": form, "search": one})


def _changed(request: Request, one: Search) -> HttpResponse:
    form, status = SearchForm(request.POST, is_new=False), UNPROCESSABLE
    if form.is_valid():
        version = request.POST.get("version", "")
        try:
            with act("change_search") as done:
                based_on = int(version) if version.isdecimal() else 0
                actions.change_search(actor=request.seat, search=one, based_on=based_on, **form.cleaned_data)
            return go(request, reverse("listening:search", args=[one.id]), _("Changed."), done.id)
        except CannotListen as refusal:
            _refused(form, refusal)
        except EditConflict:
            form.add_error(None, _("A colleague changed it meanwhile. Look at it again before you save."))
            status = CONFLICT
    return page(request, "listening/form.html", {"form": form, "search": one}, status=status)


def _refused(form: SearchForm, refusal: CannotListen) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


@require_POST
def remove(request: Request, search_id: UUID) -> HttpResponse:
    """Listen for it no longer."""
    one = get_object_or_404(Search.objects, id=search_id)
    if not actions.may_change(request.seat, one):
        allow(request, "manage")
    with operation("remove_search") as done:
        actions.remove_search(actor=request.seat, search=one)
    return go(request, reverse("listening:overview"), _("Removed. What was heard stays."), done.id)
