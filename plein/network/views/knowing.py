# SPDX-License-Identifier: AGPL-3.0-or-later
"""On the page of a person or organization: whether I know them, and else who of us would lead there."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from plein.core.audit import audit_look
from plein.network.cards import Reader, bars_of, cards_of
from plein.network.prose import shortened, story
from plein.network.queries import evidence_of
from plein.network.queries.faces import Face, asking
from plein.network.queries.following import Moment, this_moment
from plein.network.queries.introductions import Ends, ways
from plein.network.queries.ours import is_unmet
from plein.network.views.asked import own, targets_of
from plein.trust.answers import Request, page

TEMPLATE = "network/knowing.html"
LONGEST_NAME = 60


@require_safe
def knowing(request: Request, relation_id: UUID) -> HttpResponse:
    """How well I know them, or the best way there from any of us; without htmx the page with all ways."""
    address = f"{reverse('network:introductions')}?{urlencode({'to': str(relation_id)})}"
    moment = this_moment()
    seat_id = request.seat.seat_id
    found = asking([relation_id], moment, seat_id, with_colleagues=True)
    face = found.faces.get(relation_id)
    if face is None:
        raise Http404
    audit_look("relation", [face.relation], how="list")
    if not request.htmx:
        return HttpResponseRedirect(address)
    context = {"relation": face.relation, "address": address}
    context |= _directly(face, own(found, seat_id), moment) or _through(seat_id, face, found.colleagues, moment)
    return page(request, TEMPLATE, context, part="panel")


def _directly(face: Face, mine: Face | None, moment: Moment) -> dict[str, Any]:
    """What ties me to them myself, of whatever kind."""
    if mine is None or mine.id == face.id or not face.is_person:
        return {}
    reasons = [one for them in evidence_of([(str(mine.id), str(face.id))], moment).values() for one in them]
    if not reasons:
        return {}
    name = shortened(face.short, LONGEST_NAME)
    best = reasons[0]
    return {"known": {"name": name, "story": story(best, "", name, moment.at), "bars": bars_of(best.strength)}}


def _through(seat_id: UUID, face: Face, colleagues: tuple[UUID, ...], moment: Moment) -> dict[str, Any]:
    """The best way from any of us, and whether nobody of us has met them."""
    found = ways(Ends(colleagues, targets_of(face)), moment, seat_id, most=1, count_unused=False)
    audit_look("relation", [one for path in found.paths for one in path.people], how="list")
    cards = cards_of(found.paths, Reader(seat_id, moment.at))
    card = cards[0] if cards else None
    is_met = card is not None and len(card.legs) == 1
    return {
        "card": card,
        "is_unmet": not is_met and is_unmet(face.relation),
        "name": shortened(face.short, LONGEST_NAME),
    }
