# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guards that every table has, generated from the registry as they are: policies, references, history, circles.

Each is tried with rows that the administrator plants past all triggers, so that a new table is tried without anybody
writing a test for it, and with plain SQL as the application's role, so that nothing but the database stands guard.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

import psycopg
from django.db import DatabaseError, connection, transaction

from plein.core.ids import new_id
from plein.core.isolation.registry import GuardedTable, guarded_tables
from plein.core.operations import operation
from plein.testing.cast import Cast
from plein.trust.seats import entered

NUMBERS = count(1000)
#: What a column without a default gets, by its type.
FILLINGS: dict[str, Callable[[], Any]] = {
    "uuid": uuid4,
    "text": lambda: f"x{uuid4().hex}",
    "character varying": lambda: "x",
    "integer": lambda: 1,
    "smallint": lambda: 1,
    "bigint": lambda: next(NUMBERS),
    "boolean": lambda: False,
    "time without time zone": lambda: "10:00",
    "date": lambda: "2026-05-01",
    "timestamp with time zone": lambda: "2026-05-01T10:00:00Z",
    "jsonb": lambda: "{}",
    "bytea": lambda: b"x",
    "ARRAY": lambda: "{}",
    "double precision": lambda: 1.0,
    "numeric": lambda: 1,
}
MUST_BE_GIVEN = (
    "SELECT column_name, CASE WHEN character_maximum_length >= 40 THEN 'text' ELSE data_type END"
    " FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO'"
    " AND column_default IS NULL AND is_identity = 'NO' AND is_generated = 'NEVER'"
)
#: Tables that are what circles and workspaces are made of; their own suites are in guards.py.
FOUNDATIONS = ("trust_workspace", "trust_seat", "trust_circle", "trust_circle_seat", "trust_team", "trust_team_member")
#: What the database says when somebody reaches beyond their rows, or writes without an operation.
NOT_YOURS, NO_OPERATION = "42501", "PL001"


@dataclass
class Ground:
    """Where rows are planted: as the administrator, past keys, references and triggers."""

    admin: psycopg.Connection
    cast: Cast
    everyone: int
    alone: int
    planted: set[str] = field(default_factory=set)

    def values_for(self, table: GuardedTable) -> dict[str, Any]:
        """What a row for everyone here needs."""
        rows = self.admin.execute(MUST_BE_GIVEN, [table.name]).fetchall()
        values = {name: FILLINGS[kind]() for name, kind in rows} | {"workspace_id": self.cast.here}
        return values | ({"circle_id": self.everyone} if table.has_circle else {})

    def plant(self, table: GuardedTable, **given: Any) -> Any:
        """The id of a new row."""
        values = self.values_for(table) | given
        with self.admin.transaction():
            self.admin.execute("SET LOCAL session_replication_role = replica")
            [made] = self.admin.execute(insertion(table, values), list(values.values())).fetchone() or [None]
        self.planted.add(table.name)
        return made

    def move(self, table: GuardedTable, id: Any, circle: int) -> None:
        """Put a row into a circle as the product would, with all triggers, but with nobody's eyes."""
        with self.admin.transaction():
            for name, value in (("operation", new_id()), ("workspace", self.cast.here)):
                self.admin.execute("SELECT set_config(%s, %s, true)", [f"plein.{name}", str(value)])
            self.admin.execute("SET CONSTRAINTS ALL DEFERRED")
            self.admin.execute(f"UPDATE {table.name} SET circle_id = %s WHERE id = %s", [circle, id])

    def circle_of(self, table: GuardedTable, id: Any) -> Any:
        [found] = self.admin.execute(f"SELECT circle_id FROM {table.name} WHERE id = %s", [id]).fetchone() or [None]
        return found

    def uproot(self) -> None:
        """Take all that was planted away again."""
        with self.admin.transaction():
            self.admin.execute("SET LOCAL session_replication_role = replica")
            for name in self.planted:
                self.admin.execute(f"DELETE FROM {name}")
        self.planted.clear()


