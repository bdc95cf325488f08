# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions about values, as conditions that follow an index.

A field that is asked for has cells (ADR 0014): a question is then a stretch of keys, or a few keys, with leakproof
operators only. Of any other field the values are looked through by the finder, which brings home no more than a cap.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from plein.core.finding import find_ids
from plein.core.finding.finder import looking, scoped
from plein.core.finding.search import fold
from plein.core.isolation.cells import LONGEST, each_of, range_of
from plein.metadata.models import Field, ValueRow
from plein.metadata.reading import read, relation_id
from plein.metadata.refusals import Unreadable
from plein.metadata.vocabulary import OPERATORS, FieldType

#: The most records that a question about a field without cells brings home.
CAP = 1000
#: Behind every letter there is.
END = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Test:
    """A question about the letters of a value: one of these, or between two, or holding a text.

    `is_every` asks for all of `among`; `is_not` for the opposite of the rest.
    """

    __test__ = False

    among: tuple[str, ...] = ()
    start: str | None = None
    stop: str | None = None
    holds: str = ""
    is_every: bool = False
    is_not: bool = False


def operators_of(type: str) -> tuple[str, ...]:
    """What can be asked of a type."""
    return OPERATORS[type]


def sortable(number: float) -> str:
    """As the database's `plein_sortable`: a number in sixteen letters that sort as the numbers do."""
    bits: int = struct.unpack(">q", struct.pack(">d", number + 0.0))[0]
    return f"{(bits ^ (1 << 63) if bits >= 0 else ~bits) & ((1 << 64) - 1):016x}"


def _numbers(field: Field, operator: str, values: Sequence[Any]) -> Test:
    keys, lead = [], ""
    for value in values:
        kept = read(field, str(value) if isinstance(value, Decimal) else value)
        if field.type == FieldType.MONEY:
            lead = kept["currency"]
            keys.append(lead + sortable(float(kept["amount"])))
        else:
            keys.append(sortable(float(kept)))
    match operator:
        case "min":
            return Test(start=keys[0], stop=lead + END)
        case "max":
            return Test(start=lead, stop=keys[0] + "!")
        case "between":
            return Test(start=min(keys), stop=max(keys) + "!")
    return Test(among=(keys[0],), is_not=operator == "not")


def _days(field: Field, operator: str, values: Sequence[Any]) -> Test:
    days = ["" if value is None else date.fromisoformat(read(field, value)).isoformat() for value in values]
    match operator:
        case "on":
            return Test(among=(days[0],))
        case "before":
            return Test(start="", stop=days[0])
        case "after":
            return Test(start=days[0] + "!", stop=END)
    first, last = days
    if first and last and first > last:
        first, last = last, first
    return Test(start=first, stop=last + "!" if last else END)


def _texts(operator: str, values: Sequence[Any]) -> Test:
    folded = [fold(str(value).strip())[:LONGEST] for value in values]
    if operator == "starts":
        return Test(start=folded[0], stop=folded[0] + END)
    if operator == "has":
        return Test(start="", stop=END, holds=folded[0])
    return Test(among=tuple(folded), is_not=operator == "not")


def _chosen(field: Field, operator: str, values: Sequence[Any]) -> Test:
    known = {one["key"] for one in field.choices}
    keys = [str(value) if str(value) in known else _choice(field, value) for value in values]
    return Test(among=tuple(keys), is_not=operator == "not", is_every=operator == "all")


def _choice(field: Field, value: Any) -> str:
    """The key of a choice somebody named in a question."""
    kept = read(field, value)
    return str(kept[0] if isinstance(kept, list) else kept)


def _relation(field: Field, value: Any) -> str:
    found: UUID | None = relation_id(read(field, value))
    if found is None:
        raise Unreadable(_("Choose somebody from the list."))
    return str(found)


def test_of(field: Field, operator: str, values: Sequence[Any]) -> Test:
    """A question about a field; raises Unreadable."""
    if operator not in OPERATORS[field.type]:
        raise Unreadable(f"{field.key}: {operator}")
    if operator in ("empty", "filled"):
        return Test(start="", stop=END, is_not=operator == "empty")
    if operator in ("yes", "no"):
        return Test(among=("1" if operator == "yes" else "0",))
    match FieldType(field.type):
        case FieldType.NUMBER | FieldType.MONEY:
            return _numbers(field, operator, values)
        case FieldType.DATE:
            return _days(field, operator, values)
        case FieldType.CHOICE | FieldType.CHOICES:
            return _chosen(field, operator, values)
        case FieldType.RELATION:
            return Test(among=tuple(_relation(field, value) for value in values), is_not=operator == "not")
    return _texts(operator, values)


