# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, FilteredRelation, Q

from plein.core.isolation import current, workspace_id
from plein.core.isolation.cells import range_of
from plein.metadata.models import Field
from plein.metadata.vocabulary import FieldType


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
    name, (first, behind) = f"c{one.id.hex}", range_of(one.id.hex)
    # Both locks: the joined cells are those of the context too.
    circles = list(current().circles)
    scope = Q(cells__key__gte=first, cells__key__lt=behind, cells__workspace_id=workspace_id())
    annotations: dict[str, Any] = {name: FilteredRelation("cells", condition=scope & Q(cells__circle_id__in=circles))}
    value = f"{name}_key"
    annotations[value] = F(f"{name}__key")
    empty = Stretch(Q(**{f"{value}__isnull": True}))
    if one.type in (FieldType.CHOICE, FieldType.YES_NO):
        keys = [each["key"] for each in one.choices] if one.type == FieldType.CHOICE else ["1", "0"]
        return SortPlan(annotations, (*(Stretch(Q(**{value: first + key})) for key in keys), empty))
    by = value
    if one.type == FieldType.RELATION:
        by = f"{name}_name"
        annotations[by] = F(f"{name}__ref__sort_name")
    return SortPlan(annotations, (Stretch(Q(**{f"{value}__isnull": False}), by), empty))
