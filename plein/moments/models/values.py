# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the values of a company's own fields on contact moments are kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.records import Cells, Found, Isolation, RecordManager
from plein.metadata.models import CellRow, ValueRow, cell_indexes
from plein.moments.models.moments import OF_MOMENT, Moment
from plein.relations.models import Relation


class MomentCell(CellRow):
    """One value of a moment in a column of its type."""

    isolation = Isolation(
        parents=("ref",), own_circle="row_circle_id", loose=("ref",), is_recorded=False, is_found=True
    )

    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="cells"
    )
    ref = models.ForeignKey(
        Relation, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )

    objects = RecordManager["MomentCell"]()

    class Meta:
        base_manager_name = "objects"
        db_table = "moments_cell"
        verbose_name = _("value")
        indexes = cell_indexes("moments_cell", "moment")

    def __str__(self) -> str:
        return self.key


class MomentValues(ValueRow):
    """The values of a contact moment in one group of fields."""

    isolation = Isolation(
        parents=("moment", "group"),
        own_circle="own_circle_id",
        about="moment",
        unrecorded=("filled",),
        is_found=True,
        mapped="values",
        cells=Cells(table="moments_cell", record="moment_id"),
        found=Found(
            record="n.moment_id",
            kind="'text'",
            words="plein_words(w.words)",
            at="m.occurred_at",
            joins=f"{OF_MOMENT} CROSS JOIN LATERAL (SELECT plein_texts_of(n.workspace_id, n.values) AS words) w",
            only="w.words <> ''",
        ),
    )
    cell_model = MomentCell
    record_name = "moment"

    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="custom_values"
    )

    class Meta:
        base_manager_name = "objects"
        db_table = "moments_values"
        verbose_name = _("own fields")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "moment", "group"], name="moments_values_once")]
        indexes = [models.Index(fields=["workspace_id", "group"], name="moments_values_group")]
