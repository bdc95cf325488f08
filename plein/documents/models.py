# SPDX-License-Identifier: AGPL-3.0-or-later
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import now
from plein.core.records import Found, Isolation, Record
from plein.documents.reader_words import told
from plein.moments.models import Attachment, Moment

OF_MOMENT = "JOIN moments_moment m ON m.workspace_id = n.workspace_id AND m.id = n.moment_id"


class Reading(models.TextChoices):
    """What came of reading a file."""

    READ = "read", _("read")
    EMPTY = "empty", _("holds no words")
    REFUSED = "refused", _("could not be read")


class FileText(Record):
    """The words of a file that came with a moment: derived, made anew from the file, seen by whoever may see it.

    `made_by` is the reader that made it: another one reads the file again.
    """

    isolation = Isolation(
        parents=("attachment",),
        about="moment",
        is_recorded=False,
        found=Found(
            record="n.moment_id",
            kind="'text'",
            words="plein_words(concat_ws(' ', n.name, n.text))",
            at="m.occurred_at",
            joins=OF_MOMENT,
        ),
    )

    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    attachment = models.ForeignKey(
        Attachment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="texts"
    )
    name = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=Reading.choices)
    reason = models.CharField(max_length=300, blank=True)
    made_by = models.IntegerField()
    made_at = models.DateTimeField(default=now)

    class Meta:
        base_manager_name = "objects"
        db_table = "documents_file_text"
        verbose_name = _("words of a file")
        indexes = [
            models.Index(fields=["workspace_id", "attachment"], name="documents_text_file"),
            models.Index(fields=["workspace_id", "moment"], name="documents_text_moment"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reason_told(self) -> str:
        """Why it could not be read, in the reader's language."""
        return told(self.reason)


class RecordKind(models.TextChoices):
    """What a file turned out to hold."""

    INVOICE = "invoice", _("invoice")
    CREDIT_NOTE = "credit_note", _("credit note")
    STATEMENT = "statement", _("bank statement")
    PAYMENT = "payment", _("payment")


class FileRecord(Record):
    """An invoice, a bank statement, or a payment on one, as a file says it: derived from the file, seen by its readers.

    `place` is the how manieth it is of its file. `amount` is what is to be paid, the closing balance, or what came in
    (went out when it is negative). Keys are what tells either side from others: `vat:NL001234567B01`. `content` has
    everything an invoice or a statement says, with what is wrong with it.
    """

    isolation = Isolation(parents=("attachment",), about="moment", is_recorded=False)

    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    attachment = models.ForeignKey(
        Attachment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="records"
    )
    place = models.IntegerField()
    kind = models.CharField(max_length=12, choices=RecordKind.choices)
    number = models.CharField(max_length=300, blank=True)
    issued_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    amount = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    from_name = models.CharField(max_length=300, blank=True)
    to_name = models.CharField(max_length=300, blank=True)
    from_keys = models.JSONField(default=list)
    to_keys = models.JSONField(default=list)
    words = models.TextField(blank=True)
    content = models.JSONField(default=dict)

    class Meta:
        base_manager_name = "objects"
        db_table = "documents_file_record"
        verbose_name = _("what a file holds")
        indexes = [
            models.Index(fields=["workspace_id", "attachment", "place"], name="documents_record_file"),
            models.Index(fields=["workspace_id", "moment"], name="documents_record_moment"),
            models.Index(
                fields=["workspace_id", "amount"], condition=models.Q(kind="payment"), name="documents_record_payment"
            ),
            models.Index(
                fields=["workspace_id", "number"], condition=~models.Q(number=""), name="documents_record_number"
            ),
            GinIndex(fields=["from_keys"], name="documents_record_from"),
            GinIndex(fields=["to_keys"], name="documents_record_to"),
        ]

    def __str__(self) -> str:
        return self.number
