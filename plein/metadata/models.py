# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fields that a company adds itself, and the shape of the rows that hold their values (ADR 0014).

The values of a record are rows of its own domain, one for each group: `RelationValues`, `MomentValues`. A row of cells
in an ordinary index stands beside each value of a field that is asked for in filters.
"""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from plein.core.records import Isolation, Record, VersionedRecord
from plein.metadata.vocabulary import FieldKind, FieldType


def in_reader_language(dutch: str, english: str) -> str:
    """The words in the language of whoever reads, or in the other one where there are none."""
    return (dutch or english) if (get_language() or "").startswith("nl") else (english or dutch)


class FieldGroup(VersionedRecord):
    """Fields that stand together. Its circle is who sees the group, its fields and every value in it."""

    isolation = Isolation()

    name_nl = models.CharField(_("name in Dutch"), max_length=80, blank=True)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    position = models.IntegerField(default=0)

    class Meta:
        base_manager_name = "objects"
        db_table = "metadata_group"
        verbose_name = _("group of fields")
        indexes = [models.Index(fields=["workspace_id", "position", "id"], name="metadata_group_order")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_reader_language(self.name_nl, self.name_en)


class Field(VersionedRecord):
    """A detail that an administrator added. It lives in the circle of its group.

    `key` stays what it is for addresses, the API and imports. `choices` are `{"key", "nl", "en", "retired"}`;
    `settings` hold the bounds of its type, such as `min`, `max`, `decimals`, `currency` or `lines`.
    """

    isolation = Isolation(parents=("group",), about="group")

    group = models.ForeignKey(
        FieldGroup, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="fields"
    )
    key = models.CharField(max_length=60, db_collation="C", editable=False)
    type = models.CharField(_("type"), max_length=10, choices=FieldType.choices)
    label_nl = models.CharField(_("name in Dutch"), max_length=80, blank=True)
    label_en = models.CharField(_("name in English"), max_length=80, blank=True)
    help_nl = models.CharField(_("explanation in Dutch"), max_length=200, blank=True)
    help_en = models.CharField(_("explanation in English"), max_length=200, blank=True)
    kinds = ArrayField(models.CharField(max_length=12, choices=FieldKind.choices), verbose_name=_("a detail of"))
    tags = ArrayField(models.UUIDField(), default=list, blank=True, verbose_name=_("only with these tags"))
    views = ArrayField(models.UUIDField(), default=list, blank=True, verbose_name=_("only in these saved views"))
    is_required = models.BooleanField(_("must be filled in"), default=False)
    settings = models.JSONField(_("limits"), default=dict, blank=True)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    position = models.IntegerField(default=0)
    retired_at = models.DateTimeField(_("retired"), null=True, editable=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("field")
        indexes = [models.Index(fields=["workspace_id", "group", "position", "id"], name="metadata_field_order")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_reader_language(self.label_nl, self.label_en)

    @property
    def help(self) -> str:
        return in_reader_language(self.help_nl, self.help_en)

    @property
    def is_indexed(self) -> bool:
        """Whether all its values have cells, as `catalog` found."""
        return bool(getattr(self, "has_cells", False))

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None

    @property
    def currency(self) -> str:
        return str(self.settings.get("currency") or "EUR")

    def choice_words(self, *, with_retired: bool = True) -> dict[str, str]:
        """The choices by key, in the language of the reader."""
        return {
            one["key"]: in_reader_language(one.get("nl", ""), one.get("en", ""))
            for one in self.choices
            if with_retired or not one.get("retired")
        }


class FieldIndex(Record):
    """A field that is asked for in filters: from then on triggers keep a cell for each of its values.

    Until `filled_at` the cells of older values are still being made.
    """

    isolation = Isolation(parents=("field",), is_recorded=False)

    field = models.ForeignKey(
        Field, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="indexes"
    )
    type = models.CharField(max_length=10, choices=FieldType.choices)
    filled_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "metadata_index"
        verbose_name = _("index of a field")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "field"], name="metadata_index_once")]


class ValueRow(VersionedRecord):
    """The values of one record in one group, by the id of their field, in the circle of both.

    `filled` keeps the day each value was last written. Concrete models name their record in `record_name`, and the
    table of their cells in `cell_model`.
    """

    cell_model: ClassVar[type["CellRow"]]
    record_name: ClassVar[str]

    own_circle_id = models.IntegerField(null=True, editable=False)
    group = models.ForeignKey(
        FieldGroup, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    values = models.JSONField(_("values"), default=dict)
    filled = models.JSONField(default=dict, editable=False)

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @property
    def record_id(self) -> Any:
        return getattr(self, f"{self.record_name}_id")


class CellRow(models.Model):
    """One value of a field that is asked for, as a key that sorts as the value does. Only triggers write here.

    `key` is the id of the field, a colon, and the value in letters; see `plein_key`. `row_circle_id` is the circle of
    the row it was made from; a cell that refers to a relation lives in the meeting of that circle and the relation's.
    """

    id = models.BigAutoField(primary_key=True)
    workspace_id = models.IntegerField()
    circle_id = models.IntegerField()
    row_circle_id = models.IntegerField()
    key = models.TextField(db_collation="C")

    class Meta:
        abstract = True


def cell_indexes(prefix: str, record: str) -> list[models.Index]:
    """The indexes of a table of cells: one to ask about a record, one to go along the values of a field."""
    return [
        models.Index(fields=["workspace_id", record, "key"], include=["circle_id"], name=f"{prefix}_record"),
        models.Index(fields=["workspace_id", "key", record], include=["circle_id"], name=f"{prefix}_key"),
        models.Index(fields=["workspace_id", "ref"], condition=models.Q(ref__isnull=False), name=f"{prefix}_far"),
    ]
