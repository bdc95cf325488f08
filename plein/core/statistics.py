# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import connection


def gather_statistics() -> None:
    """Tell the database's planner what the tables hold now: after anything that wrote thousands of rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT plein_gather_statistics()")
