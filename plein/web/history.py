# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of what was done: the whole workspace's, one operation's, and the way back."""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from plein.core.models import Change, Operation
from plein.core.operations import CannotUndo, UndoResult, conflicts_of, look_at, outlook
from plein.core.toasts import toast_later
from plein.lists.bulk.actions import turn_back
from plein.lists.bulk.acts import CannotChange
from plein.lists.bulk.queries import run_of
from plein.lists.bulk.waiting import wait_for
from plein.trust.addresses import safe_next
from plein.trust.seats import seat_of
from plein.web import verbs
from plein.web.acts import SET_UP, may_turn_back, names_of_seats, recent_acts, sentence_of
from plein.web.changes import ShownChange, of_change, shown
from plein.web.history_form import ME, HistoryForm
from plein.web.turning import chosen_of, effect_of, left_of, proof_before

SHOWN = 100
CREATING = ("create_", "record_", "plan_")


def _cursor(text: str) -> tuple[datetime, UUID] | None:
    moment, _between, key = text.partition("~")
    try:
        return datetime.fromisoformat(moment), UUID(key)
    except ValueError:
        return None


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """What was done in this workspace, newest first."""
    actor = seat_of(request)
    form = HistoryForm(request.GET, actor)
    acts, cursor = recent_acts(actor, before=_cursor(request.GET.get("before", "")), wanted=form.wanted())
    only_mine = form.kept == {"who": ME}
    context = {
        "acts": acts,
        "form": form,
        "is_filtered": bool(form.kept) and not only_mine,
        "next_url": f"?{urlencode(form.kept | {'before': cursor})}" if cursor else "",
        "tabs": [(_("Everybody"), "?", not form.kept), (_("Only me"), f"?who={ME}", only_mine)],
    }
    is_fragment = request.headers.get("HX-Request") == "true"
    template = "web/history.html#acts" if is_fragment else "web/history.html"
    return render(request, template, context, status=200 if form.is_valid() else 422)


def visible_operation(operation_id: UUID) -> Operation:
    """An operation of which the reader may see something; otherwise it does not exist."""
    found = get_object_or_404(Operation.objects, id=operation_id)
    if not Change.objects.filter(operation_id=found.id).exists():
        raise Http404
    return found


@require_safe
def operation(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """What one operation changed, and what turning it back would do."""
    found = visible_operation(operation_id)
    changes = list(Change.objects.filter(operation_id=found.id).order_by("id")[: SHOWN + 1])
    look_at(changes)
    rows = [of_change(change) for change in changes[:SHOWN]]
    can_undo = may_turn_back(seat_of(request), found)
    lines = outlook(found.id) if can_undo else []
    is_any_left = any(line.is_left for line in lines)
    context = {
        "operation": found,
        "sentence": sentence_of(found),
        "who": next(iter(names_of_seats({found.seat_id}).values()), ""),
        "door": verbs.door(found.door),
        **listed(shown(rows)),
        "has_more": len(changes) > SHOWN,
        "may_undo": can_undo,
        "effect": effect_of(lines),
        "left_alone": left_of(conflicts_of(found.id, limit=SHOWN)) if is_any_left else [],
        "left_count": sum(line.count for line in lines if line.is_left),
    }
    return render(request, "web/operation.html", context)


def listed(changes: list[ShownChange]) -> dict[str, Any]:
    """Changes that have a name or fields one by one; of the others only how many there are of each kind."""
    told = [change for change in changes if change.name or change.fields]
    counts = Counter((change.thing, change.done) for change in changes if not (change.name or change.fields))
    return {"changes": told, "counts": [(count, thing, done) for (thing, done), count in counts.items()]}


@require_POST
def undo_operation(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """Turn an operation back."""
    found = visible_operation(operation_id)
    try:
        if found.verb in SET_UP:
            raise CannotUndo("set_up")
        if asked := proof_before(request, found.id):
            return asked
        anyway = chosen_of(request.POST.getlist("anyway"))
        result = turn_back(actor=seat_of(request), operation_id=found.id, anyway=anyway)
    except CannotUndo as refused:
        return _refused(request, refused)
    except CannotChange as refused:
        return _said(request, str(refused))
    if result is None:
        if (run := run_of(found.id)) is not None:
            wait_for(request, run.id)
        toast_later(request, _("This changed much: it is being turned back in the background."))
    else:
        toast_later(request, _result_words(result), result.operation.id)
    if request.headers.get("HX-Request") == "true":
        return _back(request, found)
    return redirect(safe_next(request.POST.get("next")) if request.POST.get("next") else "web:history")


def _back(request: HttpRequest, found: Operation) -> HttpResponse:
    """Stay on the page, unless it was the page of something that is no longer there."""
    response = HttpResponse(status=204)
    made = Change.objects.filter(operation_id=found.id, kind="I").values_list("row_id", flat=True)[:20]
    page = request.headers.get("Referer", "")
    if found.verb.startswith(CREATING) and any(str(row) in page for row in made):
        response.headers["HX-Redirect"] = reverse("web:history")
    return response


def _refused(request: HttpRequest, refused: CannotUndo) -> HttpResponse:
    if refused.reason == "unknown":
        raise Http404
    words = {
        "undone": _("This was turned back already."),
        "set_up": _("This is part of how Plein was set up; you change it in Settings."),
        "expired": _("This is more than 30 days ago, so it can no longer be turned back."),
        "erased": _("This was about somebody who asked to be forgotten: nothing of it is kept."),
        "answered": _(
            "They have read this answer, so it is not turned back. What came of it is changed on the page about them."
        ),
        "forgotten": _("Its password is forgotten, so it does not come back: connect the account again."),
        "left": _("This mail has left, or is being sent: it cannot be taken back. The outbox says how it went."),
        "not_yours": _("Only who wrote a mail can take it back."),
        "owner": _("Turning this back would leave the workspace without an owner."),
    }
    return _said(request, words.get(refused.reason, _("There is nothing to turn back.")))


def _said(request: HttpRequest, text: str) -> HttpResponse:
    """Why not, in words."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(text, status=409, content_type="text/plain; charset=utf-8")
    toast_later(request, text)
    return redirect("web:history")


def _result_words(result: UndoResult) -> str:
    if result.left_alone:
        return ngettext(
            "Turned back, except %(count)s thing that was changed since.",
            "Turned back, except %(count)s things that were changed since.",
            result.left_alone,
        ) % {"count": result.left_alone}
    return _("Turned back.")
