# SPDX-License-Identifier: AGPL-3.0-or-later
"""Removing the example company leaves every table as it was; that what people made stays, test_company.py tells."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from plein.core.ids import now
from plein.core.isolation import current, workspace_context
from plein.core.isolation.registry import guarded_tables
from plein.core.models import Operation
from plein.core.operations import operation
from plein.example.actions import is_loaded, load_example, remove_example
from plein.example.staff import eyes_of_everybody
from plein.example.tests.conftest import fresh, workspace_with_owner
from plein.testing.cast import Cast
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.timeout(240)
#: History and the log stay; the finder's list of words, and that of ties that changed, only grow.
KEPT = ("core_change", "core_operation", "core_search_word", "core_audit_entry", "core_audit_head", "network_feed")


def counts(user: User) -> dict[str, int]:
    """How many rows each table has, for everybody together."""
    with (
        entered(user),
        workspace_context(replace(current(), circles=eyes_of_everybody())),
        connection.cursor() as cursor,
    ):
        found = {}
        for table in [*(table.name for table in guarded_tables() if table.name not in KEPT), "trust_user"]:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
            found[table] = int(cursor.fetchone()[0])
        return found


@pytest.mark.nightly
def test_removal_leaves_every_table_as_it_was(db: None) -> None:
    workspace, owner = workspace_with_owner()
    before = counts(owner)
    load_example(workspace)
    with entered(owner) as actor, operation("long_ago"):
        # The example may go after the term of an ordinary undo.
        Operation.objects.filter(verb="load_example").update(started_at=now() - timedelta(days=90))
        remove_example(actor=actor)
    assert counts(owner) == before
    assert not is_loaded(workspace) and fresh(workspace).name == "My company" and fresh(workspace).domains == []


def test_only_an_administrator_removes_the_example(cast: Cast) -> None:
    with entered(cast.bob) as actor, pytest.raises(PermissionDenied):
        remove_example(actor=actor)
