# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import now
from plein.core.records import Isolation, WorkspaceRecord
from plein.trust.models import Seat


class Draft(WorkspaceRecord):
    """What a colleague was writing and has not recorded yet."""

    isolation = Isolation(has_circle=False, is_recorded=False)

    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False)
    key = models.CharField(max_length=120)
    content = models.JSONField(default=dict)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("draft")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "seat", "key"], name="moments_draft_once")]
