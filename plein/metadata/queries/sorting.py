# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, FilteredRelation, Q

from plein.core.isolation import current, workspace_id
from plein.metadata.models import Field
from plein.metadata.vocabulary import FieldType

_COLUMNS = {
    FieldType.TEXT: "text",
    FieldType.LINK: "text",
    FieldType.NUMBER: "number",
    FieldType.MONEY: "number",
    FieldType.DATE: "day",
    FieldType.RELATION: "ref__sort_name",
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a sorted list: which records, and the annotation by which they are sorted, "" for none."""

    only: Q
    by: str = ""


@dataclass(frozen=True, slots=True)
class SortPlan:
    """How a list is sorted by a field: what to annotate the records with, and the stretches in rising order.

    After `by` sort by `id`, then each stretch follows an index. What is empty comes last.
    """

    annotations: dict[str, Any] = field(default_factory=dict)
    stretches: tuple[Stretch, ...] = ()


def sort_segments(one: Field) -> SortPlan | None:
    """How to sort by a field; None when it cannot be, or not yet because it has no cells."""
    if not one.is_indexed or one.type == FieldType.CHOICES:
        return None
    name = f"c{one.id.hex}"
    # Both locks: the joined cells are those of the context too.
    scope = Q(cells__field_id=one.id, cells__workspace_id=workspace_id(), cells__circle_id__in=list(current().circles))
    annotations: dict[str, Any] = {name: FilteredRelation("cells", condition=scope)}
    empty = Stretch(Q(**{f"{name}__id__isnull": True}))
    if one.type in (FieldType.CHOICE, FieldType.YES_NO):
        column, keys = ("text", [each["key"] for each in one.choices]) if one.type == FieldType.CHOICE else (
            "number", [1.0, 0.0]
        )  # fmt: skip
        stretches = [Stretch(Q(**{f"{name}__{column}": key})) for key in keys]
    else:
        annotations[f"{name}_value"] = F(f"{name}__{_COLUMNS[FieldType(one.type)]}")
        stretches = [Stretch(Q(**{f"{name}__id__isnull": False}), f"{name}_value")]
    return SortPlan(annotations, (*stretches, empty))
