# SPDX-License-Identifier: AGPL-3.0-or-later
"""What others ask of this domain: which fields there are, what stands in them, and how to ask for it in a filter."""

from plein.metadata.queries.catalog import Catalog, catalog, fields_of
from plein.metadata.queries.cells import Cells, cells_for, known_with_values, values_found, values_within
from plein.metadata.queries.conditions import condition, estimate, is_capped, operators_of, reach
from plein.metadata.queries.names import name_for_reader
from plein.metadata.queries.rows import values_from_row
from plein.metadata.queries.sorting import SortPlan, Stretch, sort_segments

__all__ = [
    "Catalog",
    "Cells",
    "SortPlan",
    "Stretch",
    "catalog",
    "cells_for",
    "condition",
    "estimate",
    "fields_of",
    "is_capped",
    "known_with_values",
    "name_for_reader",
    "operators_of",
    "reach",
    "sort_segments",
    "values_found",
    "values_from_row",
    "values_within",
]
