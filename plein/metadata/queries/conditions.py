# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions about values, as conditions that follow an index.

A field that is asked for has cells (ADR 0014): a question is then `EXISTS` over them, with leakproof operators only.
Of any other field the values are looked through by the finder, which brings home no more than a cap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from plein.core.finding import find_ids
from plein.core.finding.finder import looking, scoped
from plein.core.finding.search import fold
from plein.core.isolation.cells import LONGEST, each_of, values_of
from plein.metadata.models import Field, ValueRow
from plein.metadata.reading import read, relation_id
from plein.metadata.refusals import Unreadable
from plein.metadata.vocabulary import OPERATORS, FieldType

#: The most records that a question about a field without cells brings home.
CAP = 1000
END = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Test:
    """A question about cells: alternatives of comparisons `(column, lookup, value)`; `is_not` for its opposite."""

    __test__ = False

    alternatives: tuple[tuple[tuple[str, str, Any], ...], ...] = ((),)
    is_not: bool = False
    is_every: bool = False


def operators_of(type: str) -> tuple[str, ...]:
    """What can be asked of a type."""
    return OPERATORS[type]


def _numbers(field: Field, operator: str, values: Sequence[Any]) -> Test:
    amounts: list[float] = []
    same: tuple[tuple[str, str, Any], ...] = ()
    for value in values:
        kept = read(field, str(value) if isinstance(value, Decimal) else value)
        if field.type == FieldType.MONEY:
            amounts.append(float(kept["amount"]))
            same = (("text", "exact", kept["currency"]),)
        else:
            amounts.append(float(kept))
    match operator:
        case "min":
            bounds: tuple[tuple[str, str, Any], ...] = (("number", "gte", amounts[0]),)
        case "max":
            bounds = (("number", "lte", amounts[0]),)
        case "between":
            bounds = (("number", "gte", min(amounts)), ("number", "lte", max(amounts)))
        case _:
            bounds = (("number", "exact", amounts[0]),)
    return Test(((*bounds, *same),), is_not=operator == "not")


def _days(field: Field, operator: str, values: Sequence[Any]) -> Test:
    days = [None if value is None else date.fromisoformat(read(field, value)) for value in values]
    match operator:
        case "on":
            return Test(((("day", "exact", days[0]),),))
        case "before":
            return Test(((("day", "lt", days[0]),),))
        case "after":
            return Test(((("day", "gt", days[0]),),))
    first, last = days
    if first and last and first > last:
        first, last = last, first
    bounds = [("day", "gte", first)] if first else []
    return Test(((*bounds, *([("day", "lte", last)] if last else [])),))


def _texts(operator: str, values: Sequence[Any]) -> Test:
    folded = [fold(str(value).strip())[:LONGEST] for value in values]
    if operator == "starts":
        return Test(((("text", "gte", folded[0]), ("text", "lt", folded[0] + END)),))
    if operator == "has":
        return Test(((("text", "contains", folded[0]),),))
    return Test(((("text", "in", folded),),), is_not=operator == "not")


def _chosen(field: Field, operator: str, values: Sequence[Any]) -> Test:
    known = {one["key"] for one in field.choices}
    keys = [str(value) if str(value) in known else read_choice(field, value) for value in values]
    if operator == "all":
        return Test(tuple((("text", "exact", key),) for key in keys), is_every=True)
    return Test(((("text", "in", keys),),), is_not=operator == "not")


def _relation(field: Field, value: Any) -> UUID:
    found = relation_id(read(field, value))
    if found is None:
        raise Unreadable(_("Choose somebody from the list."))
    return found


def read_choice(field: Field, value: Any) -> str:
    """The key of a choice somebody named in a question."""
    kept = read(field, value)
    return str(kept[0] if isinstance(kept, list) else kept)


def test_of(field: Field, operator: str, values: Sequence[Any]) -> Test:
    """A question as comparisons of cells; raises Unreadable."""
    if operator not in OPERATORS[field.type]:
        raise Unreadable(f"{field.key}: {operator}")
    if operator in ("empty", "filled"):
        return Test(is_not=operator == "empty")
    if operator in ("yes", "no"):
        return Test(((("number", "exact", float(operator == "yes")),),))
    match FieldType(field.type):
        case FieldType.NUMBER | FieldType.MONEY:
            return _numbers(field, operator, values)
        case FieldType.DATE:
            return _days(field, operator, values)
        case FieldType.CHOICE | FieldType.CHOICES:
            return _chosen(field, operator, values)
        case FieldType.RELATION:
            ids = [_relation(field, value) for value in values]
            return Test(((("ref_id", "in", ids),),), is_not=operator == "not")
    return _texts(operator, values)


test_of.__test__ = False  # type: ignore[attr-defined]


