# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.core.ids import now
from plein.core.operations import EditConflict
from plein.core.toasts import toast_now
from plein.lists.views.lists import show_list
from plein.moments import actions
from plein.moments.forms import QuickToDoForm, ToDoForm, chosen_ids, warn_of_missed
from plein.moments.listing import TODOS
from plein.moments.models import ToDo
from plein.moments.queries import Suggestion, colleagues, find_todo, suggestion_after
from plein.moments.repeats import in_words, read_rule
from plein.moments.views.answers import address_of, found_relation
from plein.moments.views.editing import based_anew, differences
from plein.relations.models import Relation
from plein.trust.answers import Request, act, allow, go, page


def found_todo(todo_id: UUID) -> ToDo:
    """A to-do the reader may see; for everything else there is nothing at that address."""
    todo = find_todo(todo_id)
    if todo is None:
        raise Http404
    return todo


@require_POST
def todo_new(request: Request) -> HttpResponseBase:
    """Put something on one's own list in one line."""
    allow(request)
    form = QuickToDoForm(request.POST)
    if not form.is_valid():
        told = {"problem": _("Write what is to be done."), "written": request.POST.get("title", "")}
        return show_list(cast(Any, request), TODOS, status=422, **told)
    with act("create_todo") as done:
        actions.create_todo(actor=request.seat, title=form.cleaned_data["title"], due_on=form.cleaned_data["due_on"])
    back = "/" if request.POST.get("from") == "today" else reverse("moments:todos")
    return go(request, back, _("On your list."), done.id)


@require_http_methods(["GET", "HEAD", "POST"])
def todo_add(request: Request) -> HttpResponseBase:
    """Put something on a list with everything there is to say about it."""
    allow(request)
    relation = _asked_relation(request)
    query = urlencode({"relation": relation.id}) if relation else ""
    context: dict[str, Any] = {
        "heading": _("New to-do"),
        "relation": relation,
        "save_url": f"{reverse('moments:todo_add')}?{query}",
        "back_url": address_of(relation.id) if relation else reverse("moments:todos"),
    }
    if request.method != "POST":
        asked = {"title": request.GET.get("title", "")[:300], "due_on": request.GET.get("due", "")[:10]}
        form = ToDoForm(initial={**asked, "assignee": str(request.seat.seat_id)})
        return page(request, "moments/todo.html", context | {"form": form})
    form = ToDoForm(request.POST)
    if not form.is_valid():
        return page(request, "moments/todo.html", context | {"form": form}, status=422)
    with act("create_todo") as done:
        relation_id = relation.id if relation else None
        actions.create_todo(actor=request.seat, relation_id=relation_id, **form.changes())
    return go(request, str(context["back_url"]), _("On the list."), done.id)


def _asked_relation(request: Request) -> Relation | None:
    asked = chosen_ids(request.GET, "relation")
    return found_relation(asked[0]) if asked else None


@require_POST
def todo_tick(request: Request, todo_id: UUID) -> HttpResponseBase:
    """Done, or not done after all; what is done leads to what comes next."""
    allow(request)
    todo = found_todo(todo_id)
    wants_done = request.POST.get("done") == "1"
    with act("tick_todo" if wants_done else "untick_todo") as done:
        change = actions.tick_todo if wants_done else actions.untick_todo
        change(actor=request.seat, todo=todo)
    words = (
        _("Done: %(title)s") % {"title": todo.title}
        if wants_done
        else _("Back on the list: %(title)s") % {"title": todo.title}
    )
    suggestion = suggestion_after(todo) if wants_done else None
    if not request.htmx:
        return go(request, _back(request), _with_next(words, suggestion), done.id)
    return _line(request, todo_id, _with_next(words, suggestion), done.id, suggestion=suggestion)


def _with_next(words: str, suggestion: Suggestion | None) -> str:
    if suggestion is None or suggestion.again is None or suggestion.again.due_on is None:
        return words
    return _("%(done)s. It comes again on %(day)s.") % {
        "done": words,
        "day": date_format(suggestion.again.due_on, "l j F"),
    }


def _line(request: Request, todo_id: UUID, words: str, operation_id: UUID, **more: Any) -> HttpResponseBase:
    context = {"todo": found_todo(todo_id), "with_edit": request.POST.get("with_edit") == "1", **more}
    return toast_now(page(request, "moments/todo_line.html", context), words, operation_id)


