# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.records import Isolation, Record
from plein.moments.models.moments import Moment
from plein.moments.vocabulary import ProposalDecision
from plein.relations.models import ContactPoint, Membership, Relation


class JobNews(Record):
    """Somebody we know seems to work elsewhere, as mail that was brought in says: a question, until it is answered.

    `work` is where we know them, `organization` whose address they write from now, `moment` the first mail from there.
    `other` is the person that the import made of that address, when it is not known that the two are one.
    """

    isolation = Isolation(
        parents=("person", "work", "organization", "contact_point", "moment", "other"),
        about="person",
        once=("person", "work", "contact_point"),
    )

    person = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    work = models.ForeignKey(
        Membership, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    organization = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    other = models.ForeignKey(
        Relation, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    import_id = models.UUIDField()
    heard_on = models.DateField()
    decision = models.CharField(max_length=10, choices=ProposalDecision.choices, default=ProposalDecision.OPEN)

    class Meta:
        base_manager_name = "objects"
        db_table = "moments_job_news"
        verbose_name = _("news of a job")
        indexes = [
            models.Index(fields=["workspace_id", "import_id", "decision", "id"], name="moments_news_open"),
            models.Index(fields=["workspace_id", "person"], name="moments_news_person"),
            models.Index(fields=["workspace_id", "work"], name="moments_news_work"),
            models.Index(fields=["workspace_id", "organization"], name="moments_news_organization"),
            models.Index(fields=["workspace_id", "contact_point"], name="moments_news_point"),
            models.Index(fields=["workspace_id", "moment"], name="moments_news_moment"),
            models.Index(
                fields=["workspace_id", "other"], condition=models.Q(other__isnull=False), name="moments_news_other"
            ),
        ]
