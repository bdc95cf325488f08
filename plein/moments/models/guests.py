# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import now
from plein.core.records import Isolation, Record
from plein.moments.models.moments import Moment
from plein.moments.models.planning import Series
from plein.relations.models import ContactPoint


class Guest(Record):
    """Somebody whom we invited by mail to an appointment of ours, or to all of a series, and what they were told last.

    `told` are fingerprints of when and of what: when the appointment says otherwise by now, they are still to be told.
    `organizer` is the address of ours that invited, which stays the same for a calendar; `letter` the mail that told.
    """

    isolation = Isolation(parents=("moment", "series", "contact_point"))

    moment = models.ForeignKey(
        Moment, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="guests"
    )
    series = models.ForeignKey(
        Series, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="guests"
    )
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    letter = models.ForeignKey(
        Moment, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    organizer = models.CharField(max_length=254)
    sequence = models.IntegerField(default=0)
    told = models.CharField(max_length=65)
    told_at = models.DateTimeField(default=now)
    is_called_off = models.BooleanField(default=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("guest of an appointment")
        indexes = [
            models.Index(fields=["workspace_id", "moment"], name="moments_guest_moment"),
            models.Index(fields=["workspace_id", "series"], name="moments_guest_series"),
            models.Index(fields=["workspace_id", "contact_point"], name="moments_guest_point"),
            models.Index(fields=["workspace_id", "letter"], name="moments_guest_letter"),
        ]
