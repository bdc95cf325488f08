# SPDX-License-Identifier: AGPL-3.0-or-later
"""Generates the protection of every guarded table from the registry: keys, row-level security, rights, triggers.

It is applied by the owner after migrations, in one transaction, and may be applied again at any time. The roles:
`plein_app` connects and sees what the context may see; `plein_finder` looks for ids; `plein_keeper` owns the few
functions that must see every row of the workspace in force: circles that follow their parents, history, undo, search.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from django.apps import AppConfig, apps
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from plein.core.isolation import cells, merging, search, triggers
from plein.core.isolation.registry import UNGUARDED, UNGUARDED_PREFIXES, GuardedTable, guarded_tables

APP, FINDER, KEEPER = "plein_app", "plein_finder", "plein_keeper"
WORKSPACE = "NULLIF(current_setting('plein.workspace', true), '')::integer"
CIRCLES = "NULLIF(current_setting('plein.circles', true), '')::integer[]"
USER = "NULLIF(current_setting('plein.user', true), '')::uuid"
SQL = Path(__file__).parent / "sql"
#: Functions of the keeper that only its other functions call.
INNER_FUNCTIONS = (
    "plein_keep_apart(uuid[], integer)",
    "plein_part(uuid, uuid, integer)",
    "plein_page_opened(text)",
    "plein_page_left()",
    "plein_page_subjects(integer, uuid, uuid)",
    "plein_page_came(integer, uuid, integer, uuid)",
)
#: Functions that see every row of the workspace in force: they belong to the keeper.
KEEPER_FUNCTIONS = (
    "plein_gather_statistics()",
    "plein_meet(integer, integer[])",
    "plein_plan_undo(uuid, uuid[])",
    "plein_conflicts(uuid)",
    "plein_outlook(uuid)",
    "plein_undo(uuid, uuid, boolean, uuid[])",
    "plein_page_read(text)",
    "plein_page_decide(text, uuid, text, text, text)",
    "plein_page_ask(text, text, text, text)",
    "plein_page_readers(uuid)",
    "plein_audit_head()",
    "plein_audit_append(jsonb, text, uuid)",
    "plein_audit_keep(uuid, bigint, bytea, text, bytea)",
    "plein_audit_shorten(uuid, bigint, bytea, text, bytea)",
)

#: The two tables that are read before the workspace is known have another workspace condition.
WORKSPACE_CONDITIONS = {
    "trust_workspace": f"id = {WORKSPACE}",
    "trust_seat": f"workspace_id = {WORKSPACE} OR user_id = {USER}",
}
#: One's own seats elsewhere can be seen, to choose where to go; no seat is made or changed from outside.
WRITTEN_INTO = {"trust_seat": f"workspace_id = {WORKSPACE}"}


def _policies(table: GuardedTable) -> Iterator[str]:
    name = table.name
    usual = f"workspace_id = coalesce({WORKSPACE}, 0)" if table.isolation.is_log else f"workspace_id = {WORKSPACE}"
    condition = WORKSPACE_CONDITIONS.get(name, usual)
    seen = f"circle_id = ANY ({CIRCLES})" if table.has_circle else "true"
    if table.isolation.is_circle_optional:
        seen = f"circle_id IS NULL OR {seen}"
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
    for policy in ("workspace", "seen", "finder", "keeper"):
        yield f"DROP POLICY IF EXISTS {policy} ON {name}"
    # The finder has none: a condition that is checked first would keep it from using text and trigram indexes.
    bound = f"USING ({condition}) WITH CHECK ({WRITTEN_INTO.get(name, condition)})"
    yield f"CREATE POLICY workspace ON {name} AS RESTRICTIVE TO {APP}, {KEEPER} {bound}"
    yield f"CREATE POLICY seen ON {name} TO {APP} USING ({seen}) WITH CHECK ({seen})"
    yield f"CREATE POLICY keeper ON {name} TO {KEEPER} USING (true) WITH CHECK (true)"
    if table.isolation.is_found:
        yield f"CREATE POLICY finder ON {name} FOR SELECT TO {FINDER} USING (true)"


def _rights(table: GuardedTable) -> Iterator[str]:
    name = table.name
    yield f"REVOKE ALL ON {name} FROM PUBLIC, {APP}, {FINDER}, {KEEPER}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE, MAINTAIN ON {name} TO {KEEPER}"
    if name == "core_change" or table.isolation.is_log:
        yield f"GRANT SELECT ON {name} TO {APP}"
    elif table.isolation.is_appended:
        yield f"GRANT SELECT, INSERT ON {name} TO {APP}"
        if table.isolation.redacted:
            yield f"GRANT UPDATE ({', '.join(table.isolation.redacted)}) ON {name} TO {APP}"
    else:
        yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {APP}"
    if table.isolation.is_found:
        yield f"GRANT SELECT ON {name} TO {FINDER}"


def _keys(table: GuardedTable) -> Iterator[str]:
    """The workspace leads every key, so that a table can be partitioned or distributed by it.

    Row-level security is not forced on the owner meanwhile: to check a new reference the owner must see the rows.
    """
    name = table.name
    yield f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY"
    if name != "trust_workspace":
        yield (
            f"DO $$ BEGIN IF (SELECT array_length(conkey, 1) FROM pg_constraint WHERE conrelid = '{name}'::regclass"
            f" AND contype = 'p') = 1 THEN ALTER TABLE {name} DROP CONSTRAINT {name}_pkey CASCADE,"
            f" ADD CONSTRAINT {name}_pkey PRIMARY KEY (workspace_id, id); END IF; END $$"
        )


def _constraint(name: str, constraint: str, definition: str) -> str:
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = '{name}'::regclass"
        f" AND conname = '{constraint}') THEN ALTER TABLE {name} ADD CONSTRAINT {constraint} {definition};"
        " END IF; END $$"
    )


def _references(table: GuardedTable) -> Iterator[str]:
    name = table.name
    for reference in table.references:
        yield _constraint(
            name,
            f"{name}_{reference.column}_ref"[:63],
            f"FOREIGN KEY (workspace_id, {reference.column}) REFERENCES {reference.target} (workspace_id, id)"
            f" ON DELETE {reference.gone} DEFERRABLE",
        )
    if name == "trust_workspace" or table.isolation.is_log:
        return
    yield _constraint(
        name,
        f"{name}_workspace_ref",
        "FOREIGN KEY (workspace_id) REFERENCES trust_workspace (id) ON DELETE CASCADE DEFERRABLE",
    )
    if table.has_circle and name != "core_change":
        gone = " ON DELETE CASCADE" if table.isolation.ends_with_circle else ""
        yield _constraint(
            name,
            f"{name}_circle_ref",
            f"FOREIGN KEY (workspace_id, circle_id) REFERENCES trust_circle (workspace_id, id){gone} DEFERRABLE",
        )


def _keeping_apps() -> Iterator[AppConfig]:
    """Domains with functions of the keeper of their own: `keeper_sql`, `keeper_functions` and `inner_functions`."""
    return (app for app in apps.get_app_configs() if hasattr(app, "keeper_sql"))


def _unguarded(connection: BaseDatabaseWrapper) -> Iterator[str]:
    present = connection.introspection.table_names()
    for name in present:
        if name in UNGUARDED or name.startswith(UNGUARDED_PREFIXES):
            yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {APP}"
    yield f"REVOKE ALL ON django_migrations, core_protection FROM {APP}"
    yield f"GRANT SELECT ON django_migrations, core_protection TO {APP}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP}, {KEEPER}"
    for function in (
        *KEEPER_FUNCTIONS,
        *merging.callable_functions(guarded_tables()),
        *cells.callable_functions(guarded_tables()),
        *(function for app in _keeping_apps() for function in app.keeper_functions),  # type: ignore[attr-defined]
    ):
        yield f"GRANT EXECUTE ON FUNCTION {function} TO {APP}"
    yield f"GRANT USAGE ON SCHEMA public TO {APP}, {FINDER}, {KEEPER}"


def _statistics(tables: tuple[GuardedTable, ...]) -> str:
    """After a load or an import the planner must know at once what there is now; autovacuum takes a minute."""
    analyses = " ".join(f"ANALYZE {table.name};" for table in tables)
    return (
        "CREATE OR REPLACE FUNCTION plein_gather_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER"
        f" SET search_path = public, pg_temp AS $$ BEGIN {analyses} END $$"
    )


def statements() -> Iterator[str]:
    """All statements of the protection, in order."""
    tables = guarded_tables()
    yield f"GRANT USAGE, CREATE ON SCHEMA public TO {KEEPER}"
    yield (f"DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO {KEEPER}', current_database()); END $$")
    yield (SQL / "functions.sql").read_text()
    yield (SQL / "live.sql").read_text()
    yield (SQL / "audit.sql").read_text()
    yield (SQL / "my_page.sql").read_text()
    parents_first = "ARRAY[" + ", ".join(f"'{table.name}'" for table in tables) + "]"
    mapped = json.dumps({table.name: table.isolation.mapped for table in tables if table.isolation.mapped})
    outlasting = "ARRAY[" + ", ".join(f"'{table.name}'" for table in tables if table.isolation.outlasts) + "]::text[]"
    undo = (SQL / "undo.sql").read_text().replace("{parents_first}", parents_first).replace("{mapped}", mapped)
    yield undo.replace("{outlasting}", outlasting)
    yield f"GRANT SELECT ON plein_effect TO {APP}, {KEEPER}"
    yield _statistics(tables)
    for table in tables:
        yield from _keys(table)
    for table in tables:
        yield from _references(table)
    for table in tables:
        yield from _policies(table)
        yield from _rights(table)
        yield from triggers.statements(table, tables)
        yield from search.statements(table)
        yield from merging.statements(table, tables)
        yield from cells.statements(table)
    of_apps: list[str] = []
    for app in _keeping_apps():
        yield app.keeper_sql(tables)  # type: ignore[attr-defined]
        of_apps += (*app.keeper_functions, *app.inner_functions)  # type: ignore[attr-defined]
    for function in (
        *KEEPER_FUNCTIONS,
        *INNER_FUNCTIONS,
        *of_apps,
        *triggers.keeper_functions(tables),
        *search.keeper_functions(tables),
        *merging.keeper_functions(tables),
        *cells.keeper_functions(tables),
    ):
        yield f"ALTER FUNCTION {function} OWNER TO {KEEPER}"
        yield f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC, {APP}"
    yield f"REVOKE CREATE ON SCHEMA public FROM {KEEPER}"


def fingerprint() -> str:
    """Changes whenever the protection would."""
    digest = hashlib.sha256()
    for statement in statements():
        digest.update(statement.encode())
    return digest.hexdigest()


def is_in_force(connection: BaseDatabaseWrapper) -> bool:
    """Whether the database carries exactly this protection."""
    if "core_protection" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT fingerprint FROM core_protection")
        row = cursor.fetchone()
    return row is not None and row[0] == fingerprint()


def protect(connection: BaseDatabaseWrapper) -> None:
    """Apply the whole protection, in one transaction. `connection` is the owner's."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in statements():
            cursor.execute(statement)
        for statement in _unguarded(connection):
            cursor.execute(statement)
        cursor.execute("DELETE FROM core_protection")
        cursor.execute("INSERT INTO core_protection (id, fingerprint) VALUES (1, %s)", [fingerprint()])
