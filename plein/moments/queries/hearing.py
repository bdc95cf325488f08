# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which connections are to be visited: looked for over all workspaces by id, visited as their owner."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from plein.core.isolation import no_workspace


def due_connections() -> list[tuple[int, UUID, UUID]]:
    """The connections whose time has come: in which workspace, as which user, which."""
    with no_workspace("what a job has to do"), connection.cursor() as cursor:
        cursor.execute("SELECT workspace, the_user, the_connection FROM plein_due_connections()")
        return [(int(row[0]), row[1], row[2]) for row in cursor.fetchall()]


def waiting_connections(kinds: Sequence[str]) -> list[tuple[int, UUID, UUID]]:
    """The connections of these kinds that are well and could tell at once what is new: where, as which user, which."""
    with no_workspace("what a listener has to do"), connection.cursor() as cursor:
        cursor.execute("SELECT workspace, the_user, the_connection FROM plein_waiting_connections(%s)", [list(kinds)])
        return [(int(row[0]), row[1], row[2]) for row in cursor.fetchall()]
