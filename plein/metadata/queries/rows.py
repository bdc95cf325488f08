# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Mapping
from typing import Any

from plein.core.finding.search import fold
from plein.metadata.queries.catalog import Catalog

PREFIX = "c."


def values_from_row(row: Mapping[str, Any], known: Catalog, kind: str) -> dict[str, Any]:
    """The raw values of a row of an import, by the key of their field: the columns that are fields and not empty.

    A column is called `c.key`, or as the field is: by its key or its name in Dutch or English.
    """
    by_name: dict[str, str] = {}
    for field in reversed(known.of(kind)):
        for name in (field.label_nl, field.label_en, field.key):
            if name:
                by_name[fold(name)] = field.key
    found: dict[str, Any] = {}
    for column, raw in row.items():
        name = str(column)
        key = name.removeprefix(PREFIX) if name.startswith(PREFIX) else by_name.get(fold(name.strip()))
        if key and raw not in (None, ""):
            found[key] = raw
    return found