test_of.__test__ = False  # type: ignore[attr-defined]


def _stretch(field: Field, test: Test) -> tuple[str, str]:
    """Between which keys the cells lie that answer a question."""
    first, behind = range_of(field.id.hex)
    return first + (test.start or ""), behind if test.stop in (None, END) else first + str(test.stop)


def _cells(field: Field, values_model: type[ValueRow], test: Test) -> QuerySet[Any, Any]:
    """The cells that answer a question, leaving its `not` aside."""
    cells: QuerySet[Any, Any] = values_model.cell_model._default_manager.all()
    lead = range_of(field.id.hex)[0]
    if test.among:
        return cells.filter(key__in=[lead + key for key in test.among])
    start, stop = _stretch(field, test)
    found = cells.filter(key__gte=start, key__lt=stop)
    return (
        found.alias(letters=Substr("key", len(lead) + 1)).filter(letters__contains=test.holds) if test.holds else found
    )


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
    if test.is_every:
        whole = Q()
        for key in test.among:
            whole &= Q(Exists(_cells(field, values_model, Test(among=(key,))).filter(**of_it)))
        return whole
    whole = Q(Exists(_cells(field, values_model, test).filter(**of_it)))
    return ~whole if test.is_not else whole


def is_capped(field: Field) -> bool:
    """Whether questions about a field bring home no more than the first thousand records, for now."""
    return not field.is_indexed


def reach(
    field: Field, operator: str, values: Sequence[Any], values_model: type[ValueRow]
) -> QuerySet[Any, Any] | None:
    """The ids that a question leads to along an index, to drive a list with; None where no index leads there."""
    test = test_of(field, operator, values)
    if test.is_not or test.is_every or not field.is_indexed:
        return None
    ids: QuerySet[Any, Any] = _cells(field, values_model, test).values(f"{values_model.record_name}_id")
    return ids


def _looked_through(field: Field, test: Test, values_model: type[ValueRow]) -> tuple[str, dict[str, Any]]:
    """The ids of the records whose values, looked at one by one, answer a question: without its `not`."""
    parameters: dict[str, Any] = {"field": str(field.id), "group": field.group_id, "type": field.type}
    parameters |= {"among": list(test.among), "start": test.start or "", "stop": test.stop or END, "holds": test.holds}
    record = f"{values_model.record_name}_id"
    answers = 'k.key COLLATE "C" >= %(start)s AND k.key COLLATE "C" < %(stop)s AND strpos(k.key, %(holds)s) > 0'
    if test.among:
        answers = "k.key = ANY (%(among)s)"
    count = " GROUP BY 1 HAVING count(DISTINCT k.key) = cardinality(%(among)s::text[])" if test.is_every else ""
    return (
        f"SELECT {'' if count else 'DISTINCT '}v.{record} AS id FROM {values_model._meta.db_table} v"
        f" CROSS JOIN LATERAL {each_of('%(type)s', 'v.values -> %(field)s')}"
        " CROSS JOIN LATERAL (SELECT plein_key(%(type)s, e.value) AS key) k"
        f" WHERE {{v}} AND v.group_id = %(group)s AND v.values ? %(field)s AND {answers}{count}",
        parameters,
    )


def _in_cells(field: Field, test: Test, values_model: type[ValueRow]) -> tuple[str, dict[str, Any]]:
    lead = range_of(field.id.hex)[0]
    start, stop = _stretch(field, test)
    parameters = {"start": start, "stop": stop, "among": [lead + key for key in test.among], "holds": test.holds}
    answers = "c.key >= %(start)s AND c.key < %(stop)s"
    if test.among:
        answers = "c.key = ANY (%(among)s)"
    elif test.holds:
        answers += f" AND strpos(substr(c.key, {len(lead) + 1}), %(holds)s) > 0"
    cells = values_model.cell_model._meta.db_table
    return f"SELECT c.{values_model.record_name}_id AS id FROM {cells} c WHERE {{c}} AND {answers}", parameters


def estimate(field: Field, operator: str, values: Sequence[Any], values_model: type[ValueRow]) -> int:
    """How many values answer a question, counted no further than just past a thousand; `not` is not looked at."""
    test = test_of(field, operator, values)
    statement, parameters = (_in_cells if field.is_indexed else _looked_through)(field, test, values_model)
    with looking() as cursor:
        cursor.execute(f"SELECT count(*) FROM (SELECT id FROM ({scoped(statement)}) f LIMIT {CAP + 1}) n", parameters)
        row = cursor.fetchone()
    return int(row[0]) if row else 0
