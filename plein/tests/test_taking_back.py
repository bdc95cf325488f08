# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a test wrote goes before the next one, and what more it changed is not overlooked."""

import psycopg
import pytest
from django.db import connections

from plein.testing import emptying
from plein.testing.database import TestDatabase

pytestmark = pytest.mark.django_db(transaction=True)


def test_rows_go_and_numbers_begin_anew(test_database: TestDatabase) -> None:
    connections.close_all()
    with test_database.cluster.connect(test_database.name) as inside:
        before = emptying.fresh(inside)
        inside.execute("INSERT INTO django_session VALUES ('x', 'y', now())")
        inside.execute("SELECT nextval('trust_workspace_id_seq')")

        assert emptying.is_emptied(inside, before)

        assert inside.execute("SELECT count(*) FROM django_session").fetchone() == (0,)
        assert emptying.fresh(inside) == before


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE public.left_over ()",
        "ALTER TABLE django_session DISABLE TRIGGER ALL; ALTER TABLE django_session ADD COLUMN more text",
        "DROP POLICY {policy} ON {table}",
        "UPDATE django_content_type SET model = model || 'x'",
        "ANALYZE django_content_type",
        "ALTER DATABASE {name} SET work_mem = '5MB'",
    ],
)
def test_more_than_rows_is_seen(change: str, test_database: TestDatabase) -> None:
    connections.close_all()
    with test_database.cluster.connect(test_database.name) as inside:
        before = emptying.fresh(inside)
        assert emptying.is_emptied(inside, before)
        inside.execute(psycopg.sql.SQL(change.format(name=test_database.name, **_a_policy(inside))))

        assert not emptying.is_emptied(inside, before)


def _a_policy(inside: psycopg.Connection) -> dict[str, str]:
    row = inside.execute("SELECT policyname, tablename FROM pg_policies ORDER BY 2, 1 LIMIT 1").fetchone()
    assert row is not None
    return {"policy": f'"{row[0]}"', "table": f'"{row[1]}"'}
