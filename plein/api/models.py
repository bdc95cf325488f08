# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import now
from plein.core.records import Isolation, WorkspaceRecord
from plein.trust.models import Seat


class KeptAnswer(WorkspaceRecord):
    """What the door answered to a request that carried an Idempotency-Key, so that the same request is done once.

    `digest` is the hash of the key, `request` that of what was asked. The answer is sealed with a key that is made of
    the secret of this Plein and the Idempotency-Key, which only its sender knows. `shown` counts the records it names
    that its reader could see.
    """

    isolation = Isolation(has_circle=False, is_recorded=False)

    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False)
    digest = models.CharField(max_length=64)
    request = models.CharField(max_length=64)
    sealed = models.BinaryField()
    shown = models.IntegerField()
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        base_manager_name = "objects"
        db_table = "api_kept_answer"
        verbose_name = _("kept answer")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "seat", "digest"], name="api_answer_once")]
        indexes = [models.Index(fields=["workspace_id", "created_at"], name="api_answer_age")]