def _back(request: Request) -> str:
    return "/" if request.POST.get("from") == "today" else reverse("moments:todos")


@require_POST
def todo_later(request: Request, todo_id: UUID) -> HttpResponseBase:
    """Put a to-do off: to tomorrow, to next week, or to a day of one's own."""
    allow(request)
    todo = found_todo(todo_id)
    until = _later(request.POST.get("when", ""), request.POST.get("on", ""))
    if until is None:
        words = _("Choose a day that is still to come.")
        if not request.htmx:
            return go(request, reverse("moments:todo", args=[todo_id]), words)
        context = {"todo": todo, "with_edit": request.POST.get("with_edit") == "1", "problem": words}
        return page(request, "moments/todo_line.html", context, status=422)
    with act("postpone_todo") as done:
        actions.postpone_todo(actor=request.seat, todo=todo, until=until)
    words = _("Put off to %(day)s.") % {"day": date_format(until, "l j F")}
    if not request.htmx:
        return go(request, _back(request), words, done.id)
    return _line(request, todo_id, words, done.id)


def _later(when: str, on: str) -> date | None:
    """The day that somebody means: tomorrow, the Monday of next week, or the one they picked."""
    today = timezone.localdate(now())
    if when == "tomorrow":
        return today + timedelta(days=1)
    if when == "week":
        return today + timedelta(days=7 - today.weekday())
    try:
        picked = date.fromisoformat(on)
    except ValueError:
        return None
    return picked if picked >= today else None


@require_safe
def assignees(request: Request) -> HttpResponseBase:
    """Who may do something, as a field for the composer."""
    if not request.htmx:
        return HttpResponseRedirect(reverse("moments:todo_add"))
    context = {"colleagues": colleagues(), "own": request.seat.seat_id}
    return page(request, "moments/todo.html", context, part="assignees")


@require_http_methods(["GET", "HEAD", "POST"])
def todo(request: Request, todo_id: UUID) -> HttpResponseBase:
    """One to-do, to look at and to change."""
    allow(request)
    one = found_todo(todo_id)
    context: dict[str, Any] = {
        "heading": _("Change this to-do"),
        "todo": one,
        "relation": one.relation,
        "repeats": in_words(read_rule(one.repeat)) if one.repeat else "",
        "save_url": reverse("moments:todo", args=[todo_id]),
        "back_url": reverse("moments:todos"),
        "delete_url": reverse("moments:todo_delete", args=[todo_id]),
        "seen_url": reverse("trust:seen", args=["todos", todo_id]),
    }
    if request.method != "POST":
        initial = ToDoForm.initial_of(one) | {"assignee": str(one.assignee_id or request.seat.seat_id)}
        return page(request, "moments/todo.html", context | {"form": ToDoForm(initial=initial)})
    form = ToDoForm(request.POST)
    if not form.is_valid():
        return page(request, "moments/todo.html", context | {"form": form}, status=422)
    named = chosen_ids(request.POST, "mention")
    words = f"{form.cleaned_data['title']}\n{form.cleaned_data['note']}"
    missed = actions.who_would_miss(words, named, circles=[one.circle_id])
    if warn_of_missed(form, missed, request.POST.get("missed", "")):
        return page(request, "moments/todo.html", context | {"form": form}, status=422)
    try:
        with act("edit_todo") as done:
            based_on, changes = form.cleaned_data["version"] or 0, form.changes()
            actions.edit_todo(actor=request.seat, todo=one, changes=changes, based_on=based_on, mentions=named)
    except EditConflict as conflict:
        again = ToDoForm(based_anew(request, conflict))
        again.is_valid()
        context |= {"form": again, "conflict": differences(again, conflict)}
        return page(request, "moments/todo.html", context, status=409)
    return go(request, reverse("moments:todos"), _("Changed."), done.id)


@require_POST
def todo_delete(request: Request, todo_id: UUID) -> HttpResponseBase:
    """Remove a to-do; the toast brings it back."""
    allow(request, "delete")
    removal = actions.delete_todo(actor=request.seat, todo=found_todo(todo_id))
    return go(request, reverse("moments:todos"), _("Removed."), removal.id)
