# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable

from django.apps import AppConfig

from plein.core.isolation.registry import GuardedTable
from plein.identity.texts import keeper_sql


class IdentityConfig(AppConfig):
    name = "plein.identity"
    label = "identity"

    #: Functions of the keeper: the application may call the first, the others only triggers and they themselves.
    keeper_functions = (
        "plein_identity_rebuild()",
        "plein_identity_differences()",
        "plein_identity_begin()",
        "plein_identity_count()",
    )
    inner_functions = (
        "plein_identity_of_people(integer, uuid[])",
        "plein_identity_of_links(integer, uuid[])",
        "plein_identity_of_members(integer, uuid[])",
        "plein_identity_away(integer, uuid[], uuid[])",
        "plein_identity_people()",
        "plein_identity_links()",
        "plein_identity_points()",
        "plein_identity_members()",
    )

    def keeper_sql(self, tables: Iterable[GuardedTable]) -> str:
        """What keeps the keys in step."""
        del tables
        return keeper_sql()
