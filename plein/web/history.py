# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of what was done: the whole workspace's, one operation's, one record's, and the way back."""

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
from plein.core.operations import CannotUndo, UndoResult, changes_about, preview_undo
from plein.core.toasts import toast_later
from plein.lists.bulk.actions import turn_back
from plein.lists.bulk.acts import CannotChange
from plein.lists.bulk.queries import run_of
from plein.lists.bulk.waiting import wait_for
from plein.moments.models import Moment
from plein.relations.models import Relation
from plein.trust.addresses import safe_next
from plein.trust.seats import seat_of
from plein.web import verbs
from plein.web.acts import SET_UP, may_turn_back, names_of_seats, recent_acts, sentence_of
from plein.web.changes import Names, ShownChange, field_changes, models_by_table, of_change, of_line, shown

SHOWN = 100
OF_RECORD = 50
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
    only_mine = request.GET.get("who") == "me"
    acts, cursor = recent_acts(seat_of(request), before=_cursor(request.GET.get("before", "")), only_mine=only_mine)
    kept = {"who": "me"} if only_mine else {}
    context = {
        "acts": acts,
        "only_mine": only_mine,
        "next_url": f"?{urlencode(kept | {'before': cursor})}" if cursor else "",
        "tabs": [(_("Everybody"), "?", not only_mine), (_("Only me"), "?who=me", only_mine)],
    }
    is_fragment = request.headers.get("HX-Request") == "true"
    return render(request, "web/history.html#acts" if is_fragment else "web/history.html", context)


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
    rows = [of_change(change) for change in changes[:SHOWN]]
    can_undo = may_turn_back(seat_of(request), found)
    context = {
        "operation": found,
        "sentence": sentence_of(found),
        "who": next(iter(names_of_seats({found.seat_id}).values()), ""),
        "door": verbs.door(found.door),
        **listed(shown(rows)),
        "has_more": len(changes) > SHOWN,
        "may_undo": can_undo,
        "left_alone": left_alone(found) if can_undo else [],
    }
    return render(request, "web/operation.html", context)


def listed(changes: list[ShownChange]) -> dict[str, Any]:
    """Changes that have a name or fields one by one; of the others only how many there are of each kind."""
    told = [change for change in changes if change.name or change.fields]
    counts = Counter((change.thing, change.done) for change in changes if not (change.name or change.fields))
    return {"changes": told, "counts": [(count, thing, done) for (thing, done), count in counts.items()]}


def left_alone(found: Operation) -> list[dict[str, Any]]:
    """The rows that turning back would leave alone, because they were changed since: what was and what is."""
    latest = {change.row_id: change for change in preview_undo(found.id)[:SHOWN]}
    if not latest:
        return []
    ours = [of_change(one) for one in Change.objects.filter(operation_id=found.id, row_id__in=latest).order_by("id")]
    names = Names([*ours, *map(of_change, latest.values())])
    known = models_by_table()
    lines = []
    for change, row in zip(shown(ours, names), ours, strict=True):
        is_now = dict(row.after) | (latest[row.row_id].after or {})
        kept = {column: is_now.get(column) for column in row.before}
        fields = field_changes(known[row.table], kept, row.before, names) if row.kind == "U" else []
        lines.append({"change": change, "fields": fields})
    return lines


@require_POST
def undo_operation(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """Turn an operation back."""
    found = visible_operation(operation_id)
    try:
        if found.verb in SET_UP:
            raise CannotUndo("set_up")
        result = turn_back(actor=seat_of(request), operation_id=found.id)
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


def _record_history(request: HttpRequest, record_id: UUID, name: str, href: str) -> HttpResponse:
    before = request.GET.get("before", "")
    before_id = int(before) if before.isdecimal() and len(before) < 19 else None
    lines = changes_about(record_id, before_id=before_id, limit=OF_RECORD + 1)
    who = names_of_seats({line.seat_id for line in lines})
    changes: list[ShownChange] = shown([of_line(line, record_id) for line in lines[:OF_RECORD]])
    context = {
        "name": name,
        "href": href,
        "lines": [
            {"change": change, "line": line, "who": who.get(line.seat_id, "") if line.seat_id else "",
             "sentence": verbs.sentence(line.verb)}
            for change, line in zip(changes, lines, strict=False)
        ],
        "has_more": len(lines) > OF_RECORD,
    }  # fmt: skip
    is_fragment = request.headers.get("HX-Request") == "true"
    return render(request, "web/record_history.html#lines" if is_fragment else "web/record_history.html", context)


@require_safe
def relation_history(request: HttpRequest, relation_id: UUID) -> HttpResponse:
    """What was done to one relation and what belongs to it."""
    relation = get_object_or_404(Relation.objects, id=relation_id)
    return _record_history(request, relation.id, relation.name, reverse("relations:relation", args=[relation.id]))


@require_safe
def moment_history(request: HttpRequest, moment_id: UUID) -> HttpResponse:
    """What was done to one contact moment."""
    moment = get_object_or_404(Moment.objects.prefetch_related("subjects"), id=moment_id)
    title = next((subject.title for subject in moment.subjects.all() if subject.title), "")
    name = title or str(moment.get_kind_display()).capitalize()
    return _record_history(request, moment.id, name, reverse("moments:moment", args=[moment.id]))
