# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable

from django.apps import AppConfig

from plein.core.isolation.registry import GuardedTable
from plein.network.texts import keeper_sql


class NetworkConfig(AppConfig):
    name = "plein.network"
    label = "network"

    #: Functions of the keeper: the application may call the first, the others only triggers and they themselves.
    keeper_functions = (
        "plein_network_rebuild()",
        "plein_network_differences()",
        "plein_network_begin()",
        "plein_network_forget_feed(bigint)",
        "plein_network_whole(integer, date, uuid, integer)",
        "plein_network_would_be(uuid, uuid[], double precision, jsonb, integer)",
    )
    inner_functions = (
        "plein_network_asked(integer, uuid[])",
        "plein_network_measure(integer)",
        "plein_network_settle(integer, bigint[])",
        "plein_network_came()",
        "plein_network_changed()",
        "plein_network_went()",
        "plein_network_moved()",
        "plein_network_gone()",
        "plein_network_fed()",
        "plein_network_declare(integer, uuid[])",
        "plein_network_enlist(integer, uuid[], uuid[], uuid[])",
        "plein_network_welcome(integer, uuid[], uuid[])",
        "plein_network_enrol(integer, uuid[])",
        "plein_network_refresh(integer, uuid[])",
        "plein_network_ties()",
        "plein_network_types()",
        "plein_network_members()",
        "plein_network_decided()",
        "plein_network_subjects()",
        "plein_network_choices()",
        "plein_network_everybody()",
        "plein_network_persons()",
        "plein_network_remeasured()",
    )

    def keeper_sql(self, tables: Iterable[GuardedTable]) -> str:
        """What keeps the network in step."""
        del tables
        return keeper_sql()
