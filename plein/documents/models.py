# SPDX-License-Identifier: AGPL-3.0-or-later
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
