# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable

from django.apps import AppConfig

from plein.core.isolation.registry import GuardedTable
from plein.erasure.texts import keeper_sql


class ErasureConfig(AppConfig):
    name = "plein.erasure"
    label = "erasure"

    #: Functions of the keeper: the application may call the first, the others only they themselves.
    keeper_functions = (
        "plein_erasure_facts(uuid)",
        "plein_wants_silence(uuid)",
        "plein_erase(uuid, text, jsonb, text[])",
        "plein_erasable()",
        "plein_subject_of(uuid)",
        "plein_is_unused(text)",
    )
    inner_functions = (
        "plein_person_ids(uuid)",
        "plein_person_points(uuid[])",
        "plein_may_erase()",
        "plein_is_silence_wanted(uuid[], uuid[], uuid[])",
        "plein_needles(uuid[], uuid[])",
        "plein_redact_table(text, jsonb, text, text, uuid[])",
        "plein_redact_history(uuid[], uuid[], uuid[], uuid[], text, text, text, text)",
    )

    def keeper_sql(self, tables: Iterable[GuardedTable]) -> str:
        """What makes them, for the tables there are."""
        return keeper_sql(tables)
