# SPDX-License-Identifier: AGPL-3.0-or-later
"""Filling tables in bulk, as the owner: indexes, references and triggers aside for a while, no history per row.

Afterwards everything is put back and checked: the references by adding them again, the search documents by the same
expressions the triggers use, the protection by applying it anew.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, connections, transaction
from django.db.backends.utils import CursorWrapper

from plein.core.isolation import cells, no_workspace, search
from plein.core.isolation.protection import protect
from plein.core.isolation.registry import guarded_tables

TABLES = (
    "metadata_group",
    "metadata_field",
    "metadata_index",
    "relations_relation",
    "relations_contact_point",
    "relations_contact_point_link",
    "relations_membership",
    "relations_favourite",
    "relations_values",
    "relations_cell",
    "moments_moment",
    "moments_subject",
    "moments_text",
    "moments_participant",
    "moments_source",
    "moments_todo",
    "core_search_document",
    "core_search_token",
    "core_search_word",
)

type Say = Callable[[str], None]


def _indexes(cursor: CursorWrapper) -> list[tuple[str, str]]:
    cursor.execute(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = 'public' AND i.tablename = ANY (%s)"
        " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)",
        [list(TABLES)],
    )
    return list(cursor.fetchall())


@contextmanager
def open_tables(say: Say) -> Iterator[CursorWrapper]:
    """The owner's cursor, in one transaction, on tables that take anything quickly."""
    owner = connections["owner"]
    with transaction.atomic(using="owner"), owner.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        indexes = _indexes(cursor)
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER")
            cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass", [table])
            for (constraint,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"')
        yield cursor
        say("Filling the search")
        _fill_search(cursor)
        _fill_cells(cursor)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for name, definition in indexes:
            say(f"Building the index {name}")
            cursor.execute(definition)
        say("Checking references and protecting the tables")
        protect(owner)
    say("Gathering statistics")
    with owner.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"VACUUM (ANALYZE) {table}")


def _fill_search(cursor: CursorWrapper) -> None:
    for table in guarded_tables():
        found = table.isolation.found
        if found is not None and table.name in TABLES:
            for statement in search.filling(found, table.name):
                cursor.execute(statement)


def _fill_cells(cursor: CursorWrapper) -> None:
    for table in guarded_tables():
        kept = table.isolation.cells
        if kept is not None and table.name in TABLES:
            cursor.execute(cells.filling(kept, table.name))


def derive_network(workspace: int, say: Say) -> None:
    """Who knows whom, and by what people are found, derived from what was made: their triggers were aside too."""
    say("Deriving who knows whom, and by what people are found")
    with no_workspace("generate"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('plein.workspace', %s, true)", [str(workspace)])
        cursor.execute("SELECT plein_network_rebuild(), plein_identity_rebuild(), plein_identity_count()")
