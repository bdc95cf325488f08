# SPDX-License-Identifier: AGPL-3.0-or-later
"""The roles, the extensions and the database that Plein needs in a PostgreSQL, made or mended as often as asked."""

from dataclasses import dataclass

import psycopg
from psycopg import sql

from plein.operate.places import APP, DATABASE, FINDER, KEEPER, OWNER

OLDEST_SERVER = 180000
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin")
WATCHING = "pg_stat_statements"


class UnsafeRole(Exception):
    """The application would connect as a role that row security does not hold back."""


class UnfitServer(Exception):
    """The database server cannot serve Plein; the message says what is wrong."""


@dataclass(frozen=True)
class Passwords:
    """The passwords to give; None leaves a role's password as it is, which over a private socket is none at all."""

    app: str | None = None
    owner: str | None = None


def check_server(connection: psycopg.Connection) -> None:
    """Refuses a server that is too old."""
    if connection.info.server_version < OLDEST_SERVER:
        shown = connection.info.parameter_status("server_version")
        raise UnfitServer(f"Plein needs PostgreSQL 18 or newer; this server is {shown}.")


def existing_roles(connection: psycopg.Connection) -> set[str]:
    """Which of Plein's roles the server has."""
    found = connection.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY (%s)", [[OWNER, APP, FINDER, KEEPER]])
    return {row[0] for row in found}


def make_roles(connection: psycopg.Connection, passwords: Passwords) -> None:
    """Makes Plein's four roles, each as weak as its job allows, and says who may act as whom."""
    present = existing_roles(connection)
    logins = {OWNER: passwords.owner, APP: passwords.app}
    for role in (OWNER, APP, FINDER, KEEPER):
        verb = "ALTER" if role in present else "CREATE"
        login = "LOGIN" if role in logins else "NOLOGIN"
        statement = f"{verb} ROLE {{}} {login} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"
        connection.execute(sql.SQL(statement).format(sql.Identifier(role)))
    for role, password in logins.items():
        if password is not None:
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password)))
    connection.execute(f"GRANT {FINDER} TO {APP} WITH INHERIT FALSE, SET TRUE")
    # What the keeper sees is reached through its functions only; an earlier version granted more.
    connection.execute(f"REVOKE {KEEPER} FROM {APP}")
    # The owner hands functions to the keeper and replaces them at the next migration: it must be able to be the keeper.
    connection.execute(f"GRANT {FINDER}, {KEEPER} TO {OWNER} WITH INHERIT TRUE, SET TRUE")


def make_database(connection: psycopg.Connection, name: str = DATABASE) -> None:
    """Makes the database, owned by the owner, with the same order and folding of letters on every machine."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return
    user = connection.info.user
    # An administrator who is no superuser must be able to act as the owner to give it a database.
    if not _is_superuser(connection):
        connection.execute(sql.SQL("GRANT {} TO {} WITH SET TRUE").format(sql.Identifier(OWNER), sql.Identifier(user)))
    connection.execute(
        sql.SQL(
            "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
            " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'PG_UNICODE_FAST'"
        ).format(sql.Identifier(name), sql.Identifier(OWNER))
    )


def furnish_database(connection: psycopg.Connection) -> list[str]:
    """Gives the connected database its extensions and closes it to strangers; returns what is missing but optional."""
    name = sql.Identifier(connection.info.dbname)
    for extension in EXTENSIONS:
        connection.execute(f"CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA public")
    missing = []
    try:
        connection.execute(f"CREATE EXTENSION IF NOT EXISTS {WATCHING} SCHEMA public")
    except psycopg.Error:
        missing.append(WATCHING)
    connection.execute(f"ALTER SCHEMA public OWNER TO {OWNER}")
    connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    connection.execute(f"GRANT USAGE ON SCHEMA public TO {APP}, {FINDER}, {KEEPER}")
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    connection.execute(sql.SQL(f"GRANT CONNECT ON DATABASE {{}} TO {APP}, {OWNER}").format(name))
    connection.execute(sql.SQL(f"GRANT TEMPORARY ON DATABASE {{}} TO {APP}, {OWNER}").format(name))
    return missing


def is_furnished(connection: psycopg.Connection, name: str = DATABASE) -> bool:
    """Whether the server already has Plein's database and roles."""
    has_database = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None
    return has_database and existing_roles(connection) == {OWNER, APP, FINDER, KEEPER}


def _is_superuser(connection: psycopg.Connection) -> bool:
    return connection.info.parameter_status("is_superuser") == "on"


def refuse_unsafe_role(connection: psycopg.Connection) -> None:
    """Raises UnsafeRole when this connection's role could walk around row security."""
    row = connection.execute(
        """
        SELECT current_user, r.rolsuper, r.rolbypassrls,
               EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE n.nspname = 'public' AND pg_has_role(c.relowner, 'USAGE')),
               EXISTS (SELECT FROM pg_roles o WHERE o.rolname <> current_user
                        AND (o.rolsuper OR o.rolbypassrls) AND pg_has_role(o.oid, 'MEMBER'))
          FROM pg_roles r WHERE r.rolname = current_user
        """
    ).fetchone()
    if row is None:
        raise UnsafeRole("The database does not say as which role Plein is connected.")
    user, is_superuser, bypasses, owns, could_become = row
    reasons = {
        "is a superuser": is_superuser,
        "bypasses row security": bypasses,
        "may become a role that bypasses row security": could_become,
        "owns Plein's tables": owns,
    }
    for reason, applies in reasons.items():
        if applies:
            raise UnsafeRole(
                f"Plein does not start as the database role {user}, because it {reason}; connect as {APP} "
                "(`plein database setup` makes it)."
            )
