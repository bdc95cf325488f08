# SPDX-License-Identifier: AGPL-3.0-or-later
"""Generates the triggers that keep the cells of fields that are asked for in filters (ADR 0014).

A table declares `cells` beside the column in which it holds many values by the id of their field. Which fields have
cells says `metadata_index`; the trigger looks there, so that marking a field is all it takes. Because a trigger keeps
them, nothing forgets to: an edit, a bulk edit, an undo and a move to another circle all arrive.
"""

from collections.abc import Iterator

from plein.core.isolation.declaration import Cells
from plein.core.isolation.registry import GuardedTable

DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
#: How much of a text is compared; `plein_key` cuts there.
LONGEST = 200
#: Writers share this lock, and who begins to fill cells waits once for those that did not know of it yet.
LOCK = 7_351_001


def range_of(field: str) -> tuple[str, str]:
    """Between which two keys, the second not included, all cells of a field are; `field` is its id in hexadecimals."""
    return f"{field}:", f"{field};"


def each_of(type: str, value: str) -> str:
    """The value, or each of its several values, as rows `e (value)`."""
    return (
        f"jsonb_array_elements(CASE WHEN {type} = 'choices' THEN {value} ELSE jsonb_build_array({value}) END) e(value)"
    )


OF_FIELD = "c.key >= i.field_hex || ':' AND c.key < i.field_hex || ';'"
#: The fields that are asked for, each with its id as it stands in keys.
ASKED = "(SELECT x.*, replace(x.field_id::text, '-', '') AS field_hex FROM metadata_index x) i"


def _values(cells: Cells, source: str, changed: str = "") -> str:
    """The cells of the rows in `source` n, for the fields that are asked for."""
    return (
        f"INSERT INTO {cells.table} (workspace_id, circle_id, row_circle_id, {cells.record}, key, ref_id)\n"
        f"        SELECT n.workspace_id, n.circle_id, n.circle_id, n.{cells.record},\n"
        "               i.field_hex || ':' || plein_key(i.type, e.value),\n"
        "               CASE WHEN i.type = 'relation' THEN (e.value #>> '{}')::uuid END\n"
        f"          FROM {source} n\n"
        f"          JOIN {ASKED} ON i.workspace_id = n.workspace_id AND n.values ? i.field_id::text\n"
        f"         CROSS JOIN LATERAL {each_of('i.type', 'n.values -> i.field_id::text')}\n"
        f"{changed}"
    )


def _function(table: GuardedTable, cells: Cells) -> str:
    # Rows before and after are matched once, apart from everything else: in one join the planner learns from the
    # fields in which workspace the rows are, takes them for a handful, and compares each with every other.
    pairs = (
        f"WITH pairs AS MATERIALIZED (SELECT n.workspace_id, n.{cells.record}, n.circle_id, n.values,"
        f" o.{cells.record} AS old_record, o.circle_id AS old_circle, o.values AS old_values\n"
        "          FROM new_rows n JOIN old_rows o ON o.workspace_id = n.workspace_id AND o.id = n.id)"
    )
    same = (
        f"n.old_record = n.{cells.record} AND n.old_circle = n.circle_id"
        " AND (n.old_values -> i.field_id::text) IS NOT DISTINCT FROM (n.values -> i.field_id::text)"
    )
    return (
        f"CREATE OR REPLACE FUNCTION plein_cells_{table.name}() RETURNS trigger {DEFINER} AS $$\n"
        "BEGIN\n"
        f"    PERFORM pg_advisory_xact_lock_shared({LOCK},"
        " NULLIF(current_setting('plein.workspace', true), '')::integer);\n"
        "    IF TG_OP = 'DELETE' THEN\n"
        f"        DELETE FROM {cells.table} c USING old_rows o, {ASKED}"
        " WHERE i.workspace_id = o.workspace_id AND o.values ? i.field_id::text"
        f" AND c.workspace_id = o.workspace_id AND c.{cells.record} = o.{cells.record} AND {OF_FIELD};\n"
        "    ELSIF TG_OP = 'UPDATE' THEN\n"
        # Planned anew each time: a plan made for one row would compare every row with every other of thousands.
        f"        EXECUTE $sql$ {pairs} DELETE FROM {cells.table} c USING pairs n"
        f" JOIN {ASKED} ON i.workspace_id = n.workspace_id AND n.old_values ? i.field_id::text"
        f" WHERE c.workspace_id = n.workspace_id AND c.{cells.record} = n.old_record AND {OF_FIELD}"
        f" AND NOT ({same}) $sql$;\n"
        f"        EXECUTE $sql$ {pairs} {_values(cells, 'pairs', f'         WHERE NOT ({same})')} $sql$;\n"
        "    ELSE\n"
        f"        {_values(cells, 'new_rows')};\n"
        "    END IF;\n"
        "    RETURN NULL;\n"
        "END $$"
    )


