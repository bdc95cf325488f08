# SPDX-License-Identifier: AGPL-3.0-or-later
"""How somebody stands in the network that everyone here sees, in sentences: as a page, and as a part of their own."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from plein.core.audit import audit_look
from plein.network.queries.influence import influences
from plein.network.standing_words import Words
from plein.relations.models import Relation
from plein.trust.answers import Request, page

TEMPLATE = "network/standing.html"


@require_safe
def standing_page(request: Request, relation_id: UUID) -> HttpResponse:
    """What the last night found out about a person."""
    person = Relation.objects.filter(id=relation_id, kind="person").first()
    if person is None:
        raise Http404
    audit_look("relation", [person], how="list")
    found = influences(of=person.id)
    sentences: list[str] = []
    if found.census is not None and found.people:
        sentences = Words(found.people).sentences(found.people[0], found.census)
    context = {"person": person, "census": found.census, "is_known": bool(found.people), "sentences": sentences}
    return page(request, TEMPLATE, context, part="aside")
