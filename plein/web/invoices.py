# SPDX-License-Identifier: AGPL-3.0-or-later
"""What documents put on the pages of relations; `panels.py` registers it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from plein.relations.models import Relation
from plein.relations.slots import Aside, register_aside


def invoices(relation: Relation) -> Aside | None:
    """In the pane of an organization: what they were sent and what we received from them."""
    if relation.is_person:
        return None
    return Aside("invoices", _("Invoices"), reverse("documents:bills", args=[relation.id]))


def register() -> None:
    """Fill the place in the pane."""
    register_aside(invoices)
