# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who rings, at whose telephone, and how calls are made."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import now
from plein.core.records import Isolation, Record, WorkspaceRecord
from plein.trust.models import Seat


class Line(WorkspaceRecord):
    """At which numbers a colleague is called, and whether they hear of calls that are for nobody in particular."""

    isolation = Isolation(has_circle=False, is_recorded=False)

    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+")
    numbers = ArrayField(models.CharField(max_length=40), default=list)
    hears_rest = models.BooleanField(default=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("telephone of a colleague")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "seat"], name="telephone_line_seat")]

    def __str__(self) -> str:
        return ", ".join(self.numbers)


class Exchange(WorkspaceRecord):
    """The address by which the company's own exchange calls a number, if it has one; `{number}` stands for it."""

    isolation = Isolation(has_circle=False, is_recorded=False)

    address = models.CharField(_("address"), max_length=500)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("telephone exchange")
        constraints = [models.UniqueConstraint(fields=["workspace_id"], name="telephone_exchange_one")]

    def __str__(self) -> str:
        return self.address


class Ring(Record):
    """A call that comes in at a colleague's telephone: from which number, and when. `key` is the call of the exchange.

    It lives in the circle of what the exchange brings in. Who calls is looked up by whoever looks, as they may see it.
    """

    isolation = Isolation(is_recorded=False, wakes="seat_id")

    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+")
    key = models.UUIDField()
    number = models.CharField(max_length=40)
    rang_at = models.DateTimeField(default=now)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("call that comes in")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "seat", "key"], name="telephone_ring_once")]
        indexes = [models.Index(fields=["workspace_id", "seat", "-rang_at"], name="telephone_ring_recent")]

    def __str__(self) -> str:
        return self.number
