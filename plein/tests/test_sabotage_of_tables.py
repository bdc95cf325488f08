# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every guard of every table is taken away by itself, and must be missed."""

import os
from collections.abc import Iterator
from zlib import crc32

import psycopg
import pytest

from plein.core.isolation.registry import guarded_tables
from plein.core.operations import operation
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.testing.figures import Judge
from plein.tests.guards_of_tables import FOUNDATIONS, Ground, TableGuard, table_guards
from plein.trust.circles import everyone, only_me
from plein.trust.seats import entered

#: Per commit a third of the guards, always the same; every night all.
ONE_OF = 1 if os.environ.get("PLEIN_NIGHTLY") else 3
pytestmark = pytest.mark.django_db(transaction=True, databases=["default"])


@pytest.fixture
def ground(cast: Cast, test_database: TestDatabase) -> Iterator[Ground]:
    with entered(cast.alice), operation("change_circle"):
        circles = everyone(), only_me()
    with test_database.cluster.connect(test_database.name) as admin:
        yield Ground(admin, cast, *circles)


def outcome(guard: TableGuard, ground: Ground) -> str:
    """What the suite of a guard says: nothing when all is well."""
    try:
        guard.suite(ground)
    except AssertionError as missed:
        return str(missed) or "missed"
    except psycopg.Error as broken:
        return f"broken: {broken}"
    finally:
        ground.uproot()
    return ""


@pytest.mark.timeout(900)
def test_every_guard_of_every_table_is_missed(ground: Ground, judge: Judge) -> None:
    guards = table_guards(ground.admin)
    names = {one.name for one in guards}
    for table in guarded_tables():
        if table.name not in FOUNDATIONS:
            wanted = ("workspace", "seen") if table.has_circle else ("workspace",)
            assert {f"{table.name}: {policy}" for policy in wanted} <= names
            assert not table.isolation.is_recorded or f"{table.name}: d_history_insert" in names
    wrong = {}
    guards = [one for one in guards if crc32(one.name.encode()) % ONE_OF == 0]
    for guard in guards:
        with_it = outcome(guard, ground)
        ground.admin.execute(guard.gone)
        without = outcome(guard, ground)
        ground.admin.execute(guard.back)
        if with_it or not without or without.startswith("broken"):
            wrong[guard.name] = (with_it, without)
    judge(
        "sabotage: guards of tables caught",
        goal="all",
        measured=f"{len(guards) - len(wrong)} of {len(guards)}",
        is_good=not wrong,
    )
    assert not wrong, "\n".join(f"{name}: {said}" for name, said in wrong.items())
