# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an appointment has besides its moment: a place in a series, a reminder; and which reminders were told."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import now
from plein.core.records import Isolation, Record, VersionedRecord
from plein.moments.models.moments import Moment
from plein.moments.models.todos import ToDo
from plein.trust.models import Seat


class Series(VersionedRecord):
    """Appointments that repeat by a rule; each is a moment of its own, made up to a day ahead (ADR 0018).

    Times are those of a clock in `time_zone`, so that nine o'clock stays nine o'clock when summer time begins.
    """

    isolation = Isolation()

    rule = models.CharField(_("repeats"), max_length=300)
    starts_on = models.DateField()
    time_zone = models.CharField(max_length=60)
    made_until = models.DateField()
    planned_by = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("series of appointments")
        indexes = [models.Index(fields=["workspace_id", "made_until"], name="moments_series_made")]


class Planning(Record):
    """How an appointment is planned: long before it, its colleagues are told; and its place in a series.

    `slot` is the day the rule gave it, whatever day it was moved to; with `is_own` somebody changed it by itself, and a
    change of the whole series passes it by.
    """

    isolation = Isolation(parents=("moment",), about="moment")

    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="plannings"
    )
    remind_before = models.IntegerField(_("minutes before"), null=True)
    series = models.ForeignKey(
        Series, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="plannings"
    )
    slot = models.DateField(null=True)
    is_own = models.BooleanField(default=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("planning of an appointment")
        indexes = [
            models.Index(fields=["workspace_id", "moment"], name="moments_planning_moment"),
            models.Index(
                fields=["workspace_id", "series", "slot"],
                condition=models.Q(series__isnull=False),
                name="moments_planning_series",
            ),
        ]


class Reminded(Record):
    """The mark that a colleague was told of a reminder that was set for `at`: each is told once."""

    isolation = Isolation(parents=("todo", "moment"), is_recorded=False)

    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False)
    todo = models.ForeignKey(ToDo, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False)
    moment = models.ForeignKey(Moment, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False)
    at = models.DateTimeField()
    told_at = models.DateTimeField(default=now)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("reminder that was told")
        constraints = [
            models.UniqueConstraint(
                fields=["workspace_id", "seat", "todo", "moment", "at"],
                nulls_distinct=False,
                name="moments_reminded_once",
            )
        ]
        indexes = [
            models.Index(fields=["workspace_id", "todo"], name="moments_reminded_todo"),
            models.Index(fields=["workspace_id", "moment"], name="moments_reminded_moment"),
        ]
