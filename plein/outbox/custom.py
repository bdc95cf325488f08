# SPDX-License-Identifier: AGPL-3.0-or-later
"""The company's own fields that a text may name, and their values, as far as the writer may see them."""

from collections.abc import Mapping
from uuid import UUID

from plein.metadata.queries import catalog, fields_of
from plein.metadata.vocabulary import FieldType
from plein.metadata.wording import words
from plein.relations.models import Relation
from plein.relations.values import RelationValues

KINDS = ("person", "organization")


def custom_fields() -> Mapping[str, str]:
    """The fields of people and organizations by the names that texts use, with what they are called."""
    known = catalog()
    return {f"{kind}.c.{one.key}": one.label for kind in KINDS for one in known.of(kind)}


def custom_value(relation_id: UUID, name: str) -> str:
    """The value of such a field of a relation in words, or nothing."""
    kind, _custom, key = name.split(".", 2)
    field = next((one for one in fields_of(kind) if one.key == key), None)
    if field is None:
        return ""
    rows = RelationValues.objects.filter(relation_id=relation_id, group_id=field.group_id)
    kept = next((row.values[str(field.id)] for row in rows if str(field.id) in row.values), None)
    names = {}
    if kept and field.type == FieldType.RELATION:
        names = dict(Relation.objects.filter(id=kept).values_list("id", "name"))
    return words(field, kept, names)
