# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which language model may be asked, about what, and how much of that was done."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import now
from plein.core.records import Isolation, WorkspaceRecord
from plein.opinions.vocabulary import Unit
from plein.trust.models import Seat


class Endpoint(WorkspaceRecord):
    """The language model that an owner lets Plein ask, at most one in a workspace; its key is in the secret box.

    It is asked as the owner who agreed sees texts, of the circles in `circles` alone, and only about what came in since
    `agreed_at`. `agreed_to` is which sentence they agreed with. After failures it rests until `next_try_at`.
    """

    isolation = Isolation(has_circle=False, is_recorded=False)

    address = models.CharField(_("address"), max_length=500)
    model = models.CharField(_("name of the model"), max_length=120)
    circles = ArrayField(models.IntegerField(), default=list)
    unit = models.CharField(_("counted in"), max_length=10, choices=Unit.choices, default=Unit.CALLS)
    per_month = models.IntegerField(_("at most in a month"), default=1000)
    per_day = models.IntegerField(_("at most in a day"), default=100)
    agreed_by = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    agreed_at = models.DateTimeField(default=now)
    agreed_to = models.CharField(max_length=20)
    failures = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("language model that is asked")
        constraints = [models.UniqueConstraint(fields=["workspace_id"], name="opinions_endpoint_one")]

    def __str__(self) -> str:
        return f"{self.model} {self.address}"


class Spending(WorkspaceRecord):
    """How often a language model was asked on one day, and how many tokens that took."""

    isolation = Isolation(has_circle=False, is_recorded=False)

    day = models.DateField()
    calls = models.IntegerField(default=0)
    tokens = models.IntegerField(default=0)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("what asking took")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "day"], name="opinions_spending_day")]

    def __str__(self) -> str:
        return f"{self.day}"
