# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tables of an empty database at once, from what the migrations made before, instead of step by step.

`sql/tables.sql` is written by `tools/first_tables.py` and says which migrations are in it. Those that came later are
carried out by `migrate` as in every other database, so it may lag behind; what it says is never changed by hand.
"""

from pathlib import Path

import psycopg

TABLES = Path(__file__).parent / "sql" / "tables.sql"


def lay(connection: psycopg.Connection) -> bool:
    """Makes the tables in a database that has none, all of them or none; whether there was anything to make."""
    row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if row is None or row[0]:
        return False
    with connection.transaction():
        connection.execute("SET LOCAL check_function_bodies = off")
        connection.execute(TABLES.read_bytes())
    return True
