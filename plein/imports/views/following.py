# SPDX-License-Identifier: AGPL-3.0-or-later
"""The imports of address books there are, and each one while it is looked at, runs and is done."""

import csv
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from plein.core.audit import audit_look
from plein.identity.queries.duplicates import to_decide
from plein.imports import actions
from plein.imports.effects import DOUBTFUL, OUTCOMES
from plein.imports.leftovers import rows_left_out
from plein.imports.models import ContactImport, Foreseen
from plein.imports.queries import ON_A_PAGE, foreseen_of, is_told, left_out_of, looks_of, still_seen
from plein.imports.views.answers import allowed, do, found_import, permit_owner
from plein.imports.views.choosing import choosing_page
from plein.imports.wording import OUTCOMES as WORDS
from plein.imports.wording import detail_words
from plein.moments.queries.job_news import open_news
from plein.trust.answers import Request, page
from plein.trust.circles import describe
from plein.trust.permissions import may
from plein.trust.seats import seat_of

LISTED = 100
#: Faces of a page that change by themselves.
LIVE = ("scanning", "running", "undoing")


@require_safe
def import_list(request: Request) -> HttpResponse:
    """All imports of address books one may see, and the way to begin one."""
    allowed(request)
    planned = list(ContactImport.objects.order_by("-created_at", "-id")[:LISTED])
    lines = zip(planned, looks_of(planned), strict=True)
    context = {
        "lines": [(one, look, one.position or one.foreseen.get("looked", "")) for one, look in lines],
        "limit": settings.PLEIN_UPLOAD_LIMIT // (1024 * 1024),
    }
    return page(request, "imports/list.html", context)


@require_safe
def import_page(request: Request, book_id: UUID) -> HttpResponse:
    """One import, whatever state it is in; the part that changes is fetched again while it does."""
    actor, planned = allowed(request), found_import(book_id)
    [look] = looks_of([planned])
    if look == "choose" or (look == "preview" and "choose" in request.GET):
        return choosing_page(request, planned)
    context: dict[str, Any] = {
        "import": planned,
        "look": look,
        "is_live": look in LIVE,
        "seen_by": describe(planned.circle_id),
        "is_mine": planned.seat_id == actor.seat_id or may(actor, "undo_others"),
        "total": planned.foreseen.get("looked", 0) if planned.foreseen.get("is_all") else 0,
    }
    context["has_people"] = bool(planned.position)
    if is_told(planned, actor.seat_id):
        context["is_told"] = True
        context["has_people"] = any(planned.counts.get(name) for name in OUTCOMES[:3])
        context["counts"] = [(WORDS[name][0], planned.counts[name]) for name in OUTCOMES if planned.counts.get(name)]
        context["has_left"] = left_out_of(planned, actor.seat_id).exists()
    if planned.counts.get(DOUBTFUL):
        context["to_decide"] = to_decide([planned.id]).get(planned.id, 0)
    if look == "done":
        context["has_job_news"] = open_news(planned.id).exists()
    if look == "preview":
        context |= _preview(request, planned)
    return page(request, "imports/import.html", context, part="state")


def _preview(request: Request, planned: ContactImport) -> dict[str, Any]:
    what = request.GET.get("what", "")
    what = what if what in OUTCOMES else ""
    after = request.GET.get("after", "")
    found = foreseen_of(
        planned, seat_of(request).seat_id, what=what, after=int(after) if after.isdecimal() and len(after) < 10 else 0
    )
    shown = found[:ON_A_PAGE]
    people = still_seen(shown)
    audit_look("relation", people, how="list")
    seen = {str(one.id) for one in people}
    doubtful = planned.foreseen.get(DOUBTFUL, 0)
    return {
        "tabs": [
            ("?", "", planned.foreseen.get("looked", 0), not what),
            *(
                (f"?what={name}", WORDS[name][0], planned.foreseen[name], name == what)
                for name in OUTCOMES
                if planned.foreseen.get(name)
            ),
        ],  # fmt: skip
        "lines": [_line(one, seen) for one in shown],
        "asks": any(one.who for one in shown),
        "doubtful": doubtful,
        "further": urlencode({"what": what, "after": str(shown[-1].number)}) if len(found) > ON_A_PAGE else "",
    }


def _line(one: Foreseen, seen: set[str]) -> dict[str, Any]:
    words, tone, icon = WORDS[one.what]
    return {
        "number": one.number,
        "name": one.name,
        "words": words,
        "tone": tone,
        "icon": icon,
        "changes": [(detail_words(name), old, new) for name, old, new in one.changes],
        "reasons": one.reasons,
        "who": [(key, name) for key, name in one.who if key in seen],
        "choice": one.choice,
    }


@require_safe
def left_out(request: Request, book_id: UUID) -> HttpResponse:
    """What did not come in, as a file to mend and bring in again; for who brought it."""
    actor, planned = allowed(request), found_import(book_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="left-out.csv"'
    response.write("\ufeff")
    csv.writer(response).writerows(rows_left_out(planned, actor.seat_id))
    return response


@require_POST
def start(request: Request, book_id: UUID) -> HttpResponseBase:
    """Begin with what was chosen."""
    actor, planned = allowed(request), found_import(book_id)
    permit_owner(actor, planned)
    return do(request, planned, lambda: actions.start_planned(actor=actor, contact_import=planned))


@require_POST
def pause(request: Request, book_id: UUID) -> HttpResponseBase:
    """Let it rest."""
    actor, planned = allowed(request), found_import(book_id)
    permit_owner(actor, planned)
    return do(request, planned, lambda: actions.pause_import(actor=actor, contact_import=planned))


@require_POST
def resume(request: Request, book_id: UUID) -> HttpResponseBase:
    """Go on."""
    actor, planned = allowed(request), found_import(book_id)
    permit_owner(actor, planned)
    return do(request, planned, lambda: actions.resume_import(actor=actor, contact_import=planned, in_background=True))


@require_POST
def cancel(request: Request, book_id: UUID) -> HttpResponseBase:
    """End it; `keep` says whether what is in stays."""
    actor, planned = allowed(request), found_import(book_id)
    permit_owner(actor, planned)
    keep = request.POST.get("keep") == "1"
    return do(request, planned, lambda: actions.cancel_import(actor=actor, contact_import=planned, keep=keep))


@require_POST
def undo(request: Request, book_id: UUID) -> HttpResponseBase:
    """Turn back all it brought."""
    actor, planned = allowed(request), found_import(book_id)
    permit_owner(actor, planned)
    return do(request, planned, lambda: actions.undo_import(actor=actor, contact_import=planned))