def _cells(field: Field, values_model: type[ValueRow], comparisons: tuple[tuple[str, str, Any], ...]) -> Any:
    wanted = {f"{column}__{lookup}": value for column, lookup, value in comparisons}
    return values_model.cell_model._default_manager.filter(field_id=field.id, **wanted)


def condition(field: Field, operator: str, values: Sequence[Any], values_model: type[ValueRow]) -> Q:
    """A question as a condition on the query set of the records; raises Unreadable.

    While a field has no cells yet, the finder looks through its values and brings home the first thousand records: ask
    `actions.ensure_indexed` for its cells first, and `is_capped` whether they are there.
    """
    test = test_of(field, operator, values)
    if not field.is_indexed:
        found = Q(id__in=find_ids(*_looked_through(field, test, values_model), limit=CAP))
        return ~found if test.is_not else found
    of_it = {f"{values_model.record_name}_id": OuterRef("id")}
    whole = Q()
    for comparisons in test.alternatives:
        one = Q(Exists(_cells(field, values_model, comparisons).filter(**of_it)))
        whole = whole & one if test.is_every else whole | one
    return ~whole if test.is_not else whole


def is_capped(field: Field) -> bool:
    """Whether questions about a field bring home no more than the first thousand records, for now."""
    return not field.is_indexed


def reach(
    field: Field, operator: str, values: Sequence[Any], values_model: type[ValueRow]
) -> QuerySet[Any, Any] | None:
    """The ids that a question leads to along an index, to drive a list with; None where no index leads there."""
    test = test_of(field, operator, values)
    if test.is_not or not field.is_indexed or len(test.alternatives) > 1 or test.alternatives == ((),):
        return None
    found = _cells(field, values_model, test.alternatives[0])
    ids: QuerySet[Any, Any] = found.values(f"{values_model.record_name}_id")
    return ids


_SIGNS = {"exact": "=", "gte": ">=", "lte": "<=", "gt": ">", "lt": "<"}


def _compared(test: Test, alias: str, parameters: dict[str, Any], comparisons: tuple[tuple[str, str, Any], ...]) -> str:
    parts = ["true"]
    for column, lookup, value in comparisons:
        name = f"value{len(parameters)}"
        if lookup == "in":
            parts.append(f"{alias}.{column} = ANY (%({name})s)")
        elif lookup == "contains":
            parts.append(f"strpos({alias}.{column}, %({name})s) > 0")
        else:
            parts.append(f"{alias}.{column} {_SIGNS[lookup]} %({name})s")
        parameters[name] = value
    return " AND ".join(parts)


def _looked_through(field: Field, test: Test, values_model: type[ValueRow]) -> tuple[str, dict[str, Any]]:
    """The ids of the records whose values, looked at one by one, answer a question: without its `not`."""
    parameters: dict[str, Any] = {"field": str(field.id), "group": field.group_id, "type": field.type}
    record = f"{values_model.record_name}_id"
    parts = []
    for comparisons in test.alternatives:
        parts.append(
            f"SELECT v.{record} AS id FROM {values_model._meta.db_table} v"
            f" CROSS JOIN LATERAL {each_of('%(type)s', 'v.values -> %(field)s')}"
            f" CROSS JOIN LATERAL (SELECT {values_of('%(type)s', 'e.value')}) c"
            f" WHERE {{v}} AND v.group_id = %(group)s AND v.values ? %(field)s"
            f" AND {_compared(test, 'c', parameters, comparisons)}"
        )
    return (" INTERSECT " if test.is_every else " UNION ").join(parts), parameters


def _in_cells(field: Field, test: Test, values_model: type[ValueRow]) -> tuple[str, dict[str, Any]]:
    parameters: dict[str, Any] = {"field": field.id}
    record = f"{values_model.record_name}_id"
    parts = [
        f"SELECT c.{record} AS id FROM {values_model.cell_model._meta.db_table} c"
        f" WHERE {{c}} AND c.field_id = %(field)s AND {_compared(test, 'c', parameters, comparisons)}"
        for comparisons in test.alternatives
    ]
    return (" INTERSECT " if test.is_every else " UNION ").join(parts), parameters


def estimate(field: Field, operator: str, values: Sequence[Any], values_model: type[ValueRow]) -> int:
    """How many values answer a question, counted no further than just past a thousand; `not` is not looked at."""
    test = test_of(field, operator, values)
    statement, parameters = (_in_cells if field.is_indexed else _looked_through)(field, test, values_model)
    with looking() as cursor:
        cursor.execute(f"SELECT count(*) FROM (SELECT id FROM ({scoped(statement)}) f LIMIT {CAP + 1}) n", parameters)
        row = cursor.fetchone()
    return int(row[0]) if row else 0
