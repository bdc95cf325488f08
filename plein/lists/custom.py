# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fields that a company made itself, as fields of its lists: their keys are `c.` and the key of the field."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from plein.lists.columns import heading_of_choice, heading_of_day, heading_of_text
from plein.lists.conditions import BadFilter
from plein.lists.fields import Choice, Chosen, Edit, ListField, Money, Question, Ref, Value
from plein.lists.keyset import Segment
from plein.lists.operators import FieldType, days_between
from plein.lists.outcomes import Outcome
from plein.metadata.actions import set_value_of_many, set_values
from plein.metadata.models import Field, ValueRow
from plein.metadata.queries import catalog, cells_for, condition, known_with_values, operators_of, reach, sort_segments
from plein.metadata.queries.cells import Cells, referred_model
from plein.metadata.wording import amount_of
from plein.trust.seats import Entrance

PREFIX = "c."
#: What lists ask about time beyond what fields do; it becomes a question between two days.
SPANS = ("last", "next", "older", "this")
NOTHING = Cells()
HEADINGS = {
    FieldType.TEXT: heading_of_text,
    FieldType.CHOICE: heading_of_choice,
    FieldType.DATE: heading_of_day,
    FieldType.RELATION: heading_of_choice,
}


class Page:
    """The values of the records of a page, read once however many of these fields are columns."""

    def __init__(self, values_model: type[ValueRow], fields: Sequence[Field]) -> None:
        self.values_model, self.fields = values_model, fields
        self.ids: tuple[UUID, ...] = ()
        self.cells: Mapping[UUID, Cells] = {}

    def of(self, records: Sequence[Any]) -> Mapping[UUID, Cells]:
        ids = tuple(record.id for record in records)
        if ids != self.ids or not ids:
            self.ids, self.cells = ids, cells_for(self.values_model, ids, self.fields)
        return self.cells


def made_fields(kind: str, values_model: type[ValueRow]) -> list[ListField]:
    """The company's own fields of a kind, those that were retired too: one query."""
    fields = catalog().of(kind, with_retired=True)
    page = Page(values_model, fields)
    return [list_field(one, values_model, page) for one in fields]


def list_field(one: Field, values_model: type[ValueRow], page: Page) -> ListField:
    """A field of a list for a field of the company."""
    kind = FieldType(one.type)
    dates = ("last", "next", "older", "this") if kind == FieldType.DATE else ()
    return ListField(
        key=PREFIX + one.key,
        label=one.label,
        type=kind,
        load=lambda records: {id: value_of(one, cells) for id, cells in page.of(records).items()},
        where=lambda question: _where(one, question, values_model),
        reach=lambda question: _reach(one, question, values_model),
        operators=(*operators_of(one.type), *dates),
        sort=_sort(one),
        choices=(lambda: [Choice(*pair) for pair in one.choice_words().items()]) if one.choices else None,
        names=(lambda values: _names(values_model, values)) if kind == FieldType.RELATION else None,
        heading=HEADINGS.get(kind),
        edit=None if one.is_retired else _edit(one, values_model),
        classes="end" if kind in (FieldType.NUMBER, FieldType.MONEY) else "text-cell",
        target=("person", "organization") if kind == FieldType.RELATION else (),
        is_retired=one.is_retired,
    )


def value_of(one: Field, cells: Cells) -> Value:
    """What stands in a field, as a cell of a list."""
    kept = cells.value(one)
    if kept is None:
        return None
    match FieldType(one.type):
        case FieldType.NUMBER:
            return Decimal(str(kept))
        case FieldType.MONEY:
            return Money(amount_of(kept), kept["currency"])
        case FieldType.DATE:
            return date.fromisoformat(kept)
        case FieldType.CHOICE:
            return Chosen(kept, one.choice_words().get(kept, kept))
        case FieldType.CHOICES:
            words = one.choice_words()
            return tuple(Chosen(key, words.get(key, key)) for key in kept)
        case FieldType.RELATION:
            id = UUID(kept)
            return Ref(id, cells.names[id], "", reverse("relations:relation", args=[id])) if id in cells.names else None
    return kept if isinstance(kept, bool) else str(kept)


def _where(one: Field, question: Question, values_model: type[ValueRow]) -> Q:
    operator, values = question.operator, list(question.values)
    if operator in SPANS:
        operator, values = "between", list(days_between(operator, values))
    try:
        return condition(one, operator, values, values_model)
    except ValueError as trouble:
        raise BadFilter(str(trouble)) from trouble


def _reach(one: Field, question: Question, values_model: type[ValueRow]) -> QuerySet[Any, Any] | None:
    operator, values = question.operator, list(question.values)
    if operator in SPANS:
        operator, values = "between", list(days_between(operator, values))
    try:
        return reach(one, operator, values, values_model)
    except ValueError as trouble:
        raise BadFilter(str(trouble)) from trouble


def _sort(one: Field) -> tuple[Segment, ...] | None:
    plan = sort_segments(one)
    if plan is None:
        return None
    return tuple(
        Segment(
            stretch.only,
            ((stretch.by, False), ("id", False)) if stretch.by else (("id", False),),
            lambda: plan.annotations,
        )
        for stretch in plan.stretches
    )


def _names(values_model: type[ValueRow], values: Sequence[str]) -> Any:
    return referred_model(values_model)._default_manager.filter(id__in=list(values)).values_list("id", "name")


def _edit(one: Field, values_model: type[ValueRow]) -> Edit:
    def initial(record: Any) -> Any:
        return known_with_values(values_model, record.id)[1].written(one)

    def save(actor: Entrance, record: Any, value: Any, based_on: int) -> Any:
        versions = {one.group_id: based_on}
        set_values(actor=actor, values_model=values_model, record=record, values={one.key: value}, based_on=versions)
        return record

    def many(actor: Entrance, ids: list[UUID], value: Any) -> Outcome:
        return Outcome(set_value_of_many(actor=actor, values_model=values_model, ids=ids, field=one, raw=value))

    return Edit(
        attribute=one.key,
        initial=initial,
        save=save,
        verb="set_values",
        is_required=one.is_required,
        made=one,
        version=lambda record: known_with_values(values_model, record.id)[1].version(one),
        many=many,
    )
