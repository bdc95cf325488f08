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


#: The sign of a match key that is a field of the company's own: "c.key".
OWN_KEY = "c."


class Mode(models.TextChoices):
    """What an import may do."""

    BOTH = "both", _("add and change")
    CREATE = "create", _("only add")
    UPDATE = "update", _("only change")


class Jobs(models.TextChoices):
    """What becomes of the work of somebody we know whom an entry puts at another organization."""

    ASK = "ask", _("ask me afterwards whether they work elsewhere")
    CHANGE = "change", _("they work there now instead")
    ADD = "add", _("they work there too")


class ContactImport(Record):
    """One address book on its way in: what was chosen, how far it is, what came of it.

    `position` is how many of its entries were read; it is saved together with what was written of them. `mapping` says
    of each column what it holds, "" for nothing. `fence` counts the workers that took the import: only the latest may
    write. `holder` is which process that is, and `lease_until` how long it may be silent.

    Until it begins only who brings it sees it; `circle_key` is who is chosen to see what comes in. `foreseen` counts
    what would become of it, "looked" of its entries looked at.
    """

    isolation = Isolation(is_recorded=False)

    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    name = models.CharField(max_length=300)
    path = models.TextField()
    is_upload = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.RUNNING)
    encoding = models.CharField(max_length=20, blank=True)
    delimiter = models.CharField(max_length=2, blank=True)
    is_headed = models.BooleanField(default=True)
    head = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    match = models.CharField(max_length=80, default=MatchKey.SEEMS)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.BOTH)
    jobs = models.CharField(max_length=10, choices=Jobs.choices, default=Jobs.ASK)
    tags = models.JSONField(default=list)
    circle_key = models.TextField(blank=True)
    foreseen = models.JSONField(default=dict)
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


class Foreseen(Record):
    """What would become of one entry, looked at before anything is brought in, and what somebody decided of it.

    `changes` are details with what they were and what they would be; `who` are those it may be, by id and name.
    `choice` is "" while nobody decided, "new", "leave", or the id of whom it is.
    """

    isolation = Isolation(parents=("contact_import",), is_recorded=False)

    contact_import = models.ForeignKey(
        ContactImport, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="foreseen_entries"
    )
    number = models.IntegerField()
    name = models.CharField(max_length=300, blank=True)
    what = models.CharField(max_length=10)
    changes = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    who = models.JSONField(default=list)
    choice = models.CharField(max_length=36, blank=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "imports_foreseen"
        verbose_name = _("what would become of an entry")
        indexes = [models.Index(fields=["workspace_id", "contact_import", "number"], name="imports_foreseen_import")]

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
