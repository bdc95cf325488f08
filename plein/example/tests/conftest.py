# SPDX-License-Identifier: AGPL-3.0-or-later
"""The example company, loaded once for all tests that only look at it."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from plein.core.isolation import Context, workspace_context
from plein.example.actions import load_example
from plein.trust.actions import give_seat, make_user, make_workspace
from plein.trust.models import Role, User, Workspace


def workspace_with_owner(name: str = "My company") -> tuple[Workspace, User]:
    """A fresh workspace and whoever owns it."""
    workspace = make_workspace(name=name)
    owner = make_user(email="owner@plein.example", name="Olga Owner")
    give_seat(workspace=workspace.id, user=owner, role=Role.OWNER)
    return workspace, owner


def fresh(workspace: Workspace) -> Workspace:
    """The workspace as it is now."""
    with workspace_context(Context(workspace_id=workspace.id, door="test")):
        return Workspace.objects.get(id=workspace.id)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Workspace, User]]:
    """A workspace with the example company, rolled back after the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        workspace, owner = workspace_with_owner()
        load_example(workspace)
        yield fresh(workspace), owner
        transaction.set_rollback(True)
