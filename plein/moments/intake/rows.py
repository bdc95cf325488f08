# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes many rows in one round trip: by arrays, because COPY does not work under row-level security."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection, models

from plein.core.isolation import workspace_id


@cache
def _statement(model: type[models.Model], columns: tuple[str, ...], constants: tuple[str, ...]) -> str:
    fields = {field.column: field for field in model._meta.concrete_fields}
    types = [(fields[column].db_type(connection) or "text").partition("(")[0] for column in columns]
    names = ", ".join(connection.ops.quote_name(column) for column in (*columns, *constants))
    arrays = ", ".join(f"%s::{kind}[]" for kind in types)
    values = ", ".join([f"r.c{place}" for place in range(len(columns))] + ["%s"] * len(constants))
    aliases = ", ".join(f"c{place}" for place in range(len(columns)))
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM unnest({arrays}) AS r ({aliases})"


def insert_rows(
    model: type[models.Model],
    columns: tuple[str, ...],
    rows: Sequence[Sequence[Any]],
    constants: Mapping[str, Any] | None = None,
) -> None:
    """Insert rows given by column; `constants` are columns with one value for all; the others get their defaults.

    The workspace is that in force.
    """
    if not rows:
        return
    fixed = {"workspace_id": workspace_id(), **(constants or {})}
    for field in model._meta.concrete_fields:
        if field.column and field.column not in fixed and field.column not in columns:
            fixed[field.column] = field.get_db_prep_save(field.get_default(), connection)
    statement = _statement(model, columns, tuple(fixed))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*fixed.values(), *(list(column) for column in zip(*rows, strict=True))])


def fetch(statement: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
