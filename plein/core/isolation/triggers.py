# SPDX-License-Identifier: AGPL-3.0-or-later
"""Generates the triggers of a guarded table: versions, circles that follow their parents, history, search.

History is kept by statement-level triggers with transition tables: the same rows, before and after, as a row-level
trigger would keep, at a fraction of its cost when thousands of rows change at once.
"""

from collections.abc import Iterable, Iterator

from plein.core.isolation.registry import GuardedTable, Reference

DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
OPERATION = "NULLIF(current_setting('plein.operation', true), '')::uuid"
SEAT = "NULLIF(current_setting('plein.seat', true), '')::uuid"
#: Columns that the database itself keeps, so that their change says nothing.
KEPT = ("version", "updated_at")


def _trigger(table: str, name: str, timing: str, function: str, transition: str = "", each: str = "STATEMENT") -> str:
    what = f"{timing} ON {table} {transition} FOR EACH {each}"
    return f"CREATE OR REPLACE TRIGGER {name} {what} EXECUTE FUNCTION {function}()"


def _circle_functions(table: GuardedTable) -> Iterator[str]:
    """A row between parents lives in the meeting of their circles, and in its own circle when it has one."""
    lookups = "".join(
        f"    IF NEW.{parent.column} IS NOT NULL THEN\n"
        f"        SELECT circle_id INTO one FROM {parent.target}"
        f" WHERE workspace_id = NEW.workspace_id AND id = NEW.{parent.column};\n"
        "        IF one IS NOT NULL THEN wanted := wanted || one; END IF;\n"
        "    END IF;\n"
        for parent in table.parents
    )
    own = table.isolation.own_circle
    if own:
        lookups += f"    IF NEW.{own} IS NOT NULL THEN wanted := wanted || NEW.{own}; END IF;\n"
    yield (
        f"CREATE OR REPLACE FUNCTION plein_circle_{table.name}() RETURNS trigger {DEFINER} AS $$\n"
        "DECLARE wanted integer[] := '{}'; one integer;\n"
        "BEGIN\n"
        f"{lookups}"
        "    IF cardinality(wanted) = 0 THEN RETURN NEW; END IF;\n"
        "    IF wanted[1] = ALL (wanted) THEN NEW.circle_id := wanted[1];\n"
        "    ELSE NEW.circle_id := plein_meet(NEW.workspace_id, wanted); END IF;\n"
        "    RETURN NEW;\n"
        "END $$"
    )
    columns = ", ".join(["circle_id", *([own] if own else []), *(parent.column for parent in table.parents)])
    yield _trigger(
        table.name, "a_circle", f"BEFORE INSERT OR UPDATE OF {columns}", f"plein_circle_{table.name}", each="ROW"
    )


def _moved_along(child: GuardedTable, reference: Reference) -> str:
    """The rows of a child whose circle becomes another one because that of this parent did.

    A row that is where the parent goes is within the circles of its other parents already, and stays. When the parent
    is for everyone from now on, a row stays whose circle is that of another parent or the one chosen for itself.
    """
    kept = [
        f"EXISTS (SELECT FROM {other.target} p WHERE p.workspace_id = c.workspace_id AND p.id = c.{other.column}"
        " AND p.circle_id = c.circle_id)"
        for other in child.parents
        if other.column != reference.column
    ]
    if child.isolation.own_circle:
        kept.append(f"c.{child.isolation.own_circle} IS NOT DISTINCT FROM c.circle_id")
    held = f" AND NOT (m.is_open AND ({' OR '.join(kept)}))" if kept else ""
    return (
        f"    UPDATE {child.name} c SET circle_id = c.circle_id FROM (SELECT n.workspace_id, n.id, n.circle_id,"
        " EXISTS (SELECT FROM trust_circle e WHERE e.workspace_id = n.workspace_id AND e.id = n.circle_id"
        " AND e.kind = 'everyone') AS is_open FROM new_rows n JOIN old_rows o ON o.workspace_id = n.workspace_id"
        " AND o.id = n.id WHERE o.circle_id <> n.circle_id) m"
        f" WHERE c.workspace_id = m.workspace_id AND c.{reference.column} = m.id"
        f" AND c.circle_id <> m.circle_id{held};\n"
    )


