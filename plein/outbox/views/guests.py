# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guests of an appointment: who was invited and what they know, and inviting or telling them by mail."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from plein.core.audit import audit_look
from plein.moments.models import Moment
from plein.moments.queries.guests import GuestLine, Standing, guests_of
from plein.moments.queries.occasions import Occasion, occasion_of
from plein.outbox import actions
from plein.outbox.queries import senders_of
from plein.outbox.refusals import CannotSend
from plein.trust.answers import Request, allow, go, page


@require_http_methods(["GET", "HEAD", "POST"])
def guests(request: Request, moment_id: UUID) -> HttpResponseBase:
    """Who is invited to an appointment; a form tells those that are chosen what they do not know yet."""
    found: Moment | None = Moment.objects.filter(id=moment_id).select_related("recorded_by__user").first()
    if found is None:
        raise Http404
    audit_look("moment", [found])
    if request.method != "POST":
        part = "card" if request.GET.get("card") else "list" if request.GET.get("grounds") else ""
        return page(request, "outbox/guests.html", _context(request, found, part), part=part)
    allow(request)
    chosen = _chosen(request)
    try:
        done = actions.tell_guests(
            actor=request.seat,
            moment=found,
            chosen=chosen,
            note=request.POST.get("note", ""),
            sender=request.POST.get("sender", ""),
        )
    except CannotSend as refusal:
        context = _context(request, found, "list", chosen) | {
            "problem": str(refusal),
            "note": request.POST.get("note", ""),
        }
        return page(request, "outbox/guests.html", context, status=422)
    count = len(chosen)
    words = ngettext("%(count)s mail leaves in ten seconds.", "%(count)s mails leave in ten seconds.", count)
    return go(request, reverse("moments:moment", args=[moment_id]), words % {"count": count}, done.id)


def _chosen(request: Request) -> set[UUID]:
    found = set()
    for text in request.POST.getlist("guest")[:200]:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found


def _context(request: Request, moment: Moment, part: str, chosen: set[UUID] | None = None) -> dict[str, Any]:
    """What the page shows; whether there is a ground to write to each of them takes its time, and comes after."""
    occasion = occasion_of(moment)
    lines = guests_of(occasion, with_grounds=part == "list")
    refusal = _refusal(moment, occasion)
    tellable = [one for one in lines if one.is_to_tell and not (refusal and one.standing == Standing.NEW)]
    return {
        "moment": moment,
        "occasion": occasion,
        "lines": [(one, one in tellable, _is_ticked(one, chosen)) for one in lines],
        "refusal": refusal,
        "is_change": any(one.standing != Standing.NEW for one in tellable),
        "can_tell": bool(tellable),
        "senders": senders_of(request.seat) if part != "card" else [],
        "with_grounds": part == "list",
        "back_url": reverse("moments:moment", args=[moment.id]),
    }


def _is_ticked(line: GuestLine, chosen: set[UUID] | None) -> bool:
    """Guests from outside are ticked to begin with; a colleague has the appointment in their agenda already."""
    if chosen is not None:
        return line.point is not None and line.point.id in chosen
    return line.is_to_tell and not (line.is_ours and line.standing == Standing.NEW)


def _refusal(moment: Moment, occasion: Occasion) -> str:
    """Why nobody can be invited to this any more, in a sentence."""
    try:
        actions.check_invitable(moment)
        actions.check_to_come(moment, occasion)
    except CannotSend as refusal:
        return str(refusal)
    return ""
