# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sends statements without waiting for those before: while the database works on one, the next is made."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def without_waiting() -> Iterator[None]:
    """Send the statements of this block one after the other; only for rows that are asked for is waited.

    The database carries them out in their order, and what goes wrong is raised at the latest at the end of the block.
    How many rows a statement changed is not known in it, so nothing in it may depend on that: no `save()` of a record
    that is there, no `update()`.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield
