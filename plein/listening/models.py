# SPDX-License-Identifier: AGPL-3.0-or-later
"""What colleagues listen for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.records import Isolation, Record, VersionedRecord, WorkspaceRecord
from plein.listening.vocabulary import LONGEST_NAME, About
from plein.moments.models import Moment, Topic
from plein.relations.models import Relation
from plein.trust.models import Seat


class Search(VersionedRecord):
    """Words to listen for in what is said in public, under a name, for oneself, a team or everyone.

    Each line of `words` is heard by itself, all words of a line together; what holds a line of `never` is left out.
    With a `relation` it listens for what they are called and reached by as well, and is seen by nobody who does not see
    them: `own_circle_id` may only make it narrower. With a `topic` it hears what is about that, also where none of the
    words stands.
    """

    isolation = Isolation(parents=("relation", "topic"), own_circle="own_circle_id")

    own_circle_id = models.IntegerField(null=True)
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    about = models.CharField(_("what it listens for"), max_length=12, choices=About.choices, default=About.SUBJECT)
    words = models.TextField(_("words"))
    never = models.TextField(_("never with"), blank=True)
    relation = models.ForeignKey(
        Relation, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    topic = models.ForeignKey(
        Topic, null=True, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    owner = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("search that listens")
        indexes = [
            models.Index(fields=["workspace_id", "name", "id"], name="listening_search_name"),
            models.Index(
                fields=["workspace_id", "relation"],
                condition=models.Q(relation__isnull=False),
                name="listening_search_relation",
            ),
            models.Index(
                fields=["workspace_id", "topic"],
                condition=models.Q(topic__isnull=False),
                name="listening_search_topic",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_about_one(self) -> bool:
        """Whether it listens for a relation or a topic that is here, and not for words alone."""
        return self.relation_id is not None or self.topic_id is not None


class Minutes(WorkspaceRecord):
    """How many minutes a day a colleague listens on each network."""

    isolation = Isolation(has_circle=False, is_recorded=False)

    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+")
    minutes = models.IntegerField()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("minutes to listen")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "seat"], name="listening_minutes_seat")]

    def __str__(self) -> str:
        return str(self.minutes)


class Listened(Record):
    """That a colleague is done with what was heard: on which day, on which network, how many minutes it takes.

    Theirs alone, and nobody else's business.
    """

    isolation = Isolation(parents=("moment",), about="moment", once=("moment", "seat"))

    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+")
    day = models.DateField()
    network = models.CharField(max_length=20, blank=True)
    minutes = models.FloatField()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("what somebody listened to")
        indexes = [
            models.Index(fields=["workspace_id", "seat", "-day"], name="listening_listened_day"),
            models.Index(fields=["workspace_id", "moment"], name="listening_listened_moment"),
        ]
