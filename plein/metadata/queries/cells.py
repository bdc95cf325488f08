# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import models

from plein.metadata.models import Field, ValueRow
from plein.metadata.vocabulary import FieldType
from plein.metadata.wording import words, written


@dataclass(frozen=True, slots=True)
class Cells:
    """What the reader may see of the values of one record.

    `versions` are those of its rows, by group: what an edit says it was based on. `names` are those of relations that
    values refer to.
    """

    values: dict[str, Any] = field(default_factory=dict)
    versions: dict[UUID, int] = field(default_factory=dict)
    names: Mapping[UUID, str] = field(default_factory=dict)

    def value(self, one: Field) -> Any:
        """The value as it is kept, None for nothing."""
        return self.values.get(str(one.id))

    def words(self, one: Field) -> str:
        return words(one, self.value(one), self.names)

    def written(self, one: Field) -> Any:
        """The value as it stands in its control."""
        return written(one, self.value(one))

    def version(self, one: Field) -> int:
        """The version an edit of this field is based on; 0 before anything was written in its group."""
        return self.versions.get(one.group_id, 0)


NOTHING = Cells()


def referred_model(values_model: type[ValueRow]) -> type[models.Model]:
    """What a field of type relation points at."""
    references: dict[str, Any] = {one.name: one for one in values_model.cell_model._meta.concrete_fields}
    target: type[models.Model] = references["ref"].related_model
    return target


def names_of(values_model: type[ValueRow], ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of relations that values refer to, of those the reader may see."""
    if not ids:
        return {}
    manager = referred_model(values_model)._default_manager
    return {one.pk: str(one) for one in manager.filter(id__in=ids)}


def cells_for(
    values_model: type[ValueRow], ids: Sequence[UUID], fields: Sequence[Field] | None = None
) -> dict[UUID, Cells]:
    """The values of all these records at once: one query, and one more where fields refer to relations.

    Without `fields` nothing that refers to a relation is given.
    """
    wanted = None if fields is None else {str(one.id) for one in fields}
    referring = {str(one.id) for one in fields or () if one.type == FieldType.RELATION}
    of_record = f"{values_model.record_name}_id"
    rows = values_model.objects.filter(**{f"{of_record}__in": list(ids)})
    if fields is not None:
        rows = rows.filter(group_id__in={one.group_id for one in fields})
    found: dict[UUID, Cells] = {}
    far: set[UUID] = set()
    names: dict[UUID, str] = {}
    for row in rows:
        cells = found.setdefault(row.record_id, Cells(names=names))
        cells.versions[row.group_id] = row.version
        cells.values.update({key: one for key, one in row.values.items() if wanted is None or key in wanted})
        far |= {UUID(row.values[key]) for key in referring if key in row.values}
    names.update(names_of(values_model, far))
    for cells in found.values():
        for key in referring & cells.values.keys():
            if UUID(cells.values[key]) not in names:
                del cells.values[key]
    return found
