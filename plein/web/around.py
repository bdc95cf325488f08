# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the network puts on the pages of relations and in their lists; `panels.py` registers it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from plein.core.isolation import current
from plein.lists.kinds import extend_kind
from plein.network.listing import CONNECTS, KNOWN_BY, ONLY_KNOWN_BY
from plein.relations.listing import PEOPLE
from plein.relations.models import Relation
from plein.relations.slots import Aside, register_aside


def both_know(relation: Relation) -> Aside | None:
    """In the pane of a person who is somebody else."""
    if not relation.is_person or relation.seat_id == current().seat_id:
        return None
    return Aside("both", _("You both know"), f"{reverse('network:both')}?b={relation.id}&part=aside")


def in_the_network(relation: Relation) -> Aside | None:
    """In the pane of a person or an organization: what the last night found out about them."""
    return Aside("standing", _("In the network"), reverse("network:standing", args=[relation.id]))


def who_knows_them(relation: Relation) -> Aside | None:
    """In the pane of an organization: who of us knows the people there."""
    if relation.is_person:
        return None
    return Aside("knowers", _("Who of us knows them"), reverse("network:best_aside", args=[relation.id]))


def register() -> None:
    """Fill the places in the pane."""
    register_aside(both_know)
    register_aside(in_the_network)
    register_aside(who_knows_them)


def register_lists() -> None:
    """Let lists of people be asked who of us knows them, and who connects groups."""
    extend_kind(PEOPLE.key, fields=[KNOWN_BY, ONLY_KNOWN_BY, CONNECTS])
