# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brings the database and the files to the state the present code expects; almost free when they are there already."""

import hashlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from plein.cli import first_tables, translations
from plein.cli.speech import CommandTrouble
from plein.core.isolation import protection
from plein.operate import roles
from plein.operate.cluster import Cluster
from plein.operate.places import places

Say = Callable[[str], None]
#: One number that all of Plein's processes agree on, for "I am migrating".
MIGRATING = 7_533_460
STATIC_MARK = "static-fingerprint"


def connect(alias: str) -> psycopg.Connection:
    """A connection of its own as one of Django's aliases, outside pool and context, committing by itself."""
    parameters = connections[alias].get_connection_params()
    for name in ("context", "cursor_factory"):
        parameters.pop(name, None)
    return psycopg.connect(**parameters, autocommit=True)


def fingerprint() -> str:
    """Changes whenever the tables or their protection would."""
    digest = hashlib.sha256(protection.fingerprint().encode())
    for package in ("django", "procrastinate"):
        digest.update(version(package).encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        if app.name.startswith("plein."):
            for path in sorted(Path(app.path, "migrations").glob("*.py")):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def prepare(cluster: Cluster | None, say: Say) -> None:
    """Roles, tables and protection, so that a command can work. An external database must have its roles already."""
    if cluster:
        furnish(cluster, say)
    if not is_prepared():
        migrate(say)
    with connect("default") as connection:
        roles.refuse_unsafe_role(connection)


def furnish(cluster: Cluster, say: Say) -> None:
    """Makes the embedded server's roles, database and extensions when they are missing."""
    with cluster.connect() as admin:
        if _comment(admin, "DATABASE", "postgres") == "furnished" and roles.is_furnished(admin):
            return
        say("Making the database's roles")
        roles.make_roles(admin, roles.Passwords())
        roles.make_database(admin)
        with cluster.connect(settings.DATABASES["default"]["NAME"]) as inside:
            roles.furnish_database(inside)
        _write_comment(admin, "DATABASE", "postgres", "furnished")


def is_prepared() -> bool:
    """Whether the database carries the tables and the protection of this code."""
    with connect("default") as connection:
        roles.check_server(connection)
        return _comment(connection, "DATABASE", connection.info.dbname) == fingerprint()


def mark_prepared(connection: psycopg.Connection, database: str) -> None:
    """Notes on a database that it carries the tables and the protection of this code."""
    _write_comment(connection, "DATABASE", database, fingerprint())


def migrate(say: Say) -> None:
    """Migrates and protects, as the owner, one process at a time."""
    with connect("owner") as connection:
        roles.check_server(connection)
        _require_owner(connection)
        connection.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        say("Bringing the tables up to date")
        first_tables.lay(connection)
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        say("Putting the protection in force")
        protection.protect(connections["owner"])
        connections["owner"].close()
        with connect("default") as plain:
            plain.execute("SELECT plein_network_begin(), plein_identity_begin()")
        mark_prepared(connection, connection.info.dbname)


def _require_owner(connection: psycopg.Connection) -> None:
    row = connection.execute(
        "SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'public'"
    ).fetchone()
    if row is None or not row[0]:
        raise CommandTrouble(
            f"The database must be migrated, which {connection.info.user} may not: set DATABASE_OWNER_URL as "
            "`plein database setup` printed it, and run `plein database migrate`."
        )


def is_first_start() -> bool:
    """Whether nobody has ever started this Plein; asked of the database, which outlives the folders."""
    with connect("default") as connection:
        return _comment(connection, "SCHEMA", "public") != "started"


def remember_start() -> None:
    """Notes that the first start is over."""
    with connect("owner") as connection:
        _write_comment(connection, "SCHEMA", "public", "started")


def prepare_files(say: Say) -> None:
    """Translations compiled, and stylesheets, scripts and pictures collected under names that change with them."""
    translations.compile_all(Path(settings.LOCALE_PATHS[0]))
    mark = places().run / STATIC_MARK
    wanted = static_fingerprint()
    if mark.exists() and mark.read_text() == wanted:
        return
    say("Collecting stylesheets and scripts")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    mark.write_text(wanted)


def static_fingerprint() -> str:
    """Changes whenever a stylesheet, a script or a picture does, or the way they are kept."""
    kept_by = settings.STORAGES["staticfiles"]["BACKEND"]
    digest = hashlib.sha256(f"{version('django')} {kept_by}".encode())
    for app in apps.get_app_configs():
        for path in sorted(Path(app.path, "static").rglob("*")):
            if path.is_file():
                digest.update(f"{path}{path.stat().st_mtime_ns}{path.stat().st_size}".encode())
    return digest.hexdigest()


def _comment(connection: psycopg.Connection, kind: str, name: str) -> str | None:
    catalog = {"DATABASE": "pg_database", "SCHEMA": "pg_namespace"}[kind]
    column = {"DATABASE": "datname", "SCHEMA": "nspname"}[kind]
    describe = "shobj_description(oid, %s)" if kind == "DATABASE" else "obj_description(oid, %s)"
    row = connection.execute(f"SELECT {describe} FROM {catalog} WHERE {column} = %s", [catalog, name]).fetchone()
    return row[0] if row else None


def _write_comment(connection: psycopg.Connection, kind: str, name: str, text: str) -> None:
    connection.execute(sql.SQL(f"COMMENT ON {kind} {{}} IS {{}}").format(sql.Identifier(name), sql.Literal(text)))
