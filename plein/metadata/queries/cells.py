# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, F, Func, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Cast, JSONObject

from plein.core.finding import suggest
from plein.core.finding.search import fold
from plein.metadata.models import Field, FieldGroup, ValueRow
from plein.metadata.queries.catalog import Catalog, distinct, readable
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
        value = self.value(one)
        return self.words(one) if one.type == FieldType.RELATION else written(one, value)

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


def named(values_model: type[ValueRow], name: str) -> list[UUID]:
    """The relations of exactly this name that the reader may see."""
    model = referred_model(values_model)
    near = model._default_manager.filter(id__in=suggest(name, limit=30))
    return [one.pk for one in near if fold(str(one)) == fold(name)]


class Kept(Func):
    """What a JSON object holds under a key."""

    arg_joiner = " -> "
    template = "(%(expressions)s)"
    output_field = models.JSONField()


class KeptText(Func):
    """The same, as text."""

    arg_joiner = " ->> "
    template = "(%(expressions)s)"
    output_field = models.TextField()


def _with_values(values_model: type[ValueRow], record: Any) -> QuerySet[Field]:
    """The fields the reader may see, each with what stands in it for one record and the name of what it refers to."""
    rows = values_model.objects.filter(group_id=OuterRef("group_id"), **{f"{values_model.record_name}_id": record})
    key = Cast("id", models.TextField())
    far = When(type=FieldType.RELATION, then=Cast(KeptText(F("row_values"), key), models.UUIDField()))
    names = referred_model(values_model)._default_manager.filter(id=OuterRef("far"))
    return readable().annotate(
        row_values=Subquery(rows.values("values")[:1]),
        row_version=Subquery(rows.values("version")[:1]),
        kept=Kept(F("row_values"), key),
        far=Case(far, default=None, output_field=models.UUIDField()),
        far_name=Subquery(names.values("name")[:1]),
    )


def _gather(fields: Sequence[Field]) -> tuple[Catalog, Cells]:
    cells, names = Cells(), dict[UUID, str]()
    for one in fields:
        row: Any = one
        if row.row_version is not None:
            cells.versions[one.group_id] = row.row_version
        if row.kept is None or (row.far is not None and row.far_name is None):
            continue
        cells.values[str(one.id)] = row.kept
        if row.far is not None:
            names[row.far] = row.far_name
    return Catalog(distinct(fields)), replace(cells, names=names)


def known_with_values(values_model: type[ValueRow], record_id: UUID) -> tuple[Catalog, Cells]:
    """The fields and what stands in them for one record: one query."""
    return _gather(list(_with_values(values_model, record_id)))


_GROUP = ("id", "name_nl", "name_en", "position", "circle_id")
_FIELD = (
    *("id", "key", "type", "label_nl", "label_en", "help_nl", "help_en", "kinds", "tags", "views", "is_required"),
    *("settings", "choices", "position", "retired_at", "has_cells", "row_version", "kept", "far", "far_name"),
)


def values_within(values_model: type[ValueRow]) -> ArraySubquery:
    """An annotation of a query set of records that `values_found` reads: no query of its own."""
    pairs = {name: name for name in _FIELD} | {f"group__{name}": f"group__{name}" for name in _GROUP}
    return ArraySubquery(_with_values(values_model, OuterRef(OuterRef("id"))).values(found=JSONObject(**pairs)))


def values_found(rows: Sequence[Mapping[str, Any]]) -> tuple[Catalog, Cells]:
    """The fields and what stands in them, as `values_within` brought them home with a record."""
    fields, groups = [], dict[str, FieldGroup]()
    for row in rows:
        own = {name: row[f"group__{name}"] for name in _GROUP}
        group = groups.setdefault(own["id"], FieldGroup(**own | {"id": UUID(own["id"])}))
        plain = {name: row[name] for name in _FIELD[:15]}
        plain |= {"id": UUID(row["id"]), "tags": [UUID(tag) for tag in row["tags"]]}
        plain["views"] = [UUID(view) for view in row["views"]]
        one: Any = Field(group=group, circle_id=group.circle_id, **plain)
        one.has_cells, one.row_version, one.kept = row["has_cells"], row["row_version"], row["kept"]
        one.far, one.far_name = row["far"] and UUID(row["far"]), row["far_name"]
        fields.append(one)
    return _gather(fields)


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
