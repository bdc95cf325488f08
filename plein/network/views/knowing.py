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
from plein.network.queries import COLLEAGUES, Question, evidence_of, introductions
from plein.network.queries.faces import face_of
from plein.network.queries.following import Moment, this_moment
from plein.network.views.asked import people_and_mine
from plein.relations.models import Relation
from plein.trust.answers import Request, page

TEMPLATE = "network/knowing.html"
LONGEST_NAME = 60


@require_safe
def knowing(request: Request, relation_id: UUID) -> HttpResponse:
    """How well I know them, or the best way there from any of us; without htmx the page with all ways."""
    address = f"{reverse('network:introductions')}?{urlencode({'to': str(relation_id)})}"
    moment = this_moment()
    seat_id = request.seat.seat_id
    found = people_and_mine([relation_id], seat_id, moment)
    relation = found.get(relation_id)
    if relation is None:
        raise Http404
    audit_look("relation", [relation], how="list")
    if not request.htmx:
        return HttpResponseRedirect(address)
    mine = [one for one in found.values() if one.seat_id == seat_id and one.is_person and one.id != relation_id]
    context: dict[str, Any] = {"relation": relation, "address": address}
    context |= _directly(relation, mine, moment) or _through(request, relation, moment)
    return page(request, TEMPLATE, context, part="panel")


def _directly(relation: Any, mine: list[Any], moment: Moment) -> dict[str, Any]:
    """What ties me to them myself, of whatever kind."""
    pairs = [(str(one.id), str(relation.id)) for one in mine]
    reasons = [one for them in evidence_of(pairs, moment).values() for one in them] if relation.is_person else []
    if not reasons:
        return {}
    name = shortened(face_of(relation, moment).short, LONGEST_NAME)
    best = reasons[0]
    return {"known": {"name": name, "story": story(best, "", name, moment.at), "bars": bars_of(best.strength)}}


def _through(request: Request, relation: Relation, moment: Moment) -> dict[str, Any]:
    """The best way from any of us."""
    seat_id = request.seat.seat_id
    question = Question(relation, COLLEAGUES, limit=1)
    found = introductions(question, seat_id=seat_id, count_unused=False, with_faces=True)
    people = {one.id: one for path in found.paths for one in path.people}
    audit_look("relation", people.values(), how="list")
    faces = {one: face_of(person, moment) for one, person in people.items()}
    cards = cards_of(found.paths, faces, Reader(seat_id, moment.at), from_us=True)
    return {"card": cards[0] if cards else None}
