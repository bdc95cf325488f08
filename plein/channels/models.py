# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.channels.reader_words import told
from plein.core.ids import now
from plein.core.records import Isolation, Record, WorkspaceRecord
from plein.trust.models import Seat


class Upload(WorkspaceRecord):
    """A file on its way in, in pieces; it resumes where it stopped."""

    isolation = Isolation(has_circle=False, is_recorded=False)

    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False)
    name = models.CharField(max_length=300)
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=now)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("upload")


class ImportState(models.TextChoices):
    """Where an import stands."""

    SCANNING = "scanning", _("looking what is in it")
    PREVIEW = "preview", _("waiting for your choices")
    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    CANCELLED = "cancelled", _("cancelled")
    DONE = "done", _("done")
    FAILED = "failed", _("stopped")


class Policy(models.TextChoices):
    """Which addresses become people."""

    ANSWERED = "answered", _("people our side wrote to or answered")
    EVERYONE = "everyone", _("everyone who wrote or was written to")
    NOBODY = "nobody", _("nobody yet")


#: What an import of a store of mail reads; others read the archive of a network, and are called after its kind.
MAIL = "mail"


#: Of what an import counts, what tells only how far it is.
PROGRESS = ("messages", "stage", "undo", "unreadable")


class MailImport(Record):
    """One import of a store of mail, or of the archive of a network: what was chosen, how far it is, what came of it.

    `source` is what it reads: mail, or the kind of archive; "" until somebody looked. `ours` are domains and addresses
    of our side, and in an archive what its owner is called there.

    `cursor` is where reading resumes; it is saved together with what was read up to there. `fence` counts the workers
    that took the import: only the latest may write. `lease_until` is how long the present worker may be silent, by the
    database's clock, and `holder` which process it is.
    """

    isolation = Isolation(is_recorded=False)

    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    name = models.CharField(max_length=300)
    source = models.CharField(max_length=20, blank=True, default=MAIL, db_default=MAIL)
    path = models.TextField()
    is_upload = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.SCANNING)
    policy = models.CharField(max_length=10, choices=Policy.choices, default=Policy.ANSWERED)
    ours = ArrayField(models.CharField(max_length=320), default=list)
    roles_path = models.TextField(blank=True)
    operation_id = models.UUIDField(null=True)
    cursor = models.TextField(blank=True)
    preview = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    problem = models.CharField(max_length=500, blank=True)
    fence = models.IntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    holder = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "channels_mail_import"
        verbose_name = _("mail import")
        indexes = [models.Index(fields=["workspace_id", "-created_at"], name="channels_import_recent")]

    @property
    def is_archive(self) -> bool:
        """Whether it reads the archive of a network."""
        return self.source not in (MAIL, "")

    @property
    def problem_told(self) -> str:
        """Why it stopped, in the reader's language."""
        return told(self.problem)

    def heard_by(self, seat_id: UUID) -> tuple[dict[str, Any], dict[str, Any]]:
        """What it tells this reader of what is in it and of what came of it.

        To who brought it all; to others how far it is, because how many copies or known addresses were met counts
        messages and people that they may not know of.
        """
        if self.seat_id == seat_id:
            return self.preview, self.counts
        preview, counts = ({name: one[name] for name in PROGRESS if name in one} for one in (self.preview, self.counts))
        return preview, counts


class ImportProblem(Record):
    """Something in a store that could not be read: where, why, and its bytes for downloading."""

    isolation = Isolation(parents=("mail_import",), is_recorded=False)

    mail_import = models.ForeignKey(
        MailImport, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="problems"
    )
    folder = models.CharField(max_length=500, blank=True)
    position = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)

    class Meta:
        base_manager_name = "objects"
        db_table = "channels_import_problem"
        verbose_name = _("unreadable message")
        indexes = [models.Index(fields=["workspace_id", "mail_import"], name="channels_problem_import")]

    @property
    def reason_told(self) -> str:
        """Why it could not be read, in the reader's language."""
        return told(self.reason)


class ConnectionState(models.TextChoices):
    """Where a connection stands."""

    PREVIEW = "preview", _("waiting for your choices")
    ACTIVE = "active", _("hears")
    PAUSED = "paused", _("paused")
    STOPPED = "stopped", _("stopped: it needs you")


