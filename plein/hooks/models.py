# SPDX-License-Identifier: AGPL-3.0-or-later
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.channels.models import Policy
from plein.core.ids import new_id, now
from plein.core.records import Isolation, Record
from plein.hooks.vocabulary import (
    WHO,
    DeliveryState,
    Happening,
    OutState,
    Preset,
    Reason,
    Signing,
    TellingState,
    Wrong,
)
from plein.trust.models import Seat, User


class HookAddress(models.Model):
    """Where a program calls: only the hash of the address, and the secret that it signs with, sealed.

    `wrong` counts what was turned away since it was made, with why and when that was last. `taken_at` is about when
    something was taken in last.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.DB_CASCADE, related_name="+")
    into_workspace = models.IntegerField()
    hook_id = models.UUIDField(unique=True)
    signing = models.CharField(max_length=10, choices=Signing.choices, default=Signing.STANDARD)
    sealed = models.TextField(blank=True)
    is_open = models.BooleanField(default=True)
    wrong = models.IntegerField(default=0)
    wrong_why = models.CharField(max_length=10, choices=Wrong.choices, blank=True)
    wrong_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "hooks_address"
        verbose_name = _("address of a hook")
        indexes = [models.Index(fields=["taken_at"], name="hooks_address_taken")]

    def __str__(self) -> str:
        return str(self.id)


class Hook(Record):
    """An address at which a program tells us of contact; what it brings in lives in its circle.

    `mapping` says at which value of a call each of our words is (a JSON pointer for each `Place`), `example` is a call
    to point at. `operation_id` is the operation of the day under which it writes.
    """

    isolation = Isolation(is_recorded=False)

    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    name = models.CharField(_("name"), max_length=120)
    preset = models.CharField(max_length=10, choices=Preset.choices, default=Preset.TELEPHONE)
    signing = models.CharField(max_length=10, choices=Signing.choices, default=Signing.STANDARD)
    policy = models.CharField(max_length=10, choices=Policy.choices, default=Policy.NOBODY)
    mapping = models.JSONField(default=dict)
    example = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    operation_id = models.UUIDField(null=True)
    is_open = models.BooleanField(default=True)
    last_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        base_manager_name = "objects"
        db_table = "hooks_hook"
        verbose_name = _("webhook in")
        indexes = [models.Index(fields=["workspace_id", "created_at"], name="hooks_hook_made")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_ready(self) -> bool:
        """Whether enough was pointed at to take something in."""
        return any(self.mapping.get(place) for place in WHO)


class Delivery(Record):
    """One call of a program, told apart by `key`: the same one comes in once, however often it is sent.

    What it said is let go of once it is taken in. `moment_id` is what it became, if anything.
    """

    isolation = Isolation(parents=("hook",), is_recorded=False)

    hook = models.ForeignKey(
        Hook, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="deliveries"
    )
    key = models.CharField(max_length=200)
    payload = models.JSONField(null=True)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    received_at = models.DateTimeField(default=now)
    handled_at = models.DateTimeField(null=True)
    moment_id = models.UUIDField(null=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "hooks_delivery"
        verbose_name = _("call of a program")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "hook", "key"], name="hooks_delivery_once")]
        indexes = [
            models.Index(fields=["workspace_id", "hook", "state", "received_at"], name="hooks_delivery_state"),
            models.Index(fields=["workspace_id", "hook", "-received_at"], name="hooks_delivery_recent"),
        ]

    def __str__(self) -> str:
        return self.key


class OutHook(Record):
    """A program of others that is told what happens here, signed, as far as whoever looks after it may see it.

    With `is_wide_only` it hears only of what everybody here sees. `cursor` is up to which change was looked at; `ahead`
    and `ahead_xid` are up to which change one may look once every transaction before that one has ended.
    """

    isolation = Isolation(is_recorded=False)

    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    name = models.CharField(_("name"), max_length=120)
    url = models.CharField(_("address"), max_length=1000)
    happenings = ArrayField(models.CharField(max_length=20), default=list)
    is_wide_only = models.BooleanField(default=True)
    is_inside = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=OutState.choices, default=OutState.OPEN)
    cursor = models.BigIntegerField(default=0)
    ahead = models.BigIntegerField(null=True)
    ahead_xid = models.BigIntegerField(null=True)
    failures = models.IntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True)
    next_try_at = models.DateTimeField(null=True)
    reached_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        base_manager_name = "objects"
        db_table = "hooks_out"
        verbose_name = _("webhook out")
        indexes = [models.Index(fields=["workspace_id", "created_at"], name="hooks_out_made")]

    def __str__(self) -> str:
        return self.name


class Telling(Record):
    """One thing that a program is told: which, of which record, and how it goes. What is said is made when it leaves.

    It lives where its record does, so that nobody learns here of what they may not see. Its id is that of the message.
    """

    isolation = Isolation(parents=("hook",), own_circle="own_circle_id", is_recorded=False)

    own_circle_id = models.IntegerField(null=True)
    hook = models.ForeignKey(
        OutHook, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="tellings"
    )
    happening = models.CharField(max_length=20, choices=Happening.choices)
    record_id = models.UUIDField()
    operation_id = models.UUIDField(null=True)
    happened_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=TellingState.choices, default=TellingState.WAITING)
    attempts = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(default=now)
    status = models.IntegerField(null=True)
    problem = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "hooks_telling"
        verbose_name = _("something that a program is told")
        indexes = [
            models.Index(fields=["workspace_id", "hook", "state", "next_try_at"], name="hooks_telling_due"),
            models.Index(fields=["workspace_id", "hook", "-happened_at"], name="hooks_telling_recent"),
        ]

    def __str__(self) -> str:
        return self.happening
