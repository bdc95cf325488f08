# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable
from pathlib import Path

from django.apps import AppConfig

from plein.core.isolation.registry import GuardedTable
from plein.questions.vocabulary import KEPT

SQL = Path(__file__).parent / "sql" / "keeper.sql"


class QuestionsConfig(AppConfig):
    name = "plein.questions"
    label = "questions"

    #: Functions of the keeper that the application may call.
    keeper_functions = (
        "plein_questions_close(uuid)",
        "plein_questions_free(uuid[])",
        "plein_questions_mailed(uuid, uuid, integer)",
        "plein_questions_reopen(uuid)",
        "plein_questions_turn(uuid, uuid, integer, integer, text, text)",
        "plein_questions_unmailed(uuid, uuid)",
    )
    inner_functions: tuple[str, ...] = ()

    def keeper_sql(self, tables: Iterable[GuardedTable]) -> str:
        """What makes them."""
        del tables
        return SQL.read_text().replace("{kept}", str(KEPT.days))
