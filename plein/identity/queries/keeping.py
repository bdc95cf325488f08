# SPDX-License-Identifier: AGPL-3.0-or-later
"""The keys of the workspace in force as a whole."""

from django.db import connection


def rebuild() -> None:
    """Make all keys anew."""
    _call("plein_identity_rebuild")


def differences() -> int:
    """How many keys differ from what they would be if made anew; nothing changes."""
    return int(_call("plein_identity_differences"))


def count_names() -> None:
    """Count how common names are, and how many people there are, as everyone here sees it."""
    _call("plein_identity_count")


def _call(function: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}()")
        [(answer,)] = cursor.fetchall()
    return answer or 0
