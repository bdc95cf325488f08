# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the values of a company's own fields on people and organizations are kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.records import Cells, Found, Isolation, RecordManager
from plein.metadata.models import CellRow, ValueRow, cell_indexes
from plein.relations.models import Relation


class RelationCell(CellRow):
    """One value of a relation in a column of its type."""

    isolation = Isolation(
        parents=("ref",), own_circle="row_circle_id", loose=("ref",), is_recorded=False, is_found=True
    )

    relation = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="cells"
    )
    ref = models.ForeignKey(
        Relation, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )

    objects = RecordManager["RelationCell"]()

    class Meta:
        base_manager_name = "objects"
        db_table = "relations_cell"
        verbose_name = _("value")
        indexes = cell_indexes("relations_cell", "relation")

    def __str__(self) -> str:
        return self.key


class RelationValues(ValueRow):
    """The values of a relation in one group of fields."""

    isolation = Isolation(
        parents=("relation", "group"),
        own_circle="own_circle_id",
        about="relation",
        unrecorded=("filled",),
        is_found=True,
        mapped="values",
        once=("relation", "group"),
        cells=Cells(table="relations_cell", record="relation_id"),
        found=Found(
            record="n.relation_id",
            kind="'values'",
            words="plein_words(w.words)",
            joins="CROSS JOIN LATERAL (SELECT plein_texts_of(n.workspace_id, n.values) AS words) w",
            only="w.words <> ''",
        ),
    )
    cell_model = RelationCell
    record_name = "relation"

    relation = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="custom_values"
    )

    class Meta:
        base_manager_name = "objects"
        db_table = "relations_values"
        verbose_name = _("own fields")
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "relation", "group"], name="relations_values_once")
        ]
        indexes = [models.Index(fields=["workspace_id", "group"], name="relations_values_group")]
