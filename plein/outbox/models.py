# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who mail comes from, what it is made of, and each mail that leaves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.channels.models import Connection
from plein.core.ids import now
from plein.core.records import Isolation, Record, VersionedRecord, WorkspaceRecord
from plein.moments.models import Moment, MomentText
from plein.relations.models import Relation
from plein.trust.circles import LONGEST_KEY
from plein.trust.models import Seat, Team


class Identity(WorkspaceRecord):
    """A sender: a name and an address with the signature under its mails, of one colleague or shared by a team."""

    isolation = Isolation(has_circle=False)

    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    team = models.ForeignKey(
        Team, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=254)
    signature = models.TextField(_("signature"), blank=True)
    is_default = models.BooleanField(_("use this one first"), default=False)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("sender")
        indexes = [models.Index(fields=["workspace_id", "seat"], name="outbox_identity_seat")]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>"


class TemplateKind(models.TextChoices):
    """A whole mail, or a piece of text that comes for `;name`."""

    TEMPLATE = "template", _("template, a whole mail")
    SNIPPET = "snippet", _("snippet, a piece of text")


class Template(VersionedRecord):
    """A text to begin a mail with, or to put into one; its circle says whose it is."""

    kind = models.CharField(_("kind"), max_length=10, choices=TemplateKind.choices, default=TemplateKind.TEMPLATE)
    name = models.CharField(_("name"), max_length=120)
    shortcut = models.CharField(_("short name"), max_length=40, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text = models.TextField(_("text"))

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("template")
        indexes = [models.Index(fields=["workspace_id", "kind", "name"], name="outbox_template_name")]

    def __str__(self) -> str:
        return self.name


class MailState(models.TextChoices):
    """Where a mail stands."""

    DRAFT = "draft", _("not sent")
    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("leaving now")
    SENT = "sent", _("sent")
    REFUSED = "refused", _("refused")
    UNCERTAIN = "uncertain", _("perhaps sent")


class Mail(Record):
    """A mail of ours, from draft to what became of it. Until it is on a timeline only its writer sees it.

    `attempt` counts how often the letter itself went over the line: it is raised before that and never after, so that
    whoever finds a mail "leaving now" without a living worker knows that nobody can know. `tries` counts attempts that
    ended in a refusal for now. Not part of history: delivering is not an act of somebody.

    What is said on a network is one too: `network` says on which, `connection` as whose account, `to` holds names there
    and `answered` is the identifier of what it answers. What `is_public` was said to whoever reads along.
    """

    isolation = Isolation(parents=("moment", "body"), own_circle="own_circle_id", is_recorded=False)

    own_circle_id = models.IntegerField(null=True)
    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+")
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.DRAFT)
    relation = models.ForeignKey(
        Relation, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    answers = models.ForeignKey(
        Moment, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    moment = models.ForeignKey(
        Moment, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    body = models.ForeignKey(
        MomentText, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    identity = models.ForeignKey(
        Identity, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    network = models.CharField(max_length=40, blank=True, default="", db_default="")
    connection = models.ForeignKey(
        Connection, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    is_public = models.BooleanField(default=False, db_default=False)
    answered = models.CharField(max_length=500, blank=True, default="", db_default="")
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    bcc = models.JSONField(default=list)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    circle_key = models.CharField(max_length=LONGEST_KEY, default="everyone")
    purpose_key = models.CharField(max_length=40, blank=True, default="", db_default="")
    message_id = models.CharField(max_length=300, blank=True)
    send_at = models.DateTimeField(null=True)
    is_scheduled = models.BooleanField(default=False)
    attempt = models.IntegerField(default=0)
    tries = models.IntegerField(default=0)
    reason = models.CharField(max_length=600, blank=True)
    refused = models.JSONField(default=dict)
    is_sunk = models.BooleanField(default=False)
    operation_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("mail")
        indexes = [
            models.Index(fields=["workspace_id", "seat", "state", "-changed_at"], name="outbox_mail_seat"),
            models.Index(fields=["workspace_id", "state", "-changed_at"], name="outbox_mail_state"),
            models.Index(fields=["workspace_id", "moment"], name="outbox_mail_moment"),
            models.Index(fields=["workspace_id", "operation_id"], name="outbox_mail_operation"),
        ]

    def __str__(self) -> str:
        return self.subject


class MailFile(Record):
    """A file that goes along with a mail. Its bytes are kept once, by their hash."""

    isolation = Isolation(parents=("mail",), is_recorded=False)

    mail = models.ForeignKey(
        Mail, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="files"
    )
    name = models.CharField(max_length=300)
    mime = models.CharField(max_length=120)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        base_manager_name = "objects"
        db_table = "outbox_mail_file"
        verbose_name = _("file of a mail")
        indexes = [models.Index(fields=["workspace_id", "mail"], name="outbox_file_mail")]
