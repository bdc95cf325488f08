# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from plein.core.audit import audit_look
from plein.moments.answer_words import name_of, speed_of
from plein.moments.queries.answering import InTouch, ways_in_touch
from plein.relations.models import ContactPointLink, Relation
from plein.relations.networks import NETWORKS
from plein.relations.vocabulary import ContactKind
from plein.trust.answers import Request, page


@dataclass(frozen=True, slots=True)
class Way:
    """A way of being in touch as it is shown: its name, its figures, and how soon they answer there."""

    name: str
    figures: InTouch
    speed: str
    share: int


@require_safe
def where_they_answer(request: Request, relation_id: UUID) -> HttpResponse:
    """Which channels and networks somebody uses with us, and how soon they answer on each."""
    relation = Relation.objects.filter(id=relation_id).first()
    if relation is None:
        raise Http404
    audit_look("relation", [relation], how="list")
    found = ways_in_touch(relation.id)
    most = max((one.theirs + one.ours for one in found), default=1)
    ways = [
        Way(name_of(one.kind, one.network), one, speed_of(one.waited), round(100 * (one.theirs + one.ours) / most))
        for one in found
    ]
    context = {"relation": relation, "ways": ways, "also": _also_on(relation, {one.network for one in found})}
    return page(request, "moments/where_they_answer.html", context, part="aside")


def _also_on(relation: Relation, used: set[str]) -> list[str]:
    """The networks on which we know a name of theirs, and were not in touch."""
    links = ContactPointLink.objects.filter(relation=relation, revoked_at=None, contact_point__kind=ContactKind.HANDLE)
    keys = links.values_list("contact_point__network", flat=True).distinct()
    return sorted(NETWORKS[key].label for key in keys if key in NETWORKS and key not in used)
