# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many people, and runs over them, for the tests of what is done with many at once."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import reverse

from plein.lists.bulk import actions
from plein.lists.bulk.models import BulkRun
from plein.lists.bulk.runner import Runner
from plein.testing.factories import make_person
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def people(count: int, **changes: Any) -> list[UUID]:
    return [make_person(f"Henk {number:03}", **changes).id for number in range(count)]


def at(name: str, *arguments: object) -> str:
    return reverse(f"lists:{name}", args=arguments)


def started(user: User, ids: list[UUID], act: str = "tag", **wish: str) -> BulkRun:
    """A run that waits for a worker."""
    wanted = {name: [text] for name, text in (wish or {"name": "fair"}).items()}
    with entered(user) as actor:
        return actions.change_many(actor=actor, kind="person", ids=ids, act=act, wish=wanted, in_background=True)


def worked(user: User, run: BulkRun, **more: Any) -> BulkRun:
    """The run after a worker had its turn."""
    Runner(user, run.workspace_id, run.id, **more).carry_out()
    with entered(user):
        return BulkRun.objects.get(id=run.id)
