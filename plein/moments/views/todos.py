# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plein.core.operations import EditConflict
from plein.core.toasts import toast_now
from plein.moments import actions
from plein.moments.forms import QuickToDoForm, ToDoForm, chosen_ids, warn_of_missed
from plein.moments.models import ToDo
from plein.moments.queries import find_todo, todos_page
from plein.moments.queries.todos import PAGE
from plein.moments.views.answers import Request, act, allow, go, page
from plein.moments.views.editing import differences

FURTHEST = 100_000


def found_todo(todo_id: UUID) -> ToDo:
    """A to-do the reader may see; for everything else there is nothing at that address."""
    todo = find_todo(todo_id)
    if todo is None:
        raise Http404
    return todo


def _list(request: Request, *, status: int = 200, **more: Any) -> HttpResponse:
    is_done, everybody = request.GET.get("done") == "1", request.GET.get("of") == "all"
    text = request.GET.get("start", "0")
    start = min(int(text), FURTHEST) if text.isdecimal() and len(text) < 8 else 0
    found, has_more = todos_page(seat_id=None if everybody else request.seat.seat_id, done=is_done, start=start)
    base = reverse("moments:todos")
    kept = {**({"done": "1"} if is_done else {}), **({"of": "all"} if everybody else {})}
    views = [
        (_("Mine"), base, not everybody and not is_done),
        (_("Everybody's"), f"{base}?of=all", everybody and not is_done),
        (_("Done"), f"{base}?done=1", is_done),
    ]
    next_url = f"{base}?{urlencode({**kept, 'start': start + PAGE})}" if has_more else ""
    context = {"todos": found, "views": views, "is_done": is_done, "next_url": next_url}
    return page(request, "moments/todos.html", context | more, status=status)


@require_safe
def todos(request: Request) -> HttpResponse:
    """What is to be done, by oneself or by everybody, and what was."""
    return _list(request)


@require_POST
def todo_new(request: Request) -> HttpResponseBase:
    """Put something on one's own list in one line."""
    allow(request)
    form = QuickToDoForm(request.POST)
    if not form.is_valid():
        return _list(request, status=422, problem=_("Write what is to be done."), written=request.POST.get("title", ""))
    with act("create_todo") as done:
        actions.create_todo(actor=request.seat, title=form.cleaned_data["title"], due_on=form.cleaned_data["due_on"])
    back = "/" if request.POST.get("from") == "today" else reverse("moments:todos")
    return go(request, back, _("On your list."), done.id)


@require_POST
def todo_tick(request: Request, todo_id: UUID) -> HttpResponseBase:
    """Done, or not done after all."""
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
    if not request.htmx:
        return go(request, reverse("moments:todos"), words, done.id)
    return toast_now(page(request, "moments/todo_line.html", {"todo": found_todo(todo_id)}), words, done.id)


@require_http_methods(["GET", "HEAD", "POST"])
def todo(request: Request, todo_id: UUID) -> HttpResponseBase:
    """One to-do, to look at and to change."""
    allow(request)
    one = found_todo(todo_id)
    context: dict[str, Any] = {
        "heading": _("Change this to-do"),
        "save_url": reverse("moments:todo", args=[todo_id]),
        "back_url": reverse("moments:todos"),
        "delete_url": reverse("moments:todo_delete", args=[todo_id]),
    }
    if request.method != "POST":
        names = ("version", "title", "note", "due_on", "due_at", "means_needed")
        initial = {name: getattr(one, name) for name in names} | {
            "assignee": str(one.assignee_id or request.seat.seat_id)
        }
        return page(request, "moments/edit.html", context | {"form": ToDoForm(initial=initial)})
    form = ToDoForm(request.POST)
    if not form.is_valid():
        return page(request, "moments/edit.html", context | {"form": form}, status=422)
    named = chosen_ids(request.POST, "mention")
    words = f"{form.cleaned_data['title']}\n{form.cleaned_data['note']}"
    missed = actions.who_would_miss(words, named, circles=[one.circle_id])
    if warn_of_missed(form, missed, request.POST.get("missed", "")):
        return page(request, "moments/edit.html", context | {"form": form}, status=422)
    try:
        with act("edit_todo") as done:
            based_on, changes = form.cleaned_data["version"] or 0, form.changes()
            actions.edit_todo(actor=request.seat, todo=one, changes=changes, based_on=based_on, mentions=named)
    except EditConflict as conflict:
        again = ToDoForm({**request.POST.dict(), "version": str(conflict.current.version)})
        again.is_valid()
        context |= {"form": again, "conflict": differences(again, conflict)}
        return page(request, "moments/edit.html", context, status=409)
    return go(request, reverse("moments:todos"), _("Changed."), done.id)


@require_POST
def todo_delete(request: Request, todo_id: UUID) -> HttpResponseBase:
    """Remove a to-do; the toast brings it back."""
    allow(request, "delete")
    removal = actions.delete_todo(actor=request.seat, todo=found_todo(todo_id))
    return go(request, reverse("moments:todos"), _("Removed."), removal.id)
