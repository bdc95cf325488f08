# SPDX-License-Identifier: AGPL-3.0-or-later
"""Generates what makes one row of two: everything that pointed at one points at the other, hidden rows included.

Whoever merges does not see every row that points there. Were those left behind, they would go with the row that is
removed; so the keeper moves them, under the operation in force, and the history of each stays in its own circle.

Some of those rows keep no history, such as what a colleague follows. While two rows become one, and while that is
turned back, their changes are kept all the same, in a circle that nobody is in: the undo finds them, no reader does.
"""

from collections.abc import Iterator

from plein.core.isolation.registry import GuardedTable
from plein.core.isolation.triggers import DEFINER, OPERATION, changed_columns, changes_into

WORKSPACE = "NULLIF(current_setting('plein.workspace', true), '')::integer"
CIRCLES = "NULLIF(current_setting('plein.circles', true), '')::integer[]"
#: The circle that nobody is in.
NOBODY = "0"


def function_of(table: GuardedTable) -> str:
    """The name of the function that merges two rows of a table."""
    return f"plein_merge_{table.name}"


def statements(table: GuardedTable, tables: tuple[GuardedTable, ...]) -> Iterator[str]:
    """The function that merges, for a table whose rows can be merged, and the triggers for one that goes along."""
    if _goes_along(table, tables):
        yield from _keeping(table)
    if not table.isolation.is_merged:
        return
    made = _made_of_others(tables)
    moves = "".join(_move(child, table) for child in tables if child.name not in made)
    moves += "".join(_named(child) for child in tables)
    moves += "".join(_valued(child, table, tables) for child in tables)
    seen = f" AND circle_id = ANY ({CIRCLES})" if table.has_circle else ""
    apart = (
        f"    PERFORM plein_keep_apart(ARRAY[{OPERATION}], (SELECT circle_id FROM {table.name}"
        " WHERE workspace_id = workspace AND id = the_kept));\n"
        if table.has_circle
        else ""
    )
    yield f"DROP FUNCTION IF EXISTS {function_of(table)}(uuid, uuid)"
    yield (
        f"CREATE OR REPLACE FUNCTION {function_of(table)}(the_gone uuid, the_kept uuid) RETURNS void {DEFINER} AS $$\n"
        f"DECLARE workspace integer := {WORKSPACE};\n"
        "BEGIN\n"
        f"    IF (SELECT count(*) FROM {table.name}"
        f" WHERE workspace_id = workspace AND id IN (the_gone, the_kept){seen}) <> 2 THEN\n"
        "        RAISE EXCEPTION 'Two rows that are seen are needed to make one.' USING ERRCODE = 'PL002';\n"
        "    END IF;\n"
        "    PERFORM set_config('plein.keeping', 'on', true);\n"
        f"{moves}"
        f"    DELETE FROM {table.name} WHERE workspace_id = workspace AND id = the_gone;\n"
        "    PERFORM set_config('plein.keeping', '', true);\n"
        f"{apart}"
        "END $$"
    )


def _made_of_others(tables: tuple[GuardedTable, ...]) -> set[str]:
    """Tables that triggers make anew from other rows."""
    return {table.isolation.cells.table for table in tables if table.isolation.cells}


def _goes_along(table: GuardedTable, tables: tuple[GuardedTable, ...]) -> bool:
    """Whether rows of a table without history point at what can be merged."""
    if table.isolation.is_recorded or table.name in _made_of_others(tables):
        return False
    return any(table.columns_to(merged.name) for merged in tables if merged.isolation.is_merged)


def _move(child: GuardedTable, table: GuardedTable) -> str:
    """What pointed at the one that goes points at the one that is kept.

    What would say the same twice, or point at itself, goes.
    """
    columns = child.columns_to(table.name)
    found = ""
    if len(columns) > 1:
        both = " AND ".join(f"c.{column} IN (the_gone, the_kept)" for column in columns)
        found += f"    DELETE FROM {child.name} c WHERE c.workspace_id = workspace AND {both};\n"
    for column in columns:
        if column in child.once:
            found += _once(child, column)
        found += (
            f"    UPDATE {child.name} c SET {column} = the_kept"
            f" WHERE c.workspace_id = workspace AND c.{column} = the_gone;\n"
        )
    return found


