# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one domain puts on the pages of another: the one list of it."""

from typing import cast

from django.utils.translation import gettext_lazy as _

from plein.moments.panel import last_contact_cells, relation_panel
from plein.relations.slots import Column, register_column, register_panel

COLUMNS = (Column("last_contact", cast(str, _("Last contact")), last_contact_cells, "keep"),)
PANELS = (relation_panel,)


def register() -> None:
    """Fill the places that relations keeps open."""
    for column in COLUMNS:
        register_column(column)
    for panel in PANELS:
        register_panel(panel)
