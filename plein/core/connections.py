# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import close_old_connections, connection


def refresh_connection() -> None:
    """Replace a connection that broke since the last job: a worker's thread lives long."""
    if not connection.in_atomic_block:
        close_old_connections()
