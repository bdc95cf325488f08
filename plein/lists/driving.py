# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which way through the data a view takes when several questions are asked at once.

Statistics know each question, not how they go together, and a list of fifty rows tempts the planner to walk through
everybody in the order of the list. So the planner is first asked how much it expects each question to lead to along an
index. When few records should answer the narrow ones together, these are brought together once, in memory, and only
they are looked at: by the page, by its count and by what stands beside a record. Where so many are expected to fit that
the first page is soon full, the list is walked in its order instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value

from plein.core.finding.finder import is_scoped, looking

#: A question with at most so many answers is narrow: its ids are read from an index alone, a few for a microsecond,
#: and fit in the memory that an operation of the database may take.
NARROW = 120_000
#: No more records than this are brought together. With more expected, a page is soon full by walking.
FEW = 12_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a view: as a condition, and as the ids it leads to along an index, if one leads there."""

    condition: Q
    ids: QuerySet[Any, Any] | None = None


@dataclass(frozen=True, slots=True)
class Together:
    """Records that answer all narrow questions: their ids as PostgreSQL writes an array of them, and how many.

    They stay text, because they only go back to where they came from; one may occur twice. One more than a few means
    there may be others.
    """

    ids: str
    count: int

    @property
    def is_all(self) -> bool:
        return self.count <= FEW


class OneOf(Func):
    """Whether a value is among those a subquery finds: these are found first, whatever the planner thinks of them."""

    template = "(%(expressions)s)"
    arg_joiner = " = ANY"
    output_field = BooleanField()

    def as_sql(self, *arguments: Any, **more: Any) -> Any:
        sql, parameters = super().as_sql(*arguments, **more)
        return sql.replace(" = ANYARRAY(", " = ANY (ARRAY(", 1) + ")", parameters


class OneOfThese(Func):
    """Whether an id is among some that are known, handed over as one value and not as thousands."""

    template = "(%(expressions)s::uuid[]))"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


def _sql(ids: QuerySet[Any, Any]) -> tuple[str, list[Any]]:
    try:
        sql, parameters = ids.order_by().query.sql_with_params()
    except EmptyResultSet:
        # Nobody can answer it, such as an owner in a team without anybody.
        return "SELECT NULL::uuid WHERE false", []
    return sql, list(parameters)


def expected(table: str, questions: Sequence[QuerySet[Any, Any]]) -> tuple[float, list[float]]:
    """How many records the planner expects in a table, and how many each question leads to: one cheap statement."""
    parts, parameters = [f"(SELECT count(*) FROM (SELECT FROM {connection.ops.quote_name(table)}) all_of_them)"], []
    for ids in questions:
        sql, own = _sql(ids)
        parts.append(f"(SELECT count(*) FROM ({sql}) ids)")
        parameters += own
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT {', '.join(parts)}", parameters)
        [(found,)] = cursor.fetchall()
    # One plan for each part, in their order: a count, and below it what is counted.
    rows = [sum(float(below["Plan Rows"]) for below in one.get("Plans", ())) for one in found[0]["Plan"]["Plans"]]
    return max(rows[0], 1.0), rows[1:]


def together(first: QuerySet[Any, Any], others: Sequence[QuerySet[Any, Any]]) -> Together:
    """What all of these lead to: the first is read along its index until enough fit, the others are in memory by then.

    IS TRUE keeps the planner from making a join of it, which would be a look in an index for each id at ten times the
    price; OFFSET 0 from reading the first question by another way than its own index. Where it may, the finder does it:
    asking row-level security about each of a hundred thousand ids would take as long as reading them.
    """
    sql, parameters = _sql(first)
    fitting = f"SELECT d.id FROM ({sql} OFFSET 0) AS d (id) WHERE d.id IS NOT NULL"
    for ids in others:
        sql, own = _sql(ids)
        fitting += f" AND (d.id IN ({sql})) IS TRUE"
        parameters += own
    with looking() if is_scoped(fitting) else connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(array_agg(id), '{{}}')::text, count(*) FROM ({fitting} LIMIT {FEW + 1}) found", parameters
        )
        [(ids_found, count)] = cursor.fetchall()
    return Together(ids_found, count)


class Way:
    """How the questions of one view are best answered; found out at most once for a view."""

    def __init__(self, table: str, asked: Sequence[Asked]) -> None:
        self.table, self.asked = table, asked
        self._narrow: list[Asked] | None = None
        self._expected = 0.0
        self._together: Together | None = None

    def _found(self) -> list[Asked]:
        """The narrow questions, the narrowest first. With one question alone the planner knows best."""
        if self._narrow is None:
            able = [one for one in self.asked if one.ids is not None] if len(self.asked) > 1 else []
            self._narrow = []
            if able:
                size, counts = expected(self.table, [one.ids for one in able if one.ids is not None])
                pairs = sorted(zip(counts, range(len(able)), strict=True))
                self._narrow = [able[place] for count, place in pairs if count <= NARROW]
                self._expected = size * prod(min(1.0, count / size) for count, _place in pairs if count <= NARROW)
        return self._narrow

    def _brought_together(self) -> Together | None:
        """What answers every narrow question, or None when there is no such question."""
        narrow = self._found()
        if narrow and self._together is None:
            *others, widest = [one.ids for one in narrow if one.ids is not None]
            self._together = together(widest, others)
        return self._together

    def _rest(self, rows: QuerySet[Any, Any], answered: Sequence[Asked] = ()) -> QuerySet[Any, Any]:
        for one in self.asked:
            if one not in answered and one.condition:
                rows = rows.filter(one.condition)
        return rows

    def _among(self, rows: QuerySet[Any, Any], found: Together) -> QuerySet[Any, Any]:
        """Those of what was brought together that answer the other questions as well."""
        ids = Value(found.ids, output_field=TextField())
        return self._rest(rows, self._found()).filter(OneOfThese(F("id"), ids))

    def through(self, rows: QuerySet[Any, Any], *, is_sorted: bool) -> QuerySet[Any, Any]:
        """The rows that answer all questions; `is_sorted` when only the first ones of an order are wanted."""
        narrow = self._found()
        if not narrow or (is_sorted and self._expected > FEW):
            return self._rest(rows)
        found = self._brought_together()
        if found is not None and found.is_all:
            return self._among(rows, found)
        if is_sorted:
            return self._rest(rows)
        first, *others = [one.ids for one in narrow if one.ids is not None]
        for ids in others:
            first = first.filter(**{f"{_column(first)}__in": ids})
        return self._rest(rows, narrow).filter(OneOf(F("id"), ArraySubquery(first)))

    def count(self, rows: QuerySet[Any, Any], cap: int) -> int | None:
        """How many rows answer all questions, no further than just past the cap; None when that is still to count."""
        found = self._brought_together()
        if found is None:
            return None
        count = self._among(rows, found).order_by()[: cap + 1].count()
        return count if count > cap or found.is_all else None


def _column(ids: QuerySet[Any, Any]) -> str:
    return str(next(iter(ids.query.values_select or ids.query.annotation_select)))
