# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.channels.models import Connection, MailImport
from plein.core.records import Isolation, Record
from plein.relations.models import Relation


class Gives(models.TextChoices):
    """What colleagues get of a mailbox, from nothing to all of it."""

    NOTHING = "nothing", _("nothing")
    ENVELOPE = "envelope", _("that there was contact, with whom and when")
    SUBJECT = "subject", _("also the subject")
    EVERYTHING = "everything", _("everything, with the text and the files")


class MailShare(Record):
    """What the colleagues of a circle get of what one import or connection brings, or of that with one relation in it.

    Only its owner sees it. Without a relation it is the rule, with one an exception; `audience_id` is the circle of the
    colleagues.
    """

    isolation = Isolation(parents=("mail_import", "connection", "relation"), own_circle="own_circle_id")

    own_circle_id = models.IntegerField(null=True)
    mail_import = models.ForeignKey(
        MailImport, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    connection = models.ForeignKey(
        Connection, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    relation = models.ForeignKey(
        Relation, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    gives = models.CharField(max_length=10, choices=Gives.choices, default=Gives.EVERYTHING)
    audience_id = models.IntegerField()

    class Meta:
        base_manager_name = "objects"
        db_table = "moments_mail_share"
        verbose_name = _("what colleagues get of a mailbox")
        indexes = [
            models.Index(fields=["workspace_id", "mail_import"], name="moments_share_import"),
            models.Index(
                fields=["workspace_id", "connection"],
                condition=models.Q(connection__isnull=False),
                name="moments_share_connection",
            ),
            models.Index(
                fields=["workspace_id", "relation"],
                condition=models.Q(relation__isnull=False),
                name="moments_share_relation",
            ),
        ]