class Connection(Record):
    """One configured account that is listened to: what was chosen, how far it is, how it goes.

    `connector` is the key of the code that speaks with it; `settings` are its own settings but for the secrets, which
    are in the secret box. `account` is how the network calls the account. `since` is from when on it is heard, `policy`
    what becomes of unknown senders. `cursor` is where hearing goes on; it is saved together with what was heard up to
    there. `fence`, `lease_until` and `holder` are those of `core.leases`. `operation_id` is the operation of the day
    under which it writes.
    """

    isolation = Isolation(is_recorded=False)

    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    connector = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=120)
    account = models.CharField(max_length=320, blank=True)
    settings = models.JSONField(default=dict)
    is_inside = models.BooleanField(_("this server is in our own network"), default=False)
    state = models.CharField(max_length=10, choices=ConnectionState.choices, default=ConnectionState.PREVIEW)
    policy = models.CharField(max_length=10, choices=Policy.choices, default=Policy.ANSWERED)
    since = models.DateTimeField(_("from when on"), null=True, blank=True)
    preview = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    cursor = models.TextField(blank=True)
    operation_id = models.UUIDField(null=True)
    problem = models.CharField(max_length=500, blank=True)
    failures = models.IntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    fence = models.IntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    holder = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        base_manager_name = "objects"
        db_table = "channels_connection"
        verbose_name = _("connection")
        indexes = [
            models.Index(
                fields=["workspace_id", "next_try_at"],
                condition=models.Q(state="active"),
                name="channels_connection_due",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def problem_told(self) -> str:
        """What is wrong, in the reader's language."""
        return told(self.problem)


class ConnectionProblem(Record):
    """Something a connection heard and could not take in: where, why, and its bytes for downloading."""

    isolation = Isolation(parents=("connection",), is_recorded=False)

    connection = models.ForeignKey(
        Connection, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="problems"
    )
    folder = models.CharField(max_length=500, blank=True)
    position = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)
    heard_at = models.DateTimeField(default=now)

    class Meta:
        base_manager_name = "objects"
        db_table = "channels_connection_problem"
        verbose_name = _("message that a connection refused")
        indexes = [models.Index(fields=["workspace_id", "connection"], name="channels_refused_connection")]

    @property
    def reason_told(self) -> str:
        """Why it could not be taken in, in the reader's language."""
        return told(self.reason)


class Security(models.TextChoices):
    """How the line to a mail server is protected."""

    STARTTLS = "starttls", _("STARTTLS, mostly port 587")
    TLS = "tls", _("TLS from the start, mostly port 465")
    NONE = "none", _("none, only for a server on this machine")


class MailServer(WorkspaceRecord):
    """The server that takes our letters, at most one in a workspace; its password is in the secret box.

    `sender` is the address of letters that the company itself sends, such as digests. `is_inside` says that the server
    stands in our own network, where Plein otherwise does not connect to.
    """

    isolation = Isolation(has_circle=False)

    host = models.CharField(_("server"), max_length=253)
    port = models.IntegerField(_("port"), default=587)
    security = models.CharField(_("protection"), max_length=10, choices=Security.choices, default=Security.STARTTLS)
    user_name = models.CharField(_("user name"), max_length=320, blank=True)
    sender = models.EmailField(_("address of the company's own letters"))
    sender_name = models.CharField(_("their sender's name"), max_length=120, blank=True)
    is_inside = models.BooleanField(_("this server is in our own network"), default=False)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        base_manager_name = "objects"
        db_table = "channels_mail_server"
        verbose_name = _("mail server")

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class SunkLetter(WorkspaceRecord):
    """A letter that would have been sent if there were a mail server: the last ones are kept to look at."""

    isolation = Isolation(has_circle=False, is_recorded=False)

    at = models.DateTimeField(default=now)
    sender = models.CharField(max_length=600)
    receivers = models.TextField()
    subject = models.CharField(max_length=1000, blank=True)
    text = models.TextField(blank=True)
    source = models.TextField(blank=True)
    is_secret = models.BooleanField(default=False)

    class Meta:
        base_manager_name = "objects"
        db_table = "channels_sunk_letter"
        verbose_name = _("letter that was not sent")
        indexes = [models.Index(fields=["workspace_id", "-at"], name="channels_sunk_recent")]
