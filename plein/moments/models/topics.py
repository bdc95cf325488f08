# SPDX-License-Identifier: AGPL-3.0-or-later
"""The topics of a company, and what might become one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import now
from plein.core.records import Isolation, VersionedRecord, WorkspaceRecord
from plein.trust.models import Seat

LONGEST_NAME = 60


class Topic(VersionedRecord):
    """Something that texts are about here, as colleagues know it: everyone sees it.

    Each line of `examples` is a text about it; a text with a line of `words` is about it without further ado. What
    colleagues say of texts teaches it besides (`Correction`, about `topic:` and its id).
    """

    isolation = Isolation()

    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    words = models.TextField(_("words"), blank=True)
    examples = models.TextField(_("examples"), blank=True)
    owner = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("topic")
        indexes = [models.Index(fields=["workspace_id", "name", "id"], name="moments_topic_name")]

    def __str__(self) -> str:
        return self.name


class TopicSuggestion(WorkspaceRecord):
    """Moments with texts that everyone may read, are alike and have no topic: they may be a topic of their own.

    `moments` are ids, the most typical first; whatever their texts say is in the texts and nowhere else. One that a
    colleague did not want is kept, so that it does not come back.
    """

    isolation = Isolation(has_circle=False, unrecorded=("moments", "found_at"))

    moments = models.JSONField(default=list)
    is_refused = models.BooleanField(default=False)
    found_at = models.DateTimeField(default=now)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("possible topic")
        indexes = [models.Index(fields=["workspace_id", "found_at", "id"], name="moments_topic_suggestion")]
