# SPDX-License-Identifier: AGPL-3.0-or-later
"""Recorded changes in words: which thing, what was done to it, and each field before and after."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.core.models import Change
from plein.core.operations import ChangeLine, Conflict
from plein.metadata.models import ValueRow
from plein.metadata.queries import Catalog, catalog
from plein.metadata.reading import relation_id
from plein.metadata.wording import words
from plein.moments.models import MomentSubject, MomentValues
from plein.relations.models import Relation, RelationValues
from plein.trust.models import Seat
from plein.web.human_dates import long_date, when

type AnyField = models.Field[Any, Any]

LONGEST_VALUE = 280
#: The column that names a row of a table, here or in the table it points at.
NAMING = {
    "relations_relation": "name",
    "relations_contact_point": "display",
    "relations_contact_point_link": "contact_point__value",
    "relations_important_date": "note",
    "relations_membership": "role",
    "relations_interest": "text",
    "relations_tag": "name",
    "relations_tie_type": "key",
    "moments_subject": "title",
    "moments_todo": "title",
    "moments_attachment": "name",
    "trust_team": "name",
}
#: What people call the rows of a table, where its model speaks our own language.
THINGS: dict[str, str | Promise] = {"relations_contact_point_link": gettext_lazy("contact point")}
#: Fields whose model gives them no words of their own, because no form shows them.
LABELS: dict[str, str | Promise] = {
    "circle_id": gettext_lazy("who sees it"),
    "own_circle_id": gettext_lazy("who sees it"),
    "owner_id": gettext_lazy("owner"),
    "value": gettext_lazy("address or number"),
    "display": gettext_lazy("as written"),
    "is_primary": gettext_lazy("first choice"),
    "revoked_at": gettext_lazy("taken back"),
    "relation_id": gettext_lazy("relation"),
    "person_id": gettext_lazy("person"),
    "organization_id": gettext_lazy("organization"),
    "one_id": gettext_lazy("one side"),
    "type_id": gettext_lazy("kind of tie"),
    "other_id": gettext_lazy("other side"),
    "assignee_id": gettext_lazy("who does it"),
    "heard_name": gettext_lazy("name as heard"),
    "title": gettext_lazy("subject"),
}
DONE = {"I": gettext_lazy("added"), "U": gettext_lazy("changed"), "D": gettext_lazy("removed"),
        "X": gettext_lazy("removed on request")}  # fmt: skip
OF_RELATIONS = ("relation_id", "person_id", "organization_id", "one_id", "other_id")
OF_COLLEAGUES = ("trust_seat", "trust_team_member")
OF_VALUES = frozenset(model._meta.db_table for model in (RelationValues, MomentValues))
OF_SEATS = ("owner_id", "assignee_id", "seat_id", "done_by_id", "recorded_by_id")
CIRCLES = frozenset({"circle_id", "own_circle_id"})
PAGES = {"relations_relation": "relations:relation", "moments_moment": "moments:moment", "moments_todo": "moments:todo"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One changed thing, ready to show."""

    row_id: UUID
    operation_id: UUID
    thing: str
    name: str
    done: str
    kind: str
    about: str
    href: str
    fields: list[FieldChange] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """What we need of a change, wherever it was read."""

    table: str
    kind: str
    row_id: UUID
    about_id: UUID
    operation_id: UUID
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    circle_id: int | None = None


def of_change(change: Change) -> Row:
    """A change as the history keeps it."""
    return Row(change.table_name, change.kind, change.row_id, change.about_id, change.operation_id,
               change.before or {}, change.after or {})  # fmt: skip


def of_conflict(one: Conflict) -> Row:
    """What an operation did to a row that was changed since."""
    return Row(one.table, one.kind, one.row_id, one.about_id, one.row_id, one.before, one.made)


def of_line(line: ChangeLine, about: UUID) -> Row:
    """A change as the history of one record gives it."""
    return Row(line.table, line.kind, line.row_id, about, line.operation_id, line.before, line.after)


def models_by_table() -> dict[str, type[models.Model]]:
    """Which model a table belongs to."""
    return {model._meta.db_table: model for model in apps.get_models() if not model._meta.proxy}


