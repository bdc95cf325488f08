# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable
from pathlib import Path

from django.apps import AppConfig

from plein.core.isolation.registry import GuardedTable


class OpinionsConfig(AppConfig):
    name = "plein.opinions"
    label = "opinions"

    #: Functions of the keeper that the application may call, each looking in the workspace in force only.
    keeper_functions = ("plein_opinions_withheld(uuid[])",)
    inner_functions: tuple[str, ...] = ()

    def keeper_sql(self, tables: Iterable[GuardedTable]) -> str:
        """What tells about whom nothing leaves."""
        del tables
        return (Path(__file__).parent / "sql" / "keeper.sql").read_text().rstrip().rstrip(";")
