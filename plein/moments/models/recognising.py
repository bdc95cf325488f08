# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was recognised in the text of a moment, and what colleagues say it is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import now
from plein.core.records import Isolation, Record, WorkspaceRecord
from plein.moments.models.moments import Moment, MomentText
from plein.moments.vocabulary import Mood, Relevance
from plein.trust.models import Seat


class Recognised(Record):
    """What a model made of a text: derived, made anew when the text or the model changes, and of numbers only.

    Its id is that of the text. Spans count code points of the text; whatever words they stand for are in the text and
    nowhere else. `print` is the hash of the text that was looked at: of another text nothing here holds. `topics` are
    ids of topics that it is likely about, and how likely. `opinion` is what a language model thought of it where this
    one was not sure (`by`, `labels`, `reasons`, `relevance`); what it says of labels stands among the labels too.
    """

    isolation = Isolation(parents=("text",), about="moment", is_recorded=False)

    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    text = models.ForeignKey(
        MomentText, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    print = models.IntegerField()
    made_by = models.CharField(max_length=80)
    tier = models.CharField(max_length=10)
    language = models.CharField(max_length=10, blank=True)
    labels = models.JSONField(default=dict)
    sentiment = models.CharField(max_length=10, choices=Mood.choices)
    urgency = models.SmallIntegerField(default=0)
    mentions = models.JSONField(default=list)
    small_talk = models.JSONField(default=list)
    reasons = models.JSONField(default=dict)
    relevance = models.CharField(max_length=12, choices=Relevance.choices)
    filed_as = models.CharField(max_length=12, blank=True)
    topics = models.JSONField(default=dict)
    opinion = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=now)

    class Meta:
        base_manager_name = "objects"
        db_table = "moments_recognised"
        verbose_name = _("what was recognised in a text")
        indexes = [
            models.Index(fields=["workspace_id", "text"], name="moments_recognised_text"),
            models.Index(fields=["workspace_id", "moment"], name="moments_recognised_moment"),
        ]


class Correction(Record):
    """What a colleague says about a text: that a label holds or does not, what it is worth, its mood or its haste.

    `about` is a label, `relevance`, `sentiment` or `urgency`, or `topic:` and the id of a topic; `value` is `yes` or
    `no`, or one of their words.
    """

    isolation = Isolation(parents=("text",), about="moment")

    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    text = models.ForeignKey(
        MomentText, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    about = models.CharField(max_length=48)
    value = models.CharField(max_length=12)
    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    said_at = models.DateTimeField(default=now)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("what a colleague says a text is")
        indexes = [
            models.Index(fields=["workspace_id", "text"], name="moments_correction_text"),
            models.Index(fields=["workspace_id", "moment"], name="moments_correction_moment"),
            models.Index(fields=["workspace_id", "said_at", "id"], name="moments_correction_said"),
        ]


class Learned(WorkspaceRecord):
    """What a company taught Plein at one time: changes to a model as arrays, and how they do.

    `figures` are of corrections that it did not learn from. At most one is in use; without one, texts are read as
    everywhere.
    """

    isolation = Isolation(has_circle=False)

    number = models.IntegerField()
    arrays = models.BinaryField()
    base = models.CharField(max_length=80)
    learned_from = models.IntegerField()
    figures = models.JSONField(default=dict)
    is_in_use = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=now)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("what Plein learned")
        indexes = [models.Index(fields=["workspace_id", "-number"], name="moments_learned_number")]
