# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from plein.core.isolation import default_circle_id
from plein.metadata.models import Field, FieldGroup, FieldIndex


@dataclass(frozen=True, slots=True)
class Catalog:
    """Every field the reader may see, retired ones included, in order. Read it once for a request and hand it on."""

    fields: tuple[Field, ...]

    def of(self, kind: str, *, with_retired: bool = False) -> list[Field]:
        """The fields of people, organizations or moments."""
        return [one for one in self.fields if kind in one.kinds and (with_retired or not one.is_retired)]

    def by_key(self, key: str, kind: str = "") -> Field | None:
        """The field of that key, retired or not; of several the oldest."""
        found = [one for one in self.fields if one.key == key and (not kind or kind in one.kinds)]
        return min(found, key=lambda one: (one.is_retired, one.id), default=None)

    def by_id(self, field_id: UUID | str) -> Field | None:
        return next((one for one in self.fields if str(one.id) == str(field_id)), None)

    def shown(self, kind: str, *, tags: Collection[UUID] = (), view: UUID | None = None) -> list[Field]:
        """The fields that belong on a record with these tags, opened from this view."""
        return [one for one in self.of(kind) if belongs(one, tags=tags, view=view)]

    def groups(self, kind: str = "") -> list[tuple[FieldGroup, list[Field]]]:
        """The fields in use by group, in order; groups without any are left out."""
        found: dict[UUID, tuple[FieldGroup, list[Field]]] = {}
        for one in self.fields:
            if not one.is_retired and (not kind or kind in one.kinds):
                found.setdefault(one.group_id, (one.group, []))[1].append(one)
        return list(found.values())


def belongs(field: Field, *, tags: Collection[UUID] = (), view: UUID | None = None) -> bool:
    """Whether a field is meant for a record with these tags, opened from this view."""
    has_tag = not field.tags or any(tag in field.tags for tag in tags)
    return has_tag and (not field.views or view in field.views)


def distinct(fields: Sequence[Field]) -> tuple[Field, ...]:
    """The same fields, no two of them by one key for this reader, so that no value is written into another's circle.

    Two have one when a group moved out of sight of whoever made the second. The one that everybody sees keeps it.
    """
    everyone = default_circle_id()
    taken: dict[tuple[str, str], Field] = {}
    for one in sorted(fields, key=lambda one: (one.circle_id != everyone, one.is_retired, one.id)):
        if any(taken.setdefault((one.key, kind), one) is not one for kind in one.kinds):
            one.key = f"{one.key}_{one.id.hex[-6:]}"
    return tuple(fields)


def readable() -> QuerySet[Field]:
    """Every field the reader may see, in order."""
    filled = FieldIndex.objects.filter(field_id=OuterRef("id"), filled_at__isnull=False)
    return (
        Field.objects.select_related("group")
        .annotate(has_cells=Exists(filled))
        .order_by("group__position", "group_id", "position", "id")
    )


def catalog() -> Catalog:
    """Every field the reader may see: one query."""
    return Catalog(distinct(list(readable())))


def fields_of(kind: str) -> list[Field]:
    """The fields in use of people, organizations or moments: one query."""
    return catalog().of(kind)
