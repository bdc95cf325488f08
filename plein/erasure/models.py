# SPDX-License-Identifier: AGPL-3.0-or-later
"""That somebody was erased, and what of it is still to be done."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import now
from plein.core.records import Isolation, WorkspaceRecord
from plein.trust.models import Seat


class Erasure(WorkspaceRecord):
    """One erasure. The rows are gone when this one is there; `files` are to go yet, by hash, until `done_at`."""

    isolation = Isolation(has_circle=False, is_recorded=False)

    subject_id = models.UUIDField()
    files = ArrayField(models.CharField(max_length=64), default=list)
    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    asked_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("erasure")
        indexes = [
            models.Index(fields=["workspace_id", "subject_id"], name="erasure_subject"),
            models.Index(
                fields=["workspace_id", "asked_at"],
                condition=models.Q(done_at__isnull=True),
                name="erasure_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return str(self.subject_id)
