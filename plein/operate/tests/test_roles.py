# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from plein.operate.cluster import Cluster, cluster_of
from plein.operate.places import APP, DATABASE, KEEPER, OWNER, Places
from plein.operate.roles import (
    Passwords,
    UnsafeRole,
    furnish_database,
    is_furnished,
    make_database,
    make_roles,
    refuse_unsafe_role,
)
from plein.operate.tests.conftest import CAREFREE


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = cluster_of(Places(tmp_path_factory.mktemp("roles") / "home"))
    cluster.extra = CAREFREE
    with cluster.in_use():
        for _ in range(2):
            with cluster.connect() as admin:
                make_roles(admin, Passwords())
                make_database(admin)
            with cluster.connect(DATABASE) as inside:
                furnish_database(inside)
        with cluster.connect(DATABASE, OWNER) as owner:
            owner.execute("CREATE TABLE letter (body text)")
        yield cluster


def test_making_roles_and_database_twice_is_making_them_once(furnished: Cluster) -> None:
    with furnished.connect() as admin:
        assert is_furnished(admin)


def test_the_application_role_is_let_in(furnished: Cluster) -> None:
    with furnished.connect(DATABASE, APP) as connection:
        refuse_unsafe_role(connection)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        ("ALTER ROLE {} SUPERUSER", "is a superuser"),
        ("ALTER ROLE {} BYPASSRLS", "bypasses row security"),
        ("GRANT plein_owner TO {}", "owns Plein's tables"),
        ("GRANT postgres TO {}", "may become"),
    ],
)
def test_a_role_that_can_walk_around_row_security_is_refused(furnished: Cluster, make: str, reason: str) -> None:
    role = sql.Identifier("somebody")
    with furnished.connect(DATABASE) as admin:
        admin.execute("CREATE ROLE somebody LOGIN")
        admin.execute("GRANT CONNECT ON DATABASE plein TO somebody")
        admin.execute(sql.SQL(make).format(role))
        try:
            with furnished.connect(DATABASE, "somebody") as connection, pytest.raises(UnsafeRole) as refused:
                refuse_unsafe_role(connection)
        finally:
            admin.execute("REVOKE CONNECT ON DATABASE plein FROM somebody")
            admin.execute("DROP ROLE somebody")

    assert reason in str(refused.value)
    assert "somebody" in str(refused.value)


def test_the_application_role_can_make_nothing_in_the_schema(furnished: Cluster) -> None:
    with furnished.connect(DATABASE, APP) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE trap (body text)")


def test_the_application_role_must_ask_to_be_the_finder_or_the_keeper(furnished: Cluster) -> None:
    with furnished.connect(DATABASE, APP) as connection:
        inherits = connection.execute("SELECT pg_has_role('plein_finder', 'USAGE')").fetchone()
        connection.execute("SET ROLE plein_finder")

        assert inherits == (False,)


def test_a_stranger_does_not_get_into_the_database(furnished: Cluster) -> None:
    with furnished.connect() as admin:
        admin.execute("CREATE ROLE stranger LOGIN")

    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        furnished.connect(DATABASE, "stranger")


def test_the_owner_can_hand_a_function_to_the_keeper_and_replace_it_later(furnished: Cluster) -> None:
    make = "CREATE OR REPLACE FUNCTION one() RETURNS integer LANGUAGE sql RETURN 1"
    with furnished.connect(DATABASE, OWNER) as owner:
        for _ in range(2):
            owner.execute(f"GRANT CREATE ON SCHEMA public TO {KEEPER}")
            owner.execute(make)
            owner.execute(f"ALTER FUNCTION one() OWNER TO {KEEPER}")
            owner.execute(f"REVOKE CREATE ON SCHEMA public FROM {KEEPER}")

        found = owner.execute("SELECT proowner::regrole::text FROM pg_proc WHERE proname = 'one'").fetchone()

    assert found == (KEEPER,)
