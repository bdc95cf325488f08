# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable

from django.apps import AppConfig

from plein.core.isolation.registry import GuardedTable
from plein.inbox.keeper import keeper_sql


class InboxConfig(AppConfig):
    name = "plein.inbox"
    label = "inbox"

    #: Functions of the keeper, which only triggers and they themselves may call.
    keeper_functions: tuple[str, ...] = ()
    inner_functions = ("plein_inbox_file(integer, uuid[])", "plein_inbox_heard()")

    def keeper_sql(self, tables: Iterable[GuardedTable]) -> str:
        """What keeps messages where their texts say they belong."""
        del tables
        return keeper_sql()
