# SPDX-License-Identifier: AGPL-3.0-or-later
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import now
from plein.core.records import Isolation, Record
from plein.trust.models import Seat


class BulkState(models.TextChoices):
    """Where an act on many rows stands."""

    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    CANCELLED = "cancelled", _("cancelled")
    DONE = "done", _("done")
    FAILED = "failed", _("stopped")


class BulkRun(Record):
    """One act on many rows of a list: what is done, how far it is, what came of it. Only who began it sees it.

    `kind` is the list, `act` what is done and `wish` with which values; `said` is that in words. `fence`, `holder` and
    `lease_until` are those of plein/core/leases.py. `undo` is "busy" while a worker turns the whole back.
    """

    isolation = Isolation(is_recorded=False)

    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    kind = models.CharField(max_length=40)
    act = models.CharField(max_length=60)
    wish = models.JSONField(default=dict)
    said = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=BulkState.choices, default=BulkState.RUNNING)
    total = models.IntegerField()
    done = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    operation_id = models.UUIDField()
    undo = models.CharField(max_length=10, blank=True)
    left_alone = models.IntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)
    fence = models.IntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    holder = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "lists_bulk_run"
        verbose_name = _("change of many")
        indexes = [
            models.Index(fields=["workspace_id", "seat", "-created_at"], name="lists_bulk_recent"),
            models.Index(fields=["workspace_id", "operation_id"], name="lists_bulk_operation"),
        ]


class BulkBatch(Record):
    """Some of the rows of a run, as they were chosen when it began; done as a whole, or not at all."""

    isolation = Isolation(parents=("run",), is_recorded=False)

    run = models.ForeignKey(
        BulkRun, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="batches"
    )
    number = models.IntegerField()
    ids = ArrayField(models.UUIDField())
    is_done = models.BooleanField(default=False)

    class Meta:
        base_manager_name = "objects"
        db_table = "lists_bulk_batch"
        verbose_name = _("part of a change of many")
        indexes = [models.Index(fields=["workspace_id", "run", "number"], name="lists_bulk_batch_next")]


class BulkFailure(Record):
    """A row that a run left as it was, and why. It keeps no name: that is looked up for who reads it."""

    isolation = Isolation(parents=("run",), is_recorded=False)

    run = models.ForeignKey(
        BulkRun, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="failures"
    )
    record_id = models.UUIDField()
    reason = models.CharField(max_length=500)

    class Meta:
        base_manager_name = "objects"
        db_table = "lists_bulk_failure"
        verbose_name = _("row left as it was")
        indexes = [models.Index(fields=["workspace_id", "run", "id"], name="lists_bulk_failure_run")]
