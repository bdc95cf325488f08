# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two people: what ties them, and whom they both know; as a page, as a card, and as a part of somebody's page."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from plein.core.audit import audit_look
from plein.core.ids import now
from plein.network.cards import bars_of
from plein.network.pictures.around import strength_bars
from plein.network.queries import shared
from plein.network.queries.evidence import evidence_of
from plein.network.queries.following import this_moment
from plein.network.views.asked import Unclear, somebody
from plein.network.wording import sentence
from plein.relations.models import Relation
from plein.trust.answers import Request, page

TEMPLATE = "network/both.html"
#: So many are named on somebody's page, and on the page of the two.
FEW, MANY = 6, 100


@require_safe
def both_page(request: Request) -> HttpResponse:
    """Whom two people both know. Without the first of the two it is about the reader."""
    try:
        one = somebody(request.GET["a"]) if request.GET.get("a") else myself(request)
        other = somebody(request.GET["b"]) if request.GET.get("b") else None
    except Unclear as problem:
        return page(request, TEMPLATE, {"problem": str(problem)}, status=422)
    is_aside = bool(request.htmx) and request.GET.get("part") == "aside"
    context: dict[str, Any] = {"one": one, "other": other, "is_me": not request.GET.get("a")}
    if one is not None and other is not None and one.id != other.id:
        context |= _answer(one, other, FEW if is_aside else MANY)
    return page(request, TEMPLATE, context, part="aside" if is_aside else "card")


def myself(request: Request) -> Relation | None:
    """The reader as one of the relations, if they are."""
    return Relation.objects.filter(kind="person", seat_id=request.seat.seat_id).order_by("id").first()


def _answer(one: Relation, other: Relation, limit: int) -> dict[str, Any]:
    at = now()
    count, found = shared(one.id, other.id, limit=limit)
    people: dict[UUID, Relation] = Relation.objects.in_bulk([each.id for each in found])
    audit_look("relation", people.values(), how="list")
    reasons = evidence_of([(str(one.id), str(other.id))], this_moment()).get((str(one.id), str(other.id)), [])
    lines = [
        {
            "who": people[each.id],
            "bars": bars_of(each.closeness),
            "to_one": strength_bars(each.to_one),
            "to_other": strength_bars(each.to_other),
        }
        for each in found
        if each.id in people
    ]
    return {
        "lines": lines,
        "count": count,
        "more": count - len(lines),
        "bars": strength_bars(reasons[0].strength) if reasons else 0,
        "reasons": [sentence(each, one.name, other.name, at) for each in reasons],
    }
