# SPDX-License-Identifier: AGPL-3.0-or-later
"""While and after something is done with many rows: how far it is, what was left, and the way back."""

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plein.core.operations import CannotUndo
from plein.core.toasts import toast_later, toast_now
from plein.lists.bulk import actions, wording
from plein.lists.bulk.acts import CannotChange
from plein.lists.bulk.models import BulkRun
from plein.lists.bulk.queries import ON_A_PAGE, all_failures, failures_of, look_of, looks_of
from plein.lists.bulk.views.answers import go, list_behind
from plein.lists.bulk.waiting import wait_on, waited_for
from plein.lists.export.cells import safe
from plein.trust.answers import Request, page

#: A run that looks like this is not over.
GOING_ON = ("waiting", "running", "silent", "paused", "undoing")


def found_run(run_id: UUID) -> BulkRun:
    """A run the reader may see; for everything else there is nothing at that address."""
    run: BulkRun | None = BulkRun.objects.filter(id=run_id).first()
    if run is None:
        raise Http404
    return run


def _context(request: Request, run: BulkRun) -> dict[str, Any]:
    look = look_of(run)
    return {
        "run": run,
        "look": look,
        "is_live": look in ("waiting", "running", "undoing"),
        "what": wording.what(run),
        "counted": wording.counted(run.kind, run.total),
        "changed": wording.counted(run.kind, run.changed),
        "list_url": list_behind(request, run.kind),
    }


@require_safe
def run_list(request: Request) -> HttpResponse:
    """What oneself did to many rows lately."""
    runs = list(BulkRun.objects.filter(seat_id=request.seat.seat_id).order_by("-created_at", "-id")[:ON_A_PAGE])
    lines = [
        (run, look, wording.what(run), wording.counted(run.kind, run.total))
        for run, look in zip(runs, looks_of(runs), strict=True)
    ]
    return page(request, "lists/bulk_runs.html", {"lines": lines})


@require_safe
def run_page(request: Request, run_id: UUID) -> HttpResponse:
    """One run, whatever state it is in; the part that changes is fetched again while it does."""
    run = found_run(run_id)
    context = _context(request, run) | {"failures": failures_of(run, limit=5) if run.failed else []}
    return page(request, "lists/bulk_run.html", context, part="state")


@require_safe
def failure_list(request: Request, run_id: UUID) -> HttpResponse:
    """The rows a run left as they were, and why."""
    run = found_run(run_id)
    found = failures_of(run, after=_uuid(request.GET.get("after", "")), limit=ON_A_PAGE + 1)
    further = found[ON_A_PAGE - 1].id if len(found) > ON_A_PAGE else None
    context = _context(request, run) | {"failures": found[:ON_A_PAGE], "further": further}
    return page(request, "lists/bulk_failures.html", context)


@require_safe
def failure_file(request: Request, run_id: UUID) -> HttpResponse:
    """The same as a file."""
    out = StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow([_("Name"), _("Reason"), _("Address")])
    for one in all_failures(found_run(run_id)):
        lines.writerow([safe(one.name), safe(one.reason), request.build_absolute_uri(one.href) if one.href else ""])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="left-as-they-were.csv"'
    return response


@require_safe
def news(request: Request) -> HttpResponse:
    """Asked every few seconds by a page of whoever waits for a run: nothing, or the sentence that it is over."""
    waiting = waited_for(request)
    runs = {str(run.id): run for run in BulkRun.objects.filter(id__in=waiting)}
    over = [run for run in runs.values() if look_of(run) not in GOING_ON]
    still = [one for one in waiting if one in runs and runs[one] not in over]
    wait_on(request, still)
    if still and not over:
        return HttpResponse(status=204)
    response = page(request, "lists/bulk_news.html", {"is_waiting": bool(still)}, part="news")
    return toast_now(response, wording.result(over[0]), over[0].operation_id) if over else response


@require_POST
def pause(request: Request, run_id: UUID) -> HttpResponseBase:
    """Let it rest."""
    run = found_run(run_id)
    return _do(request, run, lambda: actions.pause_run(actor=request.seat, run=run))


@require_POST
def resume(request: Request, run_id: UUID) -> HttpResponseBase:
    """Go on."""
    run = found_run(run_id)
    return _do(request, run, lambda: actions.resume_run(actor=request.seat, run=run))


@require_POST
def cancel(request: Request, run_id: UUID) -> HttpResponseBase:
    """End it; `keep` says whether what is done stays."""
    run, keep = found_run(run_id), request.POST.get("keep") == "1"
    return _do(request, run, lambda: actions.cancel_run(actor=request.seat, run=run, keep=keep))


@require_POST
def undo(request: Request, run_id: UUID) -> HttpResponseBase:
    """Turn all of it back."""
    run = found_run(run_id)
    return _do(request, run, lambda: actions.undo_run(actor=request.seat, run=run))


def _do(request: Request, run: BulkRun, act: Callable[[], object]) -> HttpResponseBase:
    try:
        act()
    except CannotChange as refusal:
        toast_later(request, str(refusal))
    except CannotUndo:
        toast_later(request, _("There is nothing to turn back."))
    return go(request, reverse("lists:bulk_run", args=[run.id]))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
