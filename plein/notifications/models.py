# SPDX-License-Identifier: AGPL-3.0-or-later
"""What concerns one colleague. Each row is theirs alone and lives in the circle of what it is about."""

from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import new_id, now
from plein.core.records import Isolation, Record, WorkspaceRecord
from plein.moments.models import Moment, MomentText, ToDo
from plein.notifications.vocabulary import Kind, Rhythm
from plein.relations.models import Relation
from plein.trust.models import Seat

EIGHT, SEVEN_IN_THE_EVENING, SEVEN_IN_THE_MORNING = 8, time(19), time(7)


class Notification(Record):
    """Something that concerns one colleague, told once.

    `act` is the operation it came from and `about` the thing it is about: with the seat they are its natural key, so
    that a job that runs twice tells once. Rows of one `line` are shown as one: an act that concerns somebody twice, or
    changes of one relation that come soon after each other. `count` says how many things one row stands for.
    """

    isolation = Isolation(parents=("relation", "moment", "text", "todo"), is_recorded=False, wakes="seat_id")

    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    what = models.CharField(max_length=12)
    act = models.UUIDField()
    about = models.UUIDField()
    by = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    relation = models.ForeignKey(
        Relation, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    moment = models.ForeignKey(
        Moment, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    text = models.ForeignKey(
        MomentText, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    todo = models.ForeignKey(
        ToDo, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    count = models.IntegerField(default=1)
    line = models.UUIDField(default=new_id)
    line_at = models.DateTimeField(default=now)
    at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    pushed_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("notification")
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "seat", "act", "about"], name="notifications_once")
        ]
        indexes = [
            models.Index(fields=["workspace_id", "seat", "-line_at", "-line"], name="notifications_lines"),
            models.Index(
                fields=["workspace_id", "seat", "line"],
                condition=models.Q(read_at__isnull=True),
                name="notifications_unread",
            ),
            *(
                models.Index(
                    fields=["workspace_id", name],
                    condition=models.Q(**{f"{name}__isnull": False}),
                    name=f"notifications_{name}",
                )
                for name in ("relation", "moment", "text", "todo", "by")
            ),
        ]


class Preference(WorkspaceRecord):
    """By what means, and when, a colleague wants to be told."""

    isolation = Isolation(has_circle=False, is_recorded=False)

    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+")
    grid = models.JSONField(default=dict)
    rhythm = models.CharField(
        _("how often the mail comes"), max_length=10, choices=Rhythm.choices, default=Rhythm.DAILY
    )
    mail_hour = models.SmallIntegerField(_("at what hour"), default=EIGHT)
    has_quiet_hours = models.BooleanField(_("quiet hours"), default=False)
    quiet_from = models.TimeField(_("from"), default=SEVEN_IN_THE_EVENING)
    quiet_until = models.TimeField(_("until"), default=SEVEN_IN_THE_MORNING)
    is_paused = models.BooleanField(_("pause everything"), default=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("preference")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "seat"], name="notifications_preference_once")]


class Device(WorkspaceRecord):
    """A browser that may be woken through its maker's push service; `digest` is the hash of its address there."""

    isolation = Isolation(has_circle=False, is_recorded=False)

    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+")
    endpoint = models.CharField(max_length=2000)
    digest = models.CharField(max_length=64)
    p256dh = models.CharField(max_length=200)
    auth = models.CharField(max_length=100)
    name = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    reached_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("device")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "digest"], name="notifications_device_once")]
        indexes = [models.Index(fields=["workspace_id", "seat"], name="notifications_device_seat")]

    def __str__(self) -> str:
        return self.name
