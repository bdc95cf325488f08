# SPDX-License-Identifier: AGPL-3.0-or-later
"""An empty database gets its tables at once; what it gets is what the migrations make, step by step."""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

import psycopg
import pytest

from plein.cli import first_tables
from plein.testing.database import TestDatabase
from plein.testing.home import ROOT


@pytest.fixture
def tool() -> Iterator[ModuleType]:
    """tools/first_tables.py, which is no part of the package."""
    spec = spec_from_file_location("first_tables_tool", ROOT / "tools" / "first_tables.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module


def test_the_migrations_it_was_made_from_are_still_the_same(tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tool.changed() == []
    now = tool.prints()
    monkeypatch.setattr(tool, "prints", lambda: now | {("trust", "0001_initial"): "00000000"})
    assert tool.changed() == ["trust.0001_initial"]


def test_tables_that_are_there_are_left_alone(test_database: TestDatabase) -> None:
    with test_database.cluster.connect(test_database.name) as inside:
        assert not first_tables.lay(inside)


def test_half_of_the_tables_is_none_of_them(test_database: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = first_tables.TABLES.with_name("broken.sql")
    monkeypatch.setattr(first_tables, "TABLES", broken)
    monkeypatch.setattr(type(broken), "read_bytes", lambda path: b"CREATE TABLE public.one (id integer); nonsense;")
    with test_database.cluster.connect() as admin:
        admin.execute("DROP DATABASE IF EXISTS plein_halfway")
        admin.execute("CREATE DATABASE plein_halfway")
        try:
            with test_database.cluster.connect("plein_halfway") as inside:
                with pytest.raises(psycopg.errors.SyntaxError):
                    first_tables.lay(inside)
                found = inside.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
            assert found == (0,)
        finally:
            admin.execute("DROP DATABASE plein_halfway")


def alike(told: str) -> list[str]:
    """Its lines, with lists of words written one way: PostgreSQL writes their casts otherwise once it has read them."""
    cast = re.compile(r"::character varying|::text(\[\])?|[()]")
    return [cast.sub("", line) if "ARRAY[" in line else line for line in told.splitlines()]


@pytest.mark.nightly
@pytest.mark.timeout(600)
def test_every_migration_one_by_one_makes_the_same_tables_and_rights(
    transactional_db: None, tool: ModuleType, test_database: TestDatabase
) -> None:
    del transactional_db
    at_once = tool.dumped(test_database.name)
    program = (
        "import plein.testing.home, django; django.setup()\n"
        "import sys; sys.path.insert(0, 'tools')\n"
        "import first_tables\n"
        "from django.db import connections\n"
        "from plein.core.isolation import protection\n"
        "from plein.testing.database import migrated_step_by_step\n"
        "with migrated_step_by_step() as name:\n"
        "    protection.protect(connections['owner'])\n"
        "    print(first_tables.dumped(name), end='')\n"
    )
    stepwise = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert alike(stepwise.stdout) == alike(at_once)
