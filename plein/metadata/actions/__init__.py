# SPDX-License-Identifier: AGPL-3.0-or-later
"""The writes of this domain: values, and the fields themselves."""

from plein.metadata.actions.fields import (
    add_field,
    add_group,
    bring_field_back,
    change_field,
    change_group,
    move_field,
    move_group,
    remove_group,
    retire_field,
)
from plein.metadata.actions.indexing import ensure_indexed, fill_cells
from plein.metadata.actions.values import set_value_of_many, set_values

__all__ = [
    "add_field",
    "add_group",
    "bring_field_back",
    "change_field",
    "change_group",
    "ensure_indexed",
    "fill_cells",
    "move_field",
    "move_group",
    "remove_group",
    "retire_field",
    "set_value_of_many",
    "set_values",
]
