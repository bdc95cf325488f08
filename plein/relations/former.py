# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where one ends up that comes for a relation which was merged with another one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.records import Isolation, Record
from plein.relations.models import Relation


class Former(Record):
    """What a relation was before it was merged with this one: its old address leads here, for who could see both."""

    isolation = Isolation(parents=("relation",), own_circle="own_circle_id", about="relation", former="former_id")

    own_circle_id = models.IntegerField(null=True)
    relation = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="formers"
    )
    former_id = models.UUIDField()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("earlier address")
        indexes = [
            models.Index(fields=["workspace_id", "former_id"], name="relations_former_id"),
            models.Index(fields=["workspace_id", "relation"], name="relations_former_relation"),
        ]
