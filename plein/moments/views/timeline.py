# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from plein.core.isolation import default_circle_id
from plein.moments.queries import BadCursor, Cursor, thread
from plein.moments.views.answers import address_of, found_relation
from plein.moments.views.composing import composer_context, days_of, timeline_context
from plein.moments.wording import shown
from plein.trust.answers import Request, page


@require_safe
def relation_timeline(request: Request, relation_id: UUID) -> HttpResponse:
    """The timeline of a relation: a page of its own, its first page, or what comes after a place in it."""
    relation = found_relation(relation_id)
    try:
        before = Cursor.read(request.GET.get("before", ""))
    except BadCursor as error:
        raise BadRequest from error
    here = request.htmx.current_url_abs_path if request.htmx else request.path
    context = timeline_context(
        relation, chosen=request.GET.get("kinds", ""), before=before, here=(here or request.path).partition("?")[0]
    )
    context["relation_url"] = address_of(relation.id)
    if not request.htmx and before is None and request.seat.can_write:
        context |= composer_context(request.seat, relation)
    return page(request, "moments/timeline.html", context, part="rows" if before else "timeline")


@require_safe
def whole_thread(request: Request, thread_id: UUID) -> HttpResponse:
    """All that belongs together, oldest first."""
    lines = thread(thread_id)
    if not lines:
        raise Http404
    everyone = default_circle_id()
    context = {
        "moments": [shown(line, everyone) for line in lines],
        "title": next((line.title for line in lines if line.title), ""),
        "days": days_of(lines[:1]),
    }
    return page(request, "moments/thread.html", context)
