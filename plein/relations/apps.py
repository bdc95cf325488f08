# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable

from django.apps import AppConfig

from plein.core.isolation.registry import GuardedTable
from plein.relations.keeping import keeper_sql


class RelationsConfig(AppConfig):
    name = "plein.relations"
    label = "relations"

    #: Functions of the keeper, for the application.
    keeper_functions = ("plein_retype_ties(uuid, text, uuid)",)
    inner_functions = ()

    def keeper_sql(self, tables: Iterable[GuardedTable]) -> str:
        """What makes them."""
        del tables
        return keeper_sql()
