# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.records import Isolation, Record
from plein.moments.models.moments import Moment
from plein.moments.vocabulary import NewsSource, ProposalDecision
from plein.relations.models import ContactPoint, Membership, Relation


class JobNews(Record):
    """Somebody we know seems to work elsewhere, as mail, a network or an address book says: a question, until answered.

    `work` is where we know them. Of mail, `organization` is whose address they write from now, `moment` the first mail
    from there, and `other` the person that the import made of that address, when it is not known that the two are one.
    Else `told_by` is the network, file or account that said it, `named` what it called the organization, and `role` as
    what; `organization` is the one of that name, if there is one. `import_id` is what brought it in, and
    `own_circle_id` for whom.
    """

    isolation = Isolation(
        parents=("person", "work", "organization", "contact_point", "moment", "other"),
        own_circle="own_circle_id",
        about="person",
        once=("person", "work", "contact_point", "named"),
    )

    person = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    work = models.ForeignKey(
        Membership, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    organization = models.ForeignKey(
        Relation, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    contact_point = models.ForeignKey(
        ContactPoint, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    moment = models.ForeignKey(
        Moment, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    other = models.ForeignKey(
        Relation, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    source = models.CharField(max_length=10, choices=NewsSource.choices, default=NewsSource.MAIL)
    told_by = models.CharField(max_length=300, blank=True)
    named = models.CharField(max_length=300, blank=True)
    role = models.CharField(max_length=160, blank=True)
    own_circle_id = models.IntegerField(null=True, editable=False)
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
            models.Index(fields=["workspace_id", "decision", "heard_on", "id"], name="moments_news_told"),
            models.Index(fields=["workspace_id", "organization"], name="moments_news_organization"),
            models.Index(fields=["workspace_id", "contact_point"], name="moments_news_point"),
            models.Index(fields=["workspace_id", "moment"], name="moments_news_moment"),
            models.Index(
                fields=["workspace_id", "other"], condition=models.Q(other__isnull=False), name="moments_news_other"
            ),
        ]

    @property
    def place(self) -> str:
        """The organization at which they seem to work now, as we call it, else as it was told."""
        return self.organization.name if self.organization is not None else self.named
