# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the database itself says about the protection: no table, view, function or role escapes it."""

import pytest
from django.db import connection

from plein.core.isolation import no_workspace
from plein.core.isolation.protection import KEEPER_FUNCTIONS, is_in_force
from plein.core.isolation.registry import UNGUARDED, UNGUARDED_PREFIXES, guarded_tables

pytestmark = pytest.mark.django_db


def rows(statement: str) -> list[tuple[object, ...]]:
    with no_workspace("test"), connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def test_the_protection_in_force_is_the_one_this_code_generates() -> None:
    with no_workspace("test"):
        assert is_in_force(connection)


def test_every_table_is_guarded_or_on_the_short_list() -> None:
    tables = {str(row[0]) for row in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    guarded = {table.name for table in guarded_tables()}
    left = {name for name in tables - guarded - set(UNGUARDED) if not name.startswith(UNGUARDED_PREFIXES)}

    assert left == set()
    assert guarded <= tables


def test_every_table_with_a_workspace_has_both_kinds_of_policy_and_forces_them() -> None:
    found = rows(
        """
        SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
               count(*) FILTER (WHERE NOT p.polpermissive AND p.polroles @> ARRAY['plein_app'::regrole::oid,
                                                                                  'plein_keeper'::regrole::oid]),
               count(*) FILTER (WHERE p.polname = 'seen' AND p.polroles = ARRAY['plein_app'::regrole::oid])
          FROM pg_class c
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id'
          LEFT JOIN pg_policy p ON p.polrelid = c.oid
         WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
         GROUP BY c.oid, c.relname
        """
    )

    assert len(found) > 25
    assert [row for row in found if row[1:] != (True, True, 1, 1)] == []


def test_every_key_starts_with_the_workspace() -> None:
    found = rows(
        """
        SELECT con.conrelid::regclass::text, a.attname FROM pg_constraint con
          JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = con.conkey[1]
         WHERE con.contype IN ('p', 'f') AND con.connamespace = 'public'::regnamespace
           AND EXISTS (SELECT FROM pg_attribute w WHERE w.attrelid = con.conrelid AND w.attname = 'workspace_id')
           AND a.attname <> 'workspace_id'
        """
    )

    assert [row for row in found if row[0] != "trust_seat"] == []


def test_policies_use_only_columns_of_their_row_and_settings() -> None:
    found = rows(
        "SELECT tablename, policyname, qual FROM pg_policies WHERE schemaname = 'public'"
        " AND (qual ILIKE '%select%' OR with_check ILIKE '%select%')"
    )

    assert found == []


def test_every_view_asks_as_its_reader() -> None:
    found = rows(
        """
        SELECT c.relname FROM pg_class c
         WHERE c.relkind = 'v' AND c.relnamespace = 'public'::regnamespace
           AND NOT coalesce(c.reloptions::text[] @> ARRAY['security_invoker=true'], false)
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
        """
    )

    assert found == []
    assert rows("SELECT matviewname FROM pg_matviews WHERE schemaname = 'public'") == []


def test_functions_that_see_more_pin_their_search_path_and_belong_to_the_keeper() -> None:
    found = rows(
        """
        SELECT p.oid::regprocedure::text, pg_get_userbyid(p.proowner), p.proconfig::text
          FROM pg_proc p
         WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace
           AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        """
    )

    assert len(found) > len(KEEPER_FUNCTIONS)
    assert {row[1] for row in found} == {"plein_keeper"}
    assert [row for row in found if 'pg_temp"' not in str(row[2])] == []


def test_the_application_owns_nothing_and_cannot_walk_around_the_rules() -> None:
    [role] = rows(
        "SELECT current_user::text, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
        " WHERE rolname = current_user"
    )
    owned = rows("SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = 'plein_app'")
    rights = rows(
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = 'plein_app'"
        " AND privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER')"
    )

    assert role == ("plein_app", False, False, False, False)
    assert owned == []
    assert rights == []


def test_history_can_only_be_read() -> None:
    rights = rows(
        "SELECT privilege_type FROM information_schema.role_table_grants WHERE grantee = 'plein_app'"
        " AND table_name = 'core_change'"
    )

    assert rights == [("SELECT",)]


def test_the_finder_may_only_look_and_only_where_it_is_declared() -> None:
    found = rows(
        "SELECT c.relname, a.privilege_type FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a"
        " WHERE a.grantee = 'plein_finder'::regrole"
    )

    assert {row[0] for row in found} == {table.name for table in guarded_tables() if table.isolation.is_found}
    assert {row[1] for row in found} == {"SELECT"}


def test_the_application_cannot_become_the_keeper() -> None:
    [(may,)] = rows("SELECT pg_has_role('plein_app', 'plein_keeper', 'MEMBER')")

    assert may is False
