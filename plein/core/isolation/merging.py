# SPDX-License-Identifier: AGPL-3.0-or-later
"""Generates what makes one row of two: everything that pointed at one points at the other, hidden rows included.

Whoever merges does not see every row that points there. Were those left behind, they would go with the row that is
deleted; so the keeper moves them, under the operation in force, and the history of each stays in its own circle.
"""

from collections.abc import Iterator

from plein.core.isolation.registry import GuardedTable

DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
WORKSPACE = "NULLIF(current_setting('plein.workspace', true), '')::integer"


def function_of(table: GuardedTable) -> str:
    """The name of the function that merges two rows of a table."""
    return f"plein_merge_{table.name}"


def statements(table: GuardedTable, tables: tuple[GuardedTable, ...]) -> Iterator[str]:
    """The function that merges, for a table whose rows can be merged."""
    if not table.isolation.is_merged:
        return
    moves = "".join(_move(child, table) for child in tables)
    yield (
        f"CREATE OR REPLACE FUNCTION {function_of(table)}(source uuid, target uuid) RETURNS void {DEFINER} AS $$\n"
        f"DECLARE place integer := {WORKSPACE};\n"
        f"BEGIN\n{moves}END $$"
    )


def _move(child: GuardedTable, table: GuardedTable) -> str:
    """What pointed at the source points at the target, unless the same thing points there already."""
    found = ""
    loose = [parent for parent in child.parents if parent.column not in {one.column for one in child.references}]
    for reference in (*child.references, *loose):
        if reference.target != table.name:
            continue
        same = " AND ".join(f"o.{parent.column} = c.{parent.column}" for parent in child.parents) or "false"
        column = reference.column
        found += (
            f"    UPDATE {child.name} c SET {column} = target WHERE c.workspace_id = place AND c.{column} = source\n"
            f"       AND NOT EXISTS (SELECT FROM {child.name} o WHERE o.workspace_id = place"
            f" AND o.{column} = target AND {same});\n"
        )
    return found


def keeper_functions(tables: tuple[GuardedTable, ...]) -> Iterator[str]:
    """The generated functions, each of which the application may call."""
    for table in tables:
        if table.isolation.is_merged:
            yield f"{function_of(table)}(uuid, uuid)"
