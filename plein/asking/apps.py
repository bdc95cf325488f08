# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable
from pathlib import Path

from django.apps import AppConfig

from plein.asking.vocabulary import MOST, REST, WEEK
from plein.core.isolation.registry import GuardedTable

SQL = Path(__file__).parent / "sql" / "keeper.sql"


class AskingConfig(AppConfig):
    name = "plein.asking"
    label = "asking"

    #: Functions of the keeper: the application may call the first, the others only they themselves.
    keeper_functions = (
        "plein_asking_answer(uuid, text, text)",
        "plein_asking_clear()",
        "plein_asking_expire()",
        "plein_asking_letter(uuid, text, text)",
        "plein_asking_mailed(uuid)",
        "plein_asking_next(uuid)",
        "plein_asking_overdue()",
        "plein_asking_read(text)",
        "plein_asking_reply(text, text, text)",
        "plein_asking_stop(uuid)",
        "plein_asking_turn(uuid, integer, text, text, integer, text, uuid)",
        "plein_asking_withdraw(uuid)",
    )
    inner_functions = (
        "plein_asking_free(uuid)",
        "plein_asking_never(uuid)",
        "plein_asking_opened(text)",
        "plein_asking_over(uuid)",
        "plein_asking_settle(uuid, text, text)",
        "plein_asking_told(uuid, text)",
    )

    def keeper_sql(self, tables: Iterable[GuardedTable]) -> str:
        """What makes them."""
        del tables
        text = SQL.read_text()
        for name, value in (("rest", REST.days), ("week", WEEK.days), ("most", MOST)):
            text = text.replace("{" + name + "}", str(value))
        return text