def _follow(parent: GuardedTable, tables: Iterable[GuardedTable]) -> Iterator[str]:
    """When a record moves to another circle, what belongs to it moves along in the same transaction."""
    children = [
        (child, reference) for child in tables for reference in child.parents if reference.target == parent.name
    ]
    if not children:
        return
    updates = "".join(_moved_along(child, reference) for child, reference in children)
    yield (
        f"CREATE OR REPLACE FUNCTION plein_follow_{parent.name}() RETURNS trigger {DEFINER} AS $$\n"
        "DECLARE moves boolean;\n"
        "BEGIN\n"
        # Hashed, not joined: looking for the first pair, the database would compare each row with every other.
        "    EXECUTE $sql$ SELECT EXISTS (SELECT workspace_id, id, circle_id FROM new_rows"
        " EXCEPT SELECT workspace_id, id, circle_id FROM old_rows) $sql$ INTO moves;\n"
        "    IF NOT moves THEN RETURN NULL; END IF;\n"
        f"{updates}"
        "    RETURN NULL;\n"
        "END $$"
    )
    yield _trigger(
        parent.name,
        "c_follow",
        "AFTER UPDATE",
        f"plein_follow_{parent.name}",
        "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    )


def changes_into(table: GuardedTable, row: str, kind: str, before: str, after: str, circle: str = "") -> str:
    """The beginning of a statement that writes history: `row` is where the changed rows come from."""
    circle = circle or (f"{row}.circle_id" if table.has_circle else "NULL::integer")
    operation = "$1" if kind == "U" else "operation"
    return (
        "INSERT INTO core_change (workspace_id, circle_id, operation_id, seat_id, table_name, kind, row_id, about_id,"
        f" before, after, at) SELECT {row}.workspace_id, {circle}, {operation}, {SEAT}, '{table.name}', '{kind}',"
        f" {row}.id, {row}.{table.about_column}, {before}, {after}, now()"
    )


def _removed_history(table: GuardedTable, tables: Iterable[GuardedTable]) -> str:
    """What is known of parts that are gone is for nobody who does not see what they were parts of.

    Parts that are there still moved before, and are in its circle or a narrower one: for them this says nothing new.
    Neither is the past of a row that became one with it, and is gone.
    """
    narrower = (
        "            UPDATE core_change h"
        " SET circle_id = plein_meet(h.workspace_id, ARRAY[h.circle_id, moved.circle_id])"
        " WHERE h.workspace_id = moved.workspace_id AND h.circle_id <> moved.circle_id AND "
    )
    told = [f"{narrower}h.about_id = ANY (moved.ids) AND h.row_id <> ALL (moved.ids);\n"]
    told += [
        f"{narrower}h.row_id IN (SELECT d.row_id FROM core_change d WHERE d.workspace_id = moved.workspace_id"
        f" AND d.kind = 'D' AND d.table_name = '{child.name}'"
        f" AND (d.before ->> '{reference.column}')::uuid = ANY (moved.ids));\n"
        for child in tables
        for reference in child.parents
        if child.isolation.is_recorded and reference.target == table.name and reference.column != child.about_column
    ]
    told += [
        f"{narrower}h.about_id IN (SELECT f.{child.isolation.former} FROM {child.name} f"
        f" WHERE f.workspace_id = moved.workspace_id AND f.{reference.column} = ANY (moved.ids));\n"
        for child in tables
        for reference in child.parents
        if child.isolation.former and reference.target == table.name
    ]
    return "".join(told)


def _moved_history(table: GuardedTable, tables: Iterable[GuardedTable]) -> str:
    """What is known of a record's past moves with it to its new circle.

    Without a join: for a workspace that is younger than its statistics, the database would expect one row of history
    and compare all there are with every row of the edit.
    """
    if not table.has_circle:
        return ""
    return (
        "        FOR moved IN EXECUTE $sql$ SELECT n.workspace_id, n.circle_id, array_agg(n.id) AS ids FROM new_rows n"
        " JOIN old_rows o ON o.workspace_id = n.workspace_id AND o.id = n.id WHERE o.circle_id <> n.circle_id"
        " GROUP BY 1, 2 $sql$ LOOP\n"
        "            UPDATE core_change h SET circle_id = moved.circle_id"
        " WHERE h.workspace_id = moved.workspace_id AND h.row_id = ANY (moved.ids);\n"
        f"{_removed_history(table, tables)}"
        "        END LOOP;\n"
    )


def changed_columns(table: GuardedTable) -> str:
    """The end of it, for an update: which columns changed, before and after.

    That a row followed what it belongs to into another circle is no change of its own: it follows back when that one
    does. Of what moves by thousands this keeps one line instead of dozens, and no row is taken apart for it.
    """
    silent = ", ".join(f"'{column}'" for column in (*KEPT, *table.isolation.unrecorded))
    apart, moved = "", ""
    if table.has_circle:
        placed = (*(parent.column for parent in table.parents), *filter(None, (table.isolation.own_circle,)))
        alone = "".join(f" AND n.{column} IS NULL" for column in placed)
        moved = (
            "SELECT jsonb_build_object('circle_id', r.was -> 'circle_id') AS before,"
            " jsonb_build_object('circle_id', r.is -> 'circle_id') AS after"
            f" WHERE r.was - 'circle_id' = r.is - 'circle_id'{alone} UNION ALL "
        )
        apart = " AND r.was - 'circle_id' <> r.is - 'circle_id'"
    return (
        " FROM new_rows n JOIN old_rows o ON o.workspace_id = n.workspace_id AND o.id = n.id"
        f" CROSS JOIN LATERAL (SELECT to_jsonb(o) - ARRAY[{silent}] AS was, to_jsonb(n) - ARRAY[{silent}] AS is) r"
        f" CROSS JOIN LATERAL ({moved}SELECT jsonb_object_agg(b.key, b.value) AS before,"
        " jsonb_object_agg(a.key, a.value) AS after FROM jsonb_each(r.was) b JOIN jsonb_each(r.is) a ON a.key = b.key"
        f" WHERE a.value IS DISTINCT FROM b.value{apart}) d WHERE r.was <> r.is AND d.before IS NOT NULL"
    )


def _touched(table: GuardedTable) -> str:
    """Of columns whose changes are not worth keeping, a change needs no operation; one that changes nothing does."""
    if not table.isolation.unrecorded:
        return ""
    silent = ", ".join(f"'{column}'" for column in table.isolation.unrecorded)
    return (
        "        ELSIF TG_OP = 'UPDATE' THEN touched := EXISTS (SELECT FROM new_rows n JOIN old_rows o"
        " ON o.workspace_id = n.workspace_id AND o.id = n.id"
        f" WHERE to_jsonb(o) - ARRAY[{silent}] <> to_jsonb(n) - ARRAY[{silent}] OR to_jsonb(o) = to_jsonb(n));\n"
    )


def _history_function(table: GuardedTable, tables: Iterable[GuardedTable]) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION plein_history_{table.name}() RETURNS trigger {DEFINER} AS $$\n"
        f"DECLARE operation uuid := {OPERATION}; touched boolean; moved record;\n"
        "BEGIN\n"
        "    IF operation IS NULL THEN\n"
        "        IF TG_OP = 'INSERT' THEN touched := EXISTS (SELECT FROM new_rows);\n"
        f"{_touched(table)}"
        "        ELSE touched := EXISTS (SELECT FROM old_rows); END IF;\n"
        "        IF NOT touched THEN RETURN NULL; END IF;\n"
        f"        RAISE EXCEPTION 'A write to {table.name} needs an operation.' USING ERRCODE = 'PL001';\n"
        "    END IF;\n"
        "    IF TG_OP = 'INSERT' THEN\n"
        f"        {changes_into(table, 'n', 'I', 'NULL', 'NULL')} FROM new_rows n;\n"
        "    ELSIF TG_OP = 'UPDATE' THEN\n"
        f"{_moved_history(table, tables)}"
        # Planned anew each time: a plan made for one row would compare every row with every other of thousands.
        f"        EXECUTE $sql$ {changes_into(table, 'n', 'U', 'd.before', 'd.after')}{changed_columns(table)} $sql$"
        " USING operation;\n"
        "    ELSE\n"
        f"        {changes_into(table, 'o', 'D', 'to_jsonb(o)', 'NULL')} FROM old_rows o;\n"
        "    END IF;\n"
        "    RETURN NULL;\n"
        "END $$"
    )


