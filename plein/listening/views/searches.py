# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is listened for: each search with its picture, and its form."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.core.audit import audit_look
from plein.core.operations import EditConflict, operation
from plein.listening import actions
from plein.listening.forms import SearchForm
from plein.listening.models import Search
from plein.listening.pictures import weeks_picture
from plein.listening.queries import (
    best_of,
    heard_by,
    standing_of,
    weeks_of,
    with_names,
)
from plein.listening.refusals import CannotListen
from plein.listening.views.showing import counted, items_shown
from plein.listening.vocabulary import LONGEST_NAME, MOODS, SHOWN, About
from plein.moments.models import Topic
from plein.relations.models import Relation
from plein.trust.answers import Request, act, allow, go, page
from plein.trust.circles import circle_key, circle_told, describe_told

UNPROCESSABLE, CONFLICT = 422, 409


@require_safe
def search(request: Request, search_id: UUID) -> HttpResponse:
    """One search: how much was heard, in which mood, and the best of it."""
    found_so = Search.objects.select_related("owner__user").annotate(readers=circle_told())
    one = get_object_or_404(with_names(found_so), id=search_id)
    if one.relation_id:
        audit_look("relation", [one.relation])
    found = heard_by([one])
    weeks, best = weeks_of(found.ids), best_of(found.ids)[:SHOWN]
    standing = standing_of((item.moment.id for item in best), request.seat.seat_id)
    context: dict[str, Any] = {
        "search": one,
        "may_change": actions.may_change(request.seat, one),
        "readers": describe_told(vars(one)["readers"]),
        "count": counted(len(found.ids)),
        "picture": weeks_picture(weeks),
        "weeks": [(week.begin, week.count, [week.moods.get(mood, 0) for mood in MOODS]) for week in reversed(weeks)],
        "moods": list(MOODS.items()),
        "items": items_shown(request, best, standing, found, {one.id: one.name}),
        "back": one.id,
    }
    return page(request, "listening/search.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Listen for something."""
    allow(request)
    whom, topic = _whom(request), _topic(request)
    one = whom or topic
    form = SearchForm(
        request.POST if request.method == "POST" else None, initial=_about(one), is_about_one=one is not None
    )
    if form.is_bound and form.is_valid():
        try:
            with act("save_search") as done:
                made = actions.save_search(actor=request.seat, relation=whom, topic=topic, **form.cleaned_data)
            return go(request, reverse("listening:search", args=[made.id]), _("Plein listens for it."), done.id)
        except CannotListen as refusal:
            _refused(form, refusal)
    context = {"form": form, "is_new": True, "whom": whom, "topic": topic}
    return page(request, "listening/form.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _whom(request: Request) -> Relation | None:
    """The relation to listen for, when one was named."""
    named = request.POST.get("relation", "") or request.GET.get("relation", "")
    if not named:
        return None
    try:
        found = get_object_or_404(Relation.objects, id=UUID(named))
    except ValueError as trouble:
        raise Http404 from trouble
    audit_look("relation", [found])
    return found


def _topic(request: Request) -> Topic | None:
    """The topic to listen for, when one was named."""
    named = request.POST.get("topic", "") or request.GET.get("topic", "")
    if not named:
        return None
    try:
        found: Topic = get_object_or_404(Topic.objects, id=UUID(named))
    except ValueError as trouble:
        raise Http404 from trouble
    return found


def _about(whom: Relation | Topic | None) -> dict[str, str]:
    if whom is None:
        return {}
    if isinstance(whom, Topic):
        return {"name": whom.name[:LONGEST_NAME], "about": About.SUBJECT}
    return {"name": whom.name[:LONGEST_NAME], "about": About.PERSON if whom.is_person else About.ORGANIZATION}


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, search_id: UUID) -> HttpResponse:
    """Listen for something else."""
    one = get_object_or_404(Search.objects.select_related("relation", "topic"), id=search_id)
    if not actions.may_change(request.seat, one):
        allow(request, "manage")
    if one.relation_id:
        audit_look("relation", [one.relation])
    if request.method == "POST":
        return _changed(request, one)
    initial = {name: getattr(one, name) for name in ("name", "about", "words", "never")}
    chosen = one.own_circle_id if one.is_about_one else one.circle_id
    initial |= {"circle": (circle_key(chosen) if chosen else "") or "everyone"}
    form = SearchForm(initial=initial, is_new=False, is_about_one=one.is_about_one)
    return page(request, "listening/form.html", _context(form, one))


def _changed(request: Request, one: Search) -> HttpResponse:
    form, status = SearchForm(request.POST, is_new=False, is_about_one=one.is_about_one), UNPROCESSABLE
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
    return page(request, "listening/form.html", _context(form, one), status=status)


def _context(form: SearchForm, one: Search) -> dict[str, Any]:
    return {"form": form, "search": one, "whom": one.relation, "topic": one.topic}


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
