# SPDX-License-Identifier: AGPL-3.0-or-later
"""Deriving the network anew, and whether it is what that would give."""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Differences:
    """How many lines differ from what they would be if derived anew."""

    contacts: int
    ties: int


def differences() -> Differences:
    """Compare the whole network of the workspace in force with what it is derived from; hidden lines too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT contacts, ties FROM plein_network_differences()")
        return Differences(*cursor.fetchone())


def rebuild() -> None:
    """Derive the whole network of the workspace in force anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT plein_network_rebuild()")