class Names:
    """The names of the rows, relations and colleagues that a stretch of history mentions: one query for each table."""

    def __init__(self, rows: Iterable[Row]) -> None:
        rows = list(rows)
        self.by_row: dict[UUID, str] = {}
        self.pages: dict[UUID, str] = {}
        self.seats: dict[str, str] = {}
        wanted: dict[str, set[UUID]] = {}
        for row in rows:
            if row.kind == "D" and row.table in NAMING:
                self.by_row[row.row_id] = str(row.before.get(NAMING[row.table]) or "")
            elif row.table in NAMING:
                wanted.setdefault(row.table, set()).add(row.row_id)
        about = {row.about_id for row in rows}
        self._read_rows(wanted)
        self._read_relations(about | set(_uuids(rows, *OF_RELATIONS)) | set(_referred(rows)))
        self._read_subjects({row.about_id for row in rows if row.table.startswith("moments_")})
        self.known = catalog() if any(row.table in OF_VALUES for row in rows) else Catalog(())
        if any(row.table in OF_COLLEAGUES for row in rows) or _uuids(rows, *OF_SEATS):
            self.seats = {str(seat.id): str(seat) for seat in Seat.objects.select_related("user")}

    def _found(self, table: str, names: Iterable[tuple[UUID, str]]) -> None:
        for row_id, name in names:
            self.by_row.setdefault(row_id, name)
            if table in PAGES:
                self.pages[row_id] = page_of(table, row_id)

    def _read_rows(self, wanted: dict[str, set[UUID]]) -> None:
        known = models_by_table()
        for table, ids in wanted.items():
            if table != "relations_relation":
                self._found(table, known[table]._base_manager.filter(id__in=ids).values_list("id", NAMING[table]))

    def _read_relations(self, ids: set[UUID]) -> None:
        if ids:
            self._found("relations_relation", Relation.objects.filter(id__in=ids).values_list("id", "name"))

    def _read_subjects(self, ids: set[UUID]) -> None:
        if ids:
            subjects = MomentSubject.objects.filter(moment_id__in=ids).values_list("moment_id", "title")
            self._found("moments_moment", subjects)

    def value_changes(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> list["FieldChange"]:
        """Own fields of which the value changed; those that this reader does not know are left out."""
        changes = []
        for key in dict.fromkeys([*before, *after]):
            field = self.known.by_id(key)
            if field is not None and before.get(key) != after.get(key):
                was, became = (words(field, values.get(key), self.by_row) for values in (before, after))
                changes.append(FieldChange(field.label, was, became))
        return changes

    def of(self, row_id: UUID | str | None) -> str:
        """The name of a row, or nothing."""
        try:
            return self.by_row.get(UUID(str(row_id)), "") or self.seats.get(str(row_id), "")
        except ValueError:
            return ""


def _uuids(rows: Iterable[Row], *columns: str) -> list[UUID]:
    found = []
    for row in rows:
        for values in (row.before, row.after):
            found += [UUID(values[column]) for column in columns if values.get(column)]
    return found


def _referred(rows: Iterable[Row]) -> list[UUID]:
    """The relations that values of own fields refer to, before and after: whatever looks like an id."""
    found = []
    for row in rows:
        for values in (row.before, row.after) if row.table in OF_VALUES else ():
            kept = (values.get("values") or {}).values()
            found += [UUID(one) for one in kept if isinstance(one, str) and relation_id(one)]
    return found


def page_of(table: str, row_id: UUID) -> str:
    """The page of a row, when it has one of its own."""
    try:
        return reverse(PAGES[table], args=[row_id]) if table in PAGES else ""
    except NoReverseMatch:
        return ""


def thing_of(table: str) -> str:
    """What people call a row of a table."""
    model = models_by_table().get(table)
    return str(THINGS.get(table) or (model._meta.verbose_name if model else table))


def shown(rows: list[Row], names: Names | None = None) -> list[ShownChange]:
    """Changes in words."""
    names = names or Names(rows)
    known = models_by_table()
    return [_shown(row, known.get(row.table), names) for row in rows]


def _shown(row: Row, model: type[models.Model] | None, names: Names) -> ShownChange:
    thing = thing_of(row.table)
    about = names.of(row.about_id) if row.about_id != row.row_id else ""
    return ShownChange(
        row_id=row.row_id,
        operation_id=row.operation_id,
        thing=thing,
        name=names.of(row.row_id),
        done=str(DONE.get(row.kind, "")),
        kind=row.kind,
        about=about,
        href=names.pages.get(row.row_id, ""),
        fields=field_changes(model, row.before, row.after, names) if model and row.kind == "U" else [],
    )


def field_changes(
    model: type[models.Model], before: Mapping[str, Any], after: Mapping[str, Any], names: Names
) -> list[FieldChange]:
    """Each field that people know, before and after."""
    by_column = {str(one.column): one for one in model._meta.concrete_fields}
    changes = []
    for column in [one for one in by_column if one in before or one in after]:
        label = label_of(by_column[column])
        if label:
            if isinstance(by_column[column], models.JSONField) and issubclass(model, ValueRow):
                changes += names.value_changes(before.get(column) or {}, after.get(column) or {})
                continue
            was, became = (value_of(by_column[column], values.get(column), names) for values in (before, after))
            changes.append(FieldChange(label, was, became))
    return changes


def label_of(known: AnyField) -> str:
    """What people call a field; nothing for what is only ours."""
    if known.column in LABELS:
        return str(LABELS[known.column]).capitalize()
    own = getattr(known, "_verbose_name", None)
    return str(own).capitalize() if own else ""


def value_of(known: AnyField, value: Any, names: Names) -> str:
    """A kept value as people read it."""
    if known.column in CIRCLES:
        return _("another circle") if value else _("as the rest")
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if known.choices:
        return str(dict(known.flatchoices).get(value, value)).capitalize()
    if known.is_relation:
        return names.of(value) or _("somebody or something else")
    return _text(known, value)


def _text(known: AnyField, value: Any) -> str:
    if isinstance(known, models.DateTimeField):
        return when(datetime.fromisoformat(value))
    if isinstance(known, models.DateField):
        return long_date(date.fromisoformat(value))
    return Truncator(str(value)).chars(LONGEST_VALUE)
