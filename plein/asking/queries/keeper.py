# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the functions of the database say that see what each answered; `plein/asking/sql/keeper.sql` has them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.dateparse import parse_datetime

from plein.core.isolation import no_workspace

LATE, OFTEN, ASKED = "late", "often", "asked"


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a call: which outcome, and of which request, turn and people, where it says so."""

    outcome: str
    facts: dict[str, Any]

    def id(self, name: str) -> UUID | None:
        """An id among the facts."""
        value = self.facts.get(name)
        return UUID(value) if value else None

    def time(self, name: str) -> datetime | None:
        """A time among the facts."""
        value = self.facts.get(name)
        return parse_datetime(value) if value else None


def call(statement: str, *parameters: Any) -> Told:
    """Call a function that says one thing; nothing is an outcome that is late."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    return _told(row[0] if row else None)


def calls(statement: str) -> Iterator[Told]:
    """Call a function that says several."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall()
    return (_told(row[0]) for row in rows)


def _told(value: Any) -> Told:
    facts: dict[str, Any] = (json.loads(value) if isinstance(value, str) else value) or {}
    return Told(facts.get("outcome", LATE if not facts else ""), facts)


def overdue() -> list[int]:
    """Which workspaces have requests that waited long enough, or something that was kept so; only a job asks."""
    with no_workspace("what a job has to do"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT plein_asking_overdue()")
        return [int(row[0]) for row in cursor.fetchall()]


def clear() -> None:
    """Let go of what was kept long enough, in the workspace in force."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT plein_asking_clear()")
