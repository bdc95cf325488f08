# SPDX-License-Identifier: AGPL-3.0-or-later
"""How somebody stands in the network that everyone here sees, in sentences: as a page, and as a part of their own."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from plein.core.audit import audit_look
from plein.network.queries.influence import influences
from plein.network.standing_words import Words
from plein.relations.models import Relation
from plein.trust.answers import Request, page

TEMPLATE = "network/standing.html"
#: Of who works at an organization so many are looked at, so many named as best known, and of so many something is said.
LOOKED_AT, BEST, SAID = 100, 3, 4


@require_safe
def standing_page(request: Request, relation_id: UUID) -> HttpResponse:
    """What the last night found out about a person, or about who works at an organization."""
    about = Relation.objects.filter(id=relation_id).first()
    if about is None:
        raise Http404
    audit_look("relation", [about], how="list")
    found = influences(of=about.id) if about.is_person else influences(at=about.id, limit=LOOKED_AT)
    words = Words(found.people)
    context: dict[str, Any] = {"person": about, "census": found.census}
    if found.census is not None and about.is_person:
        context["sentences"] = words.sentences(found.people[0], found.census) if found.people else []
    elif found.census is not None:
        audit_look("relation", [one.person for one in found.people], how="list")
        told = [(one.person, words.sentences(one, found.census)) for one in found.people]
        best = [one.person for one in found.people[:BEST]]
        context |= {"best": best, "lines": [one for one in told if one[1]][:SAID]}
    return page(request, TEMPLATE, context, part="card" if request.GET.get("card") else "aside")
