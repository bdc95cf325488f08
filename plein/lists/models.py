# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.records import Isolation, VersionedRecord, WorkspaceRecord
from plein.lists.bulk.models import BulkBatch, BulkFailure, BulkRun, BulkState
from plein.trust.models import Seat

__all__ = ["BulkBatch", "BulkFailure", "BulkRun", "BulkState", "PinnedView", "SavedView"]


class SavedView(VersionedRecord):
    """A view with a name: the query string of a list, for oneself, a team or everyone."""

    isolation = Isolation(names=("query",))

    kind = models.CharField(max_length=20, editable=False)
    name = models.CharField(_("name"), max_length=80)
    query = models.TextField(blank=True)
    owner = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        base_manager_name = "objects"
        db_table = "lists_view"
        verbose_name = _("view")
        indexes = [models.Index(fields=["workspace_id", "kind", "name", "id"], name="lists_view_kind")]

    def __str__(self) -> str:
        return self.name


class PinnedView(WorkspaceRecord):
    """A view that a colleague keeps in the navigation."""

    isolation = Isolation(has_circle=False, is_recorded=False)

    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False)
    view = models.ForeignKey(
        SavedView, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="pins"
    )
    place = models.IntegerField(default=0)

    class Meta:
        base_manager_name = "objects"
        db_table = "lists_pinned_view"
        verbose_name = _("pinned view")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "seat", "view"], name="lists_pin_once")]