def _filling(table: GuardedTable, cells: Cells) -> str:
    """Makes the cells of one field for the next rows after `behind`; returns the last of them, NULL at the end.

    The rows are held meanwhile, so that no edit slips in between reading a value and keeping its cell.
    """
    return (
        f"CREATE OR REPLACE FUNCTION plein_fill_{table.name}(field uuid, behind uuid, most integer) RETURNS uuid"
        f" {DEFINER} AS $$\n"
        f"DECLARE workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;\n"
        "        rows uuid[]; last uuid;\n"
        "BEGIN\n"
        "    SELECT array_agg(held.id), max(held.id::text)::uuid INTO rows, last FROM (\n"
        f"        SELECT v.id FROM {table.name} v WHERE v.workspace_id = workspace AND v.id > behind\n"
        "         ORDER BY v.id LIMIT most FOR NO KEY UPDATE) held;\n"
        "    IF last IS NULL THEN RETURN NULL; END IF;\n"
        f"    DELETE FROM {cells.table} c USING {table.name} v WHERE v.workspace_id = workspace AND v.id = ANY (rows)\n"
        f"       AND c.workspace_id = workspace AND c.{cells.record} = v.{cells.record}\n"
        "       AND c.key >= replace(field::text, '-', '') || ':' AND c.key < replace(field::text, '-', '') || ';';\n"
        f"    {_values(cells, table.name, '         WHERE n.workspace_id = workspace AND n.id = ANY (rows)')}\n"
        "           AND i.field_id = field;\n"
        "    RETURN last;\n"
        "END $$"
    )


def statements(table: GuardedTable) -> Iterator[str]:
    """The functions and triggers of one table whose values are kept in cells."""
    cells = table.isolation.cells
    if cells is None:
        return
    yield _function(table, cells)
    yield _filling(table, cells)
    for event, transition in (
        ("INSERT", "NEW TABLE AS new_rows"),
        ("UPDATE", "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
        ("DELETE", "OLD TABLE AS old_rows"),
    ):
        yield (
            f"CREATE OR REPLACE TRIGGER e_cells_{event.lower()} AFTER {event} ON {table.name} REFERENCING {transition}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION plein_cells_{table.name}()"
        )


def filling(cells: Cells, table: str) -> str:
    """One statement that makes the cells of a whole table at once, where they are missing."""
    missing = (
        f"         WHERE NOT EXISTS (SELECT FROM {cells.table} c WHERE c.workspace_id = n.workspace_id"
        f" AND c.{cells.record} = n.{cells.record} AND {OF_FIELD})"
    )
    return _values(cells, table, missing)


def callable_functions(tables: tuple[GuardedTable, ...]) -> Iterator[str]:
    """The generated functions that a job may call."""
    for table in tables:
        if table.isolation.cells is not None:
            yield f"plein_fill_{table.name}(uuid, uuid, integer)"


def keeper_functions(tables: tuple[GuardedTable, ...]) -> Iterator[str]:
    """The generated functions that must see every row of the workspace in force."""
    for table in tables:
        if table.isolation.cells is not None:
            yield f"plein_cells_{table.name}()"
    yield from callable_functions(tables)
