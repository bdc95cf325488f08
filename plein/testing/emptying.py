# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes a used database of a test back to how it was fresh, where that needs no more than removing rows.

A fresh copy is a thousand files; most tests write a few rows. Whatever else a test changed (tables, functions,
policies, statistics, rows that the migrations made, very many rows) is seen, and then only a fresh copy will do.
"""

from dataclasses import dataclass

import psycopg
from psycopg import sql

#: More dead rows than this and a fresh copy is the better way back.
MANY_ROWS = 20_000
CATALOGS = ("class", "attribute", "attrdef", "proc", "constraint", "trigger", "policy", "index", "type", "namespace",
            "extension", "statistic", "enum", "event_trigger", "rewrite", "default_acl",
            "largeobject_metadata")  # fmt: skip
#: What the server keeps about this database beside it.
BESIDE = """
    SELECT concat_ws(' ', d.datallowconn, d.datconnlimit, d.datacl, shobj_description(d.oid, 'pg_database'),
        (SELECT string_agg(s::text, ' ' ORDER BY s::text) FROM pg_db_role_setting s WHERE s.setdatabase = d.oid))
    FROM pg_database d WHERE d.datname = current_database()
"""
TABLES = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
"""
SEQUENCES = "SELECT schemaname, sequencename, last_value, start_value FROM pg_sequences ORDER BY 1, 2"
#: Ends the other sessions in this database, each within some seconds.
OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@dataclass(frozen=True)
class Fresh:
    """How a copy was before anybody used it: its catalogue, the rows that were in it, its sequences."""

    catalogue: str
    filled: list[tuple[sql.Identifier, str]]
    empty: list[sql.Identifier]
    sequences: list[tuple[str, str, int | None, int]]


def _catalogue(connection: psycopg.Connection) -> str:
    """Changes with every definition in this database."""
    parts = [
        sql.SQL("(SELECT md5(string_agg(xmin::text || ctid::text, ' ' ORDER BY ctid)) FROM {})").format(
            sql.Identifier("pg_catalog", f"pg_{name}")
        )
        for name in CATALOGS
    ]
    within = connection.execute(sql.SQL("SELECT concat_ws(' ', {})").format(sql.SQL(", ").join(parts))).fetchone()
    return f"{within} {connection.execute(BESIDE).fetchone()}"


def _filled(connection: psycopg.Connection, tables: list[sql.Identifier]) -> list[sql.Identifier]:
    """Which of these tables have a row."""
    if not tables:
        return []
    asked = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(number), table)
        for number, table in enumerate(tables)
    )
    return [tables[number] for (number,) in connection.execute(asked)]


def _rows(connection: psycopg.Connection, table: sql.Identifier) -> str:
    row = connection.execute(
        sql.SQL("SELECT md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM {} t").format(table)
    ).fetchone()
    assert row is not None
    return str(row[0])


def fresh(connection: psycopg.Connection) -> Fresh:
    """Notes how a fresh copy is; the connection is a superuser's."""
    tables = [sql.Identifier(*row) for row in connection.execute(TABLES)]
    filled = _filled(connection, tables)
    return Fresh(
        catalogue=_catalogue(connection),
        filled=[(table, _rows(connection, table)) for table in filled],
        empty=[table for table in tables if table not in filled],
        sequences=connection.execute(SEQUENCES).fetchall(),
    )


def is_emptied(connection: psycopg.Connection, before: Fresh) -> bool:
    """Ends everybody else's session and removes what they wrote; false when that is not all that changed."""
    connection.execute(OTHERS)
    if _catalogue(connection) != before.catalogue:
        return False
    if any(_rows(connection, table) != rows for table, rows in before.filled):
        return False
    connection.execute("SET session_replication_role = replica")
    removed = 0
    for table in _filled(connection, before.empty):
        removed += connection.execute(sql.SQL("DELETE FROM {}").format(table)).rowcount
        if removed > MANY_ROWS:
            return False
    for now, then in zip(connection.execute(SEQUENCES).fetchall(), before.sequences, strict=True):
        if now != then:
            schema, sequence, last, start = then
            connection.execute(
                "SELECT setval(format('%%I.%%I', %s::text, %s::text)::regclass, %s, %s)",
                [schema, sequence, start if last is None else last, last is not None],
            )
    return True
