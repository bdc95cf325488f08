# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the functions of the database say that see who is asked; `plein/questions/sql/keeper.sql` has them."""

import json
from typing import Any

from django.db import connection

ASKED, OFTEN, KNOWN, LATE = "asked", "often", "known", "late"


def call(statement: str, *parameters: Any) -> list[dict[str, Any]]:
    """Call a function, and read what it says."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]
