# SPDX-License-Identifier: AGPL-3.0-or-later
"""Carrying out, in a test, the jobs that actions left behind, as a worker would."""

import json
from typing import Any
from uuid import UUID

from django.db import connection
from procrastinate.contrib.django import app

from plein.core.isolation import no_workspace
from plein.notifications.queries.lines import Line, page_of_lines, unread_count
from plein.notifications.queries.preferences import preference_of
from plein.notifications.wording import ShownLine, shown
from plein.trust.models import User
from plein.trust.seats import entered

WAITING = "SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo' AND task_name = %s ORDER BY id"


def waiting(task: str = "notifications.tell") -> list[dict[str, Any]]:
    """The arguments of the jobs of one kind that wait."""
    return [args for _id, _name, args in _rows(task)]


def _rows(task: str) -> list[tuple[int, str, dict[str, Any]]]:
    with no_workspace("test"), connection.cursor() as cursor:
        cursor.execute(WAITING, [task])
        return [(id, name, json.loads(args)) for id, name, args in cursor.fetchall()]


def work(task: str = "notifications.tell", *, twice: bool = False) -> int:
    """Carry out what waits; `twice` as when a worker died before it could say that it was done."""
    found = _rows(task)
    for id, name, args in found:
        for _time in range(2 if twice else 1):
            app.tasks[name].func(**args)
        with no_workspace("test"), connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [id])
    return len(found)


def lines(user: User, *, unread_only: bool = False) -> list[Line]:
    """What a user sees in their list."""
    with entered(user) as seat:
        found, _next = page_of_lines(seat.seat_id, preference_of(seat.seat_id), unread_only=unread_only)
        return found


def told(user: User) -> list[str]:
    """The sentences a user sees in their list."""
    return [one.sentence for one in shown_lines(user)]


def shown_lines(user: User) -> list[ShownLine]:
    """The lines a user sees, as they are shown."""
    with entered(user) as seat:
        found, _next = page_of_lines(seat.seat_id, preference_of(seat.seat_id))
        return [shown(line) for line in found]


def unread(user: User) -> int:
    """How much is unread for a user."""
    with entered(user) as seat:
        return unread_count(seat.seat_id, preference_of(seat.seat_id))


def seat_id_of(user: User) -> UUID:
    """The seat of a user."""
    with entered(user) as seat:
        return seat.seat_id
