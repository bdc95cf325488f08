# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which way through the data a view takes when several questions are asked at once.

Statistics know each question, not how they go together, and a list of fifty rows tempts the planner to walk through
everybody in the order of the list. So the questions that an index answers are counted first, no further than a cap:
the ids of the narrow ones are brought together, and only those records are looked at. Where so many are expected to fit
that the first page is soon full, the list is walked in its order instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet

#: A question with at most so many answers is narrow: its ids are read from an index alone, a few for a microsecond.
NARROW = 120_000
#: With more records than this expected, a page is sooner full by walking than by sorting all of them.
SORTED = 4_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a view: as a condition, and as the ids it leads to along an index, if one leads there."""

    condition: Q
    ids: QuerySet[Any, Any] | None = None


class OneOf(Func):
    """Whether a value is among those a subquery finds: these are found first, whatever the planner thinks of them."""

    template = "(%(expressions)s)"
    arg_joiner = " = ANY"
    output_field = BooleanField()

    def as_sql(self, *arguments: Any, **more: Any) -> Any:
        sql, parameters = super().as_sql(*arguments, **more)
        return sql.replace(" = ANYARRAY(", " = ANY (ARRAY(", 1) + ")", parameters


def counted(table: str, questions: Sequence[QuerySet[Any, Any]]) -> tuple[int, list[int]]:
    """About how many records there are, and how many each question leads to, no further than the cap: one statement."""
    parts, parameters = [], list[Any]()
    for ids in questions:
        try:
            sql, own = ids.order_by()[: NARROW + 1].query.sql_with_params()
        except EmptyResultSet:
            # Nobody can answer it, such as an owner in a team without anybody.
            sql, own = "SELECT WHERE false", ()
        parts.append(f"(SELECT count(*) FROM ({sql}) ids)")
        parameters += own
    of_table = "(SELECT reltuples FROM pg_class WHERE oid = %s::regclass)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {of_table}, {', '.join(parts)}", [table, *parameters])
        size, *counts = cursor.fetchone() or (0, 0)
    return max(int(size), 1), [int(one) for one in counts]


class Way:
    """How the questions of one view are best answered; found out at most once for a view."""

    def __init__(self, table: str, asked: Sequence[Asked]) -> None:
        self.table, self.asked = table, asked
        self._narrow: list[Asked] | None = None
        self._expected = 0.0

    def _found(self) -> list[Asked]:
        """The narrow questions, the narrowest first. With one question alone the planner knows best."""
        if self._narrow is None:
            able = [one for one in self.asked if one.ids is not None] if len(self.asked) > 1 else []
            self._narrow = []
            if able:
                size, counts = counted(self.table, [one.ids for one in able if one.ids is not None])
                pairs = sorted(zip(counts, range(len(able)), strict=True))
                self._narrow = [able[place] for count, place in pairs if count <= NARROW]
                narrow = [count for count, _place in pairs if count <= NARROW]
                self._expected = narrow[0] * prod(min(1.0, one / size) for one in narrow[1:]) if narrow else 0.0
        return self._narrow

    def through(self, rows: QuerySet[Any, Any], *, is_sorted: bool) -> QuerySet[Any, Any]:
        """The rows that answer all questions; `is_sorted` when only the first ones of an order are wanted."""
        narrow = self._found()
        if not narrow or (is_sorted and self._expected > SORTED):
            narrow = []
        for one in self.asked:
            if one not in narrow and one.condition:
                rows = rows.filter(one.condition)
        if not narrow:
            return rows
        first, *others = [one.ids for one in narrow if one.ids is not None]
        for ids in others:
            first = first.filter(**{f"{_column(first)}__in": ids})
        return rows.filter(OneOf(F("id"), ArraySubquery(first)))


def _column(ids: QuerySet[Any, Any]) -> str:
    return str(next(iter(ids.query.values_select or ids.query.annotation_select)))
