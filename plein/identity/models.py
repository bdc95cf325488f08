# SPDX-License-Identifier: AGPL-3.0-or-later
"""By what people are found when somebody may be one of them, and who is not whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import now
from plein.core.records import Isolation, Record, RecordManager, WorkspaceRecord
from plein.relations.models import ContactPoint, Relation
from plein.trust.models import Seat


class Key(models.Model):
    """By what a person is found, in the circle of what it was made from. Only triggers write here (ADR 0039).

    Kinds and values:
    n  surname and first name ("berg jan")        m  the sound of the surname, and the first name
    e  an e-mail address                          p  a phone number
    h  a name on a network, and which ("jan x")   z  a postcode
    c  an organization and the first name ("smit|jan")
    d  an organization and the surname ("smit|berg")
    """

    isolation = Isolation(is_recorded=False)

    id = models.BigAutoField(primary_key=True)
    workspace_id = models.IntegerField()
    circle_id = models.IntegerField()
    relation_id = models.UUIDField()
    origin_id = models.UUIDField()
    kind = models.CharField(max_length=1, db_collation="C")
    value = models.CharField(max_length=500, db_collation="C")

    objects = RecordManager["Key"]()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("key by which a person is found")
        indexes = [
            models.Index(
                fields=["workspace_id", "kind", "value", "circle_id", "relation_id"], name="identity_key_value"
            ),
            models.Index(fields=["workspace_id", "relation_id"], name="identity_key_relation"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class Term(WorkspaceRecord):
    """How many people bear a name that is not rare, among those whom everyone here sees; counted each night.

    `value` is "berg jan", "berg ", "|smit" for an organization or "@Zwolle"; the empty one is how many there are.
    """

    isolation = Isolation(has_circle=False, is_recorded=False)

    value = models.CharField(max_length=200, db_collation="C")
    people = models.IntegerField()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("how common a name is")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "value"], name="identity_term_value")]

    def __str__(self) -> str:
        return self.value


class Apart(Record):
    """Somebody said that this is not them: an address, another person, or what was heard, is not of this person.

    `key` is what was heard, as it is compared: "e jan@bos.nl", or a name with all that was known of it.
    """

    isolation = Isolation(
        parents=("relation", "other", "contact_point"),
        about="relation",
        once=("relation", "other", "contact_point", "key"),
    )

    relation = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    other = models.ForeignKey(
        Relation, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    contact_point = models.ForeignKey(
        ContactPoint, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    key = models.CharField(max_length=500, blank=True, db_collation="C")
    decided_by = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    decided_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("not the same person")
        indexes = [
            models.Index(fields=["workspace_id", "relation"], name="identity_apart_relation"),
            models.Index(fields=["workspace_id", "other"], name="identity_apart_other"),
            models.Index(fields=["workspace_id", "contact_point"], name="identity_apart_point"),
            models.Index(fields=["workspace_id", "key"], name="identity_apart_key"),
        ]

    def __str__(self) -> str:
        return self.key or str(self.other_id or self.contact_point_id)


class Settings(WorkspaceRecord):
    """From how many bits on this company takes somebody for somebody it knows, where otherwise than Plein does.

    automatic   linked without asking
    strong      so too, with the same address, number or name on a network
    ahead       and so many more than whoever comes next
    review      from here on somebody is asked
    """

    isolation = Isolation(has_circle=False)

    automatic = models.FloatField()
    strong = models.FloatField()
    ahead = models.FloatField()
    review = models.FloatField()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("when people are recognised")
        constraints = [models.UniqueConstraint(fields=["workspace_id"], name="identity_settings_once")]

    def __str__(self) -> str:
        return f"{self.automatic} {self.strong} {self.ahead} {self.review}"


# They refer to what stands above; others import them from here.
from plein.identity.pairs import BookRun as BookRun  # noqa: E402
from plein.identity.pairs import Pair as Pair  # noqa: E402
from plein.identity.pairs import Review as Review  # noqa: E402
from plein.identity.pairs import RunState as RunState  # noqa: E402
from plein.identity.pairs import Said as Said  # noqa: E402
from plein.identity.pairs import Sureness as Sureness  # noqa: E402
