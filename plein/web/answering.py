# SPDX-License-Identifier: AGPL-3.0-or-later
"""What contact moments put in the pane of relations besides the timeline; `panels.py` registers it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from plein.core.isolation import current
from plein.relations.models import Relation
from plein.relations.slots import Aside, register_aside


def where_they_answer(relation: Relation) -> Aside | None:
    """In the pane of whoever is not oneself: on which channels they are in touch, and how soon they answer."""
    if relation.seat_id is not None and relation.seat_id == current().seat_id:
        return None
    return Aside("answers", _("Where they answer"), reverse("moments:where_they_answer", args=[relation.id]))


def register() -> None:
    """Fill the place in the pane."""
    register_aside(where_they_answer)
