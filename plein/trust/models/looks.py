# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import now
from plein.core.records import Isolation, WorkspaceRecord
from plein.trust.models.people import Seat


class Look(WorkspaceRecord):
    """One time that an owner looked at Plein through a colleague's eyes. It is never changed but to end it sooner."""

    isolation = Isolation(has_circle=False, is_recorded=False)

    seat = models.ForeignKey(
        Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="looks"
    )
    as_seat = models.ForeignKey(
        Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="looked_at"
    )
    started_at = models.DateTimeField(default=now, editable=False)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("look through a colleague's eyes")
        indexes = [
            models.Index(fields=["workspace_id", "as_seat", "-started_at"], name="trust_look_as"),
            models.Index(fields=["workspace_id", "seat"], name="trust_look_seat"),
        ]
