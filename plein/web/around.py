# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the network puts on the page of a relation: whom the reader and somebody both know; `panels.py` registers it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from plein.core.isolation import current
from plein.relations.models import Relation
from plein.relations.slots import Aside, register_aside


def both_know(relation: Relation) -> Aside | None:
    """In the pane of a person who is somebody else."""
    if not relation.is_person or relation.seat_id == current().seat_id:
        return None
    return Aside("both", _("You both know"), f"{reverse('network:both')}?b={relation.id}&part=aside")


def register() -> None:
    """Fill the place in the pane."""
    register_aside(both_know)
