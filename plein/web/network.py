# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the network puts on the pages of others, and others on its own; `panels.py` registers it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from plein.asking.panel import ask_bar
from plein.network.slots import register_ask
from plein.relations.models import Relation
from plein.relations.slots import Aside, register_aside


def introductions_aside(relation: Relation) -> Aside | None:
    """In the pane of whom one may want to meet: whether one knows them, and else who leads there."""
    if relation.seat_id is not None or relation.is_ours or relation.do_not_contact:
        return None
    return Aside("introductions", _("Who can introduce me"), reverse("network:knowing", args=[relation.id]))


def register() -> None:
    """Fill the places that relations and the network keep open."""
    register_aside(introductions_aside)
    register_ask(ask_bar)
