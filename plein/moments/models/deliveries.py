# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.records import Isolation, Record
from plein.moments.models.moments import Moment
from plein.moments.vocabulary import DeliveryState


class Delivery(Record):
    """How far a message that we send is on its way. Not part of history: nobody did it, it happened."""

    isolation = Isolation(parents=("moment",), about="moment", is_recorded=False)

    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="deliveries"
    )
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("delivery")
        indexes = [models.Index(fields=["workspace_id", "moment"], name="moments_delivery_moment")]