type Suite = Callable[[Ground], None]


@dataclass(frozen=True)
class TableGuard:
    """One guard of one table, the statements that take it away and bring it back, and what then must fail."""

    name: str
    gone: str
    back: str
    suite: Suite


def insertion(table: GuardedTable, values: dict[str, Any]) -> str:
    names = ", ".join(f'"{name}"' for name in values)
    return f"INSERT INTO {table.name} ({names}) VALUES ({', '.join(['%s'] * len(values))}) RETURNING id"


def as_bob(ground: Ground, *statements: tuple[str, list[Any]], recorded: bool = True) -> tuple[str, list[Any]]:
    """What comes of statements that Bob's seat makes past our own code: the refusal, and the last row; all undone."""
    with entered(ground.cast.bob):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                with operation("change_circle") if recorded else transaction.atomic():
                    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
                    for statement, values in statements:
                        cursor.execute(statement, values)
                    row = list(cursor.fetchone() or ()) if cursor.description else [cursor.rowcount]
                transaction.set_rollback(True)
            return "", row
        except DatabaseError as refused:
            return getattr(refused.__cause__, "sqlstate", "") or "", []


def seen(ground: Ground, table: GuardedTable, id: Any) -> bool:
    _refusal, row = as_bob(ground, (f"SELECT count(*) FROM {table.name} WHERE id = %s", [id]))
    return row == [1]


def keeps_circles_apart(table: GuardedTable) -> Suite:
    def suite(ground: Ground) -> None:
        assert seen(ground, table, ground.plant(table)), "nothing is seen at all"
        assert not seen(ground, table, ground.plant(table, circle_id=ground.alone))

    return suite


def keeps_workspaces_apart(table: GuardedTable) -> Suite:
    def suite(ground: Ground) -> None:
        assert seen(ground, table, ground.plant(table)), "nothing is seen at all"
        assert not seen(ground, table, ground.plant(table, workspace_id=ground.cast.elsewhere))
        if table.name != "core_change":
            values = ground.values_for(table) | {"workspace_id": ground.cast.elsewhere}
            assert as_bob(ground, (insertion(table, values), list(values.values())))[0] == NOT_YOURS

    return suite


def counts_versions(table: GuardedTable) -> Suite:
    def suite(ground: Ground) -> None:
        id = ground.plant(table, version=1)
        change = f"UPDATE {table.name} SET workspace_id = workspace_id WHERE id = %s RETURNING version"
        assert as_bob(ground, (change, [id])) == ("", [2])

    return suite


def remembers(table: GuardedTable, event: str) -> Suite:
    """A write without an operation is refused, and one with it is kept."""

    def suite(ground: Ground) -> None:
        if event == "insert":
            values = ground.values_for(table) | {"id": uuid4()}
            write = (insertion(table, values), list(values.values()))
        else:
            values = {"id": ground.plant(table)}
            verb = "DELETE FROM" if event == "delete" else "UPDATE"
            what = "" if event == "delete" else " SET workspace_id = workspace_id"
            write = (f"{verb} {table.name}{what} WHERE id = %s", [values["id"]])
        assert as_bob(ground, write, recorded=False)[0] == NO_OPERATION
        assert as_bob(ground, write)[0] == ""

    return suite


def lives_where_its_parents_meet(table: GuardedTable, tables: dict[str, GuardedTable]) -> Suite:
    def suite(ground: Ground) -> None:
        for parent in table.parents:
            hidden = ground.plant(tables[parent.target], circle_id=ground.alone)
            child = ground.plant(table, **{parent.column: hidden})
            ground.move(table, child, ground.everyone)
            assert ground.circle_of(table, child) == ground.alone, parent

    return suite


