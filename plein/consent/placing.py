# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody decided about us is seen by whoever sees them, and goes where they go."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plein.consent.models import Decision
from plein.metadata.queries import name_for_reader
from plein.relations.models import Relation
from plein.trust.placed import Along, Placed


def _decisions(relation: Relation) -> QuerySet[Any, Any]:
    found: QuerySet[Any, Any] = Decision.objects.filter(subject__relation_id=relation.id)
    told: QuerySet[Any, Any] = found.annotate(told=name_for_reader("text"))
    return told


def _person(decision: Any) -> Relation | None:
    """Whom it is about, as long as they are there."""
    found: Relation | None = Relation.objects.filter(id=decision.subject.relation_id).first()
    return found


def _page(decision: Any) -> str:
    person = _person(decision)
    return reverse("consent:book", args=[person.id]) if person else "/"


def _sides(decision: Any) -> list[str]:
    person = _person(decision)
    return [person.name] if person else []


def _name(decision: Any) -> str:
    words = str(decision.get_state_display())
    return f"{decision.text.name}: {words}" if decision.text else words


CONSENTS = Placed(
    key="consents",
    thing=_("consent"),
    model=Decision,
    name_of=_name,
    page=_page,
    follows=_("What somebody decided is seen by whoever sees them. Move the person to change that."),
    sides=_sides,
    named=lambda decision: [_person(decision)],
)
PLACED = (CONSENTS,)
OF_RELATION = (Along(_("What they decided"), _decisions, "told"),)
