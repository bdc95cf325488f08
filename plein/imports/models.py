# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.channels.models import ImportState
from plein.core.ids import now
from plein.core.records import Isolation, Record
from plein.trust.models import Seat


class MatchKey(models.TextChoices):
    """By what an entry is known to be somebody we know."""

    SEEMS = "seems", _("who it seems to be")
    EMAIL = "email", _("the e-mail address")
    PHONE = "phone", _("the phone number")
    NOTHING = "nothing", _("nothing: each entry is somebody new")


class Mode(models.TextChoices):
    """What an import may do."""

    BOTH = "both", _("add and change")
    CREATE = "create", _("only add")
    UPDATE = "update", _("only change")


class ContactImport(Record):
    """One address book on its way in: what was chosen, how far it is, what came of it.

    `position` is how many of its entries were read; it is saved together with what was written of them. `mapping` says
    of each column what it holds, "" for nothing. `fence` counts the workers that took the import: only the latest may
    write. `holder` is which process that is, and `lease_until` how long it may be silent.
    """

    isolation = Isolation(is_recorded=False)

    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    name = models.CharField(max_length=300)
    path = models.TextField()
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.RUNNING)
    encoding = models.CharField(max_length=20, blank=True)
    delimiter = models.CharField(max_length=2, blank=True)
    is_headed = models.BooleanField(default=True)
    head = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    match = models.CharField(max_length=10, choices=MatchKey.choices, default=MatchKey.SEEMS)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.BOTH)
    tags = models.JSONField(default=list)
    operation_id = models.UUIDField(null=True)
    position = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    problem = models.CharField(max_length=500, blank=True)
    fence = models.IntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    holder = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "imports_contact_import"
        verbose_name = _("import of an address book")
        indexes = [models.Index(fields=["workspace_id", "-created_at"], name="imports_recent")]

    def __str__(self) -> str:
        return self.name


class LeftOut(Record):
    """An entry, or a part of one, that did not come in: why, and its cells, to be mended and brought in again."""

    isolation = Isolation(parents=("contact_import",), is_recorded=False)

    contact_import = models.ForeignKey(
        ContactImport, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="left_out"
    )
    number = models.IntegerField()
    name = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=500)
    cells = models.JSONField(default=list)

    class Meta:
        base_manager_name = "objects"
        db_table = "imports_left_out"
        verbose_name = _("entry that did not come in")
        indexes = [models.Index(fields=["workspace_id", "contact_import", "number"], name="imports_left_out_import")]

    def __str__(self) -> str:
        return self.reason