def _history(table: GuardedTable, tables: Iterable[GuardedTable]) -> Iterator[str]:
    yield _history_function(table, tables)
    for event, transition in (
        ("INSERT", "NEW TABLE AS new_rows"),
        ("UPDATE", "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
        ("DELETE", "OLD TABLE AS old_rows"),
    ):
        yield _trigger(
            table.name,
            f"d_history_{event.lower()}",
            f"AFTER {event}",
            f"plein_history_{table.name}",
            f"REFERENCING {transition}",
        )


def _wake(table: GuardedTable) -> Iterator[str]:
    """Open pages hear that something concerns their seat; the message holds ids only, what it was they look up."""
    for event, woken in (
        ("INSERT", "NEW TABLE AS woken"),
        ("UPDATE", "NEW TABLE AS woken"),
        ("DELETE", "OLD TABLE AS woken"),
    ):
        what = f"AFTER {event} ON {table.name} REFERENCING {woken} FOR EACH STATEMENT"
        call = f"EXECUTE FUNCTION plein_wake('{table.isolation.wakes}')"
        yield f"CREATE OR REPLACE TRIGGER f_wake_{event.lower()} {what} {call}"


def statements(table: GuardedTable, tables: tuple[GuardedTable, ...]) -> Iterator[str]:
    """Functions and triggers of one table."""
    if table.parents or table.isolation.own_circle:
        yield from _circle_functions(table)
    if table.is_versioned:
        yield _trigger(table.name, "b_version", "BEFORE UPDATE", "plein_count_version", each="ROW")
    if table.has_circle:
        yield from _follow(table, tables)
    if table.isolation.is_recorded:
        yield from _history(table, tables)
    if table.isolation.wakes:
        yield from _wake(table)


def keeper_functions(tables: tuple[GuardedTable, ...]) -> Iterator[str]:
    """The generated functions that must see every row of the workspace in force."""
    for table in tables:
        if table.parents or table.isolation.own_circle:
            yield f"plein_circle_{table.name}()"
        if table.has_circle and any(r.target == table.name for child in tables for r in child.parents):
            yield f"plein_follow_{table.name}()"
        if table.isolation.is_recorded:
            yield f"plein_history_{table.name}()"