def takes_its_parts_along(table: GuardedTable, tables: dict[str, GuardedTable]) -> Suite:
    def suite(ground: Ground) -> None:
        for child in tables.values():
            for reference in child.parents:
                if reference.target == table.name:
                    whole = ground.plant(table)
                    part = ground.plant(child, **{reference.column: whole})
                    ground.move(table, whole, ground.alone)
                    assert ground.circle_of(child, part) == ground.alone, child.name

    return suite


def refers_within(table: GuardedTable, column: str, target: GuardedTable, constraint: str) -> Suite:
    """A row of another workspace can be named by nothing here, not even by who knows its id."""

    def suite(ground: Ground) -> None:
        foreign = ground.plant(target, workspace_id=ground.cast.elsewhere)
        values = ground.values_for(table) | {column: foreign}
        refusal, _row = as_bob(
            ground,
            (insertion(table, values), list(values.values())),
            (f'SET CONSTRAINTS "{constraint}" IMMEDIATE', []),
        )
        assert refusal == "23503", refusal

    return suite


def policy_guards(admin: psycopg.Connection, table: GuardedTable) -> Iterator[TableGuard]:
    for policy, suite in (("workspace", keeps_workspaces_apart(table)), ("seen", keeps_circles_apart(table))):
        if policy == "seen" and not table.has_circle:
            continue
        asked = "SELECT qual, with_check FROM pg_policies WHERE tablename = %s AND policyname = %s"
        [using, check] = admin.execute(asked, [table.name, policy]).fetchone() or ["", ""]
        alter = f"ALTER POLICY {policy} ON {table.name}"
        yield TableGuard(
            f"{table.name}: {policy}",
            f"{alter} USING (true) WITH CHECK (true)",
            f"{alter} USING ({using}) WITH CHECK ({check})",
            suite,
        )


def trigger_guards(table: GuardedTable, tables: dict[str, GuardedTable]) -> Iterator[TableGuard]:
    suites: dict[str, Suite] = {}
    if table.is_versioned:
        suites["b_version"] = counts_versions(table)
    if table.isolation.is_recorded:
        events = ("insert",) if table.isolation.is_appended else ("insert", "update", "delete")
        suites |= {f"d_history_{event}": remembers(table, event) for event in events}
    if table.parents:
        suites["a_circle"] = lives_where_its_parents_meet(table, tables)
    if table.has_circle and any(one.target == table.name for child in tables.values() for one in child.parents):
        suites["c_follow"] = takes_its_parts_along(table, tables)
    for trigger, suite in suites.items():
        alter = f"ALTER TABLE {table.name} {{}} TRIGGER {trigger}"
        yield TableGuard(f"{table.name}: {trigger}", alter.format("DISABLE"), alter.format("ENABLE"), suite)


def reference_guards(table: GuardedTable, tables: dict[str, GuardedTable]) -> Iterator[TableGuard]:
    for reference in table.references:
        # Cells are made by triggers of their values, which stand guard before them.
        if reference.target not in tables or table.name.endswith("_cell"):
            continue
        constraint = f"{table.name}_{reference.column}_ref"[:63]
        alter = f"ALTER TABLE {table.name}"
        whole = (
            f"FOREIGN KEY (workspace_id, {reference.column}) REFERENCES {reference.target} (workspace_id, id)"
            f" ON DELETE {reference.gone} DEFERRABLE NOT VALID"
        )
        yield TableGuard(
            f"{table.name}: {reference.column}",
            f"{alter} DROP CONSTRAINT {constraint}",
            f"{alter} ADD CONSTRAINT {constraint} {whole}",
            refers_within(table, reference.column, tables[reference.target], constraint),
        )


def table_guards(admin: psycopg.Connection) -> list[TableGuard]:
    """All of them, for all tables but those that circles are made of."""
    tables = {table.name: table for table in guarded_tables() if table.name not in FOUNDATIONS}
    return [
        guard
        for table in tables.values()
        for guards in (policy_guards(admin, table), trigger_guards(table, tables), reference_guards(table, tables))
        for guard in guards
    ]
