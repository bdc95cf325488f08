# SPDX-License-Identifier: AGPL-3.0-or-later
"""The queue of who may be here twice: the list, comparing the book, and merging several at once."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from plein.core.audit import audit_look
from plein.identity import actions
from plein.identity.actions import CannotDecide
from plein.identity.models import Pair
from plein.identity.queries.duplicates import Two, duplicates, last_run, open_pairs, sure_from
from plein.identity.views.asked import uuid_or_none
from plein.identity.wording import in_brief_of
from plein.trust.answers import Request, allow, go, page
from plein.trust.permissions import may

SIZE, COUNTED = 25, 1_000
TEMPLATE = "identity/duplicates.html"


@require_safe
def duplicate_list(request: Request) -> HttpResponse:
    """Who may be here twice, the surest first."""
    return _shown(request)


def _shown(request: Request, problem: str = "", status: int = 200) -> HttpResponse:
    number = request.GET.get("page", "")
    start = (int(number) - 1) * SIZE if number.isascii() and number.isdigit() and 0 < int(number[:6]) <= 1000 else 0
    brought_by = uuid_or_none(request.GET.get("brought_by"))
    kept = f"&brought_by={brought_by}" if brought_by else ""
    pairs = list(open_pairs(brought_by)[start : start + SIZE + 1])
    at = sure_from()
    found = duplicates(pairs[:SIZE])
    audit_look("relation", [person.relation for two in found for person in (two.left, two.right)], how="list")
    context: dict[str, Any] = {
        "lines": [_line(two, at) for two in found],
        "run": last_run(request.seat.seat_id),
        "sure": at,
        "may_merge": may(request.seat, "delete"),
        "problem": problem,
        "from": start + 1,
        "brought_by": brought_by,
        "previous": f"?page={start // SIZE}{kept}" if start else "",
        "next": f"?page={start // SIZE + 2}{kept}" if len(pairs) > SIZE else "",
        "together": uuid_or_none(request.GET.get("together")),
    }
    return page(request, TEMPLATE, context, status=status)


def _line(two: Two, at: float) -> dict[str, Any]:
    return {"two": two, "brief": in_brief_of(two.reasons), "is_sure": two.is_sure(at)}


@require_POST
def compare(request: Request) -> HttpResponse:
    """Compare the whole book, in the background."""
    allow(request)
    try:
        actions.compare_book(actor=request.seat)
    except CannotDecide as refusal:
        return _shown(request, str(refusal), 422)
    return go(request, reverse("identity:duplicates"), _("Plein compares everybody with everybody now."))


@require_safe
def run(request: Request) -> HttpResponse:
    """How far comparing is."""
    return page(request, TEMPLATE, {"run": last_run(request.seat.seat_id)}, part="progress")


@require_POST
def stop(request: Request) -> HttpResponse:
    """End comparing that goes on."""
    allow(request)
    actions.stop_comparing(actor=request.seat)
    return go(request, reverse("identity:duplicates"), _("Comparing was stopped. What was found before stays."))


@require_POST
def merge_chosen(request: Request) -> HttpResponse:
    """Merge those that were ticked and are surely one, each of them to be turned back by itself or all together."""
    allow(request, "delete")
    ids = [one for text in request.POST.getlist("ids") if (one := uuid_or_none(text))]
    if not ids:
        return _shown(request, _("Tick at least one pair first."), 422)
    try:
        merged = actions.merge_sure(actor=request.seat, pairs=Pair.objects.filter(id__in=ids).order_by("-bits", "id"))
    except CannotDecide as refusal:
        return _shown(request, str(refusal), 422)
    done = len(merged.operations)
    if not done:
        reasons = list(dict.fromkeys(reason for _pair, reason in merged.left))
        return _shown(request, " ".join([_("None of them was merged."), *reasons]), 422)
    words = [ngettext("%(count)s pair became one.", "%(count)s pairs became one.", done) % {"count": done}]
    if left := len(merged.left):
        words.append(
            ngettext("%(count)s was left as it is.", "%(count)s were left as they are.", left) % {"count": left}
        )
    return go(request, f"{reverse('identity:duplicates')}?together={merged.together}", " ".join(words))


@require_POST
def part(request: Request, together: UUID) -> HttpResponse:
    """Turn back all that was merged at once."""
    allow(request, "delete")
    parted, left = actions.part_again(actor=request.seat, together=together)
    if not parted and not left:
        raise Http404
    words = [ngettext("%(count)s pair is two again.", "%(count)s pairs are two again.", parted) % {"count": parted}]
    if left:
        words.append(_("%(count)s could not be turned back; the history says why.") % {"count": left})
    return go(request, reverse("identity:duplicates"), " ".join(words))
