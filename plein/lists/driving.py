# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which way through the data a view takes when several questions are asked at once.

Statistics know each question, not how they go together, and a list of fifty rows tempts the planner to walk through
everybody in the order of the list. So the questions that an index answers are counted first, no further than a cap:
the ids of the narrow ones are brought together, and only those records are looked at. Without a narrow one the list is
walked in its order, which then soon has a page.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BooleanField, F, Func, QuerySet

#: A question with at most so many answers is narrow.
NARROW = 20_000


class OneOf(Func):
    """Whether a value is among those a subquery finds: these are found first, whatever the planner thinks of them."""

    template = "(%(expressions)s)"
    arg_joiner = " = ANY"
    output_field = BooleanField()

    def as_sql(self, *arguments: Any, **more: Any) -> Any:
        sql, parameters = super().as_sql(*arguments, **more)
        return sql.replace(" = ANYARRAY(", " = ANY (ARRAY(", 1) + ")", parameters


def counted(questions: Sequence[QuerySet[Any, Any]]) -> list[int]:
    """How many rows each question leads to, counted no further than just past the cap, in one statement."""
    parts, parameters = [], list[Any]()
    for ids in questions:
        sql, own = ids.order_by()[: NARROW + 1].query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) ids)")
        parameters += own
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)
        return [int(one) for one in cursor.fetchone() or ()]


def driven(rows: QuerySet[Any, Any], questions: Sequence[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    """The rows, looked at only where the narrow questions among these lead to."""
    counts = counted(questions)
    narrow = [ids for _count, ids in sorted(zip(counts, questions, strict=True), key=_first) if _count <= NARROW]
    if not narrow:
        return rows
    first, *others = narrow
    for ids in others:
        column = next(iter(first.query.values_select or first.query.annotation_select))
        first = first.filter(**{f"{column}__in": ids})
    return rows.filter(OneOf(F("id"), ArraySubquery(first)))


def _first(pair: tuple[int, Any]) -> int:
    return pair[0]