def _once(child: GuardedTable, column: str) -> str:
    """Of rows that would be alike that of the kept one stays, completed with values by key that only the other has."""
    alike = "".join(f" AND o.{other} IS NOT DISTINCT FROM c.{other}" for other in child.once if other != column)
    pair = f"o.workspace_id = workspace AND o.{column} = the_kept{alike}"
    mapped = child.isolation.mapped
    completed = (
        f"    UPDATE {child.name} o SET {mapped} = c.{mapped} || o.{mapped} FROM {child.name} c\n"
        f"     WHERE {pair} AND c.workspace_id = workspace AND c.{column} = the_gone"
        f" AND c.{mapped} || o.{mapped} <> o.{mapped};\n"
        if mapped
        else ""
    )
    return (
        f"{completed}    DELETE FROM {child.name} c WHERE c.workspace_id = workspace AND c.{column} = the_gone\n"
        f"       AND EXISTS (SELECT FROM {child.name} o WHERE {pair});\n"
    )


def _named(child: GuardedTable) -> str:
    """Texts that name the one that goes name the one that is kept."""
    return "".join(
        f"    UPDATE {child.name} c SET {column} = replace(c.{column}, the_gone::text, the_kept::text)\n"
        f"     WHERE c.workspace_id = workspace AND c.{column} LIKE '%' || the_gone::text || '%';\n"
        for column in child.isolation.names
    )


def _valued(child: GuardedTable, table: GuardedTable, tables: tuple[GuardedTable, ...]) -> str:
    """Values by key that refer to the one that goes refer to the one that is kept."""
    cells = child.isolation.cells
    if cells is None or not any(
        one.target == table.name for known in tables if known.name == cells.table for one in known.loose
    ):
        return ""
    mapped = child.isolation.mapped
    return (
        "    IF EXISTS (SELECT FROM metadata_field f WHERE f.workspace_id = workspace AND f.type = 'relation') THEN\n"
        f"        UPDATE {child.name} c SET {mapped} = (SELECT jsonb_object_agg(e.key,"
        " CASE WHEN e.value = to_jsonb(the_gone::text) THEN to_jsonb(the_kept::text) ELSE e.value END)"
        f" FROM jsonb_each(c.{mapped}) e)\n"
        f"         WHERE c.workspace_id = workspace AND EXISTS (SELECT FROM jsonb_each(c.{mapped}) e"
        " WHERE e.value = to_jsonb(the_gone::text));\n"
        "    END IF;\n"
    )


def _keeping(table: GuardedTable) -> Iterator[str]:
    yield (
        f"CREATE OR REPLACE FUNCTION plein_keeping_{table.name}() RETURNS trigger {DEFINER} AS $$\n"
        f"DECLARE operation uuid := {OPERATION};\n"
        "BEGIN\n"
        "    IF operation IS NULL OR current_setting('plein.keeping', true) IS DISTINCT FROM 'on' THEN RETURN NULL;\n"
        "    ELSIF TG_OP = 'INSERT' THEN\n"
        f"        {changes_into(table, 'n', 'I', 'NULL', 'NULL', NOBODY)} FROM new_rows n;\n"
        "    ELSIF TG_OP = 'UPDATE' THEN\n"
        f"        EXECUTE $sql$ {changes_into(table, 'n', 'U', 'd.before', 'd.after', NOBODY)}"
        f"{changed_columns(table)} $sql$ USING operation;\n"
        "    ELSE\n"
        f"        {changes_into(table, 'o', 'D', 'to_jsonb(o)', 'NULL', NOBODY)} FROM old_rows o;\n"
        "    END IF;\n"
        "    RETURN NULL;\n"
        "END $$"
    )
    for event, transition in (
        ("INSERT", "NEW TABLE AS new_rows"),
        ("UPDATE", "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
        ("DELETE", "OLD TABLE AS old_rows"),
    ):
        yield (
            f"CREATE OR REPLACE TRIGGER g_keeping_{event.lower()} AFTER {event} ON {table.name}"
            f" REFERENCING {transition} FOR EACH STATEMENT EXECUTE FUNCTION plein_keeping_{table.name}()"
        )


def keeper_functions(tables: tuple[GuardedTable, ...]) -> Iterator[str]:
    """The generated functions that must see every row of the workspace in force."""
    for table in tables:
        if _goes_along(table, tables):
            yield f"plein_keeping_{table.name}()"
    yield from callable_functions(tables)


def callable_functions(tables: tuple[GuardedTable, ...]) -> Iterator[str]:
    """The generated functions that the application may call."""
    for table in tables:
        if table.isolation.is_merged:
            yield f"{function_of(table)}(uuid, uuid)"
