# SPDX-License-Identifier: AGPL-3.0-or-later
"""A moment is an envelope (who, when, which channel), a subject and a text, each a row with its own circle."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import new_id
from plein.core.records import Found, Isolation, Record, VersionedRecord
from plein.moments.vocabulary import (
    Answer,
    Direction,
    MomentKind,
    Nature,
    ParticipantRole,
    ProposalDecision,
    Reach,
    State,
)
from plein.relations.models import ContactPoint, Relation
from plein.relations.vocabulary import Source
from plein.trust.models import Seat

OF_MOMENT = "JOIN moments_moment m ON m.workspace_id = n.workspace_id AND m.id = n.moment_id"


class Moment(VersionedRecord):
    """One contact, past or planned: the envelope.

    `thread_id` is shared by the moments that belong together. `fingerprint` tells copies of one message.
    """

    #: Who listens asks the finder for posts, and not for all texts.
    isolation = Isolation(is_found=True)

    kind = models.CharField(_("kind"), max_length=10, choices=MomentKind.choices)
    direction = models.CharField(_("direction"), max_length=10, choices=Direction.choices, default=Direction.OUTBOUND)
    reach = models.CharField(_("meant for"), max_length=4, choices=Reach.choices, default=Reach.ONE)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DONE)
    nature = models.CharField(max_length=10, choices=Nature.choices, default=Nature.PERSONAL)
    occurred_at = models.DateTimeField(_("when"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    is_all_day = models.BooleanField(_("all day"), default=False)
    thread_id = models.UUIDField(default=new_id)
    recorded_by = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.HAND)
    fingerprint = models.CharField(max_length=64, blank=True)
    calendar_uid = models.CharField(max_length=300, blank=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("contact moment")
        indexes = [
            models.Index(fields=["workspace_id", "-occurred_at", "-id"], name="moments_recent"),
            models.Index(fields=["workspace_id", "thread_id"], name="moments_thread"),
            models.Index(
                fields=["workspace_id", "fingerprint"], condition=~models.Q(fingerprint=""), name="moments_fingerprint"
            ),
            models.Index(
                fields=["workspace_id", "calendar_uid"], condition=~models.Q(calendar_uid=""), name="moments_calendar"
            ),
            # Of everything that happened, an agenda looks at what was planned and at whom one met.
            models.Index(
                fields=["workspace_id", "occurred_at"],
                condition=models.Q(state="planned") | models.Q(kind__in=["visit", "meeting"]),
                name="moments_agenda",
            ),
        ]


class MomentSubject(Record):
    """What a moment was about, in one line, and where it took place."""

    isolation = Isolation(
        parents=("moment",),
        own_circle="own_circle_id",
        about="moment",
        found=Found(
            record="n.moment_id",
            kind="'subject'",
            title="left(n.title, 200)",
            words="plein_words(n.title)",
            at="m.occurred_at",
            joins=OF_MOMENT,
            only="n.title <> ''",
        ),
    )

    own_circle_id = models.IntegerField(null=True)
    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="subjects"
    )
    title = models.CharField(_("subject"), max_length=1000, blank=True)
    key = models.CharField(max_length=64, blank=True)
    location = models.CharField(_("place"), max_length=300, blank=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "moments_subject"
        verbose_name = _("subject")
        indexes = [
            models.Index(fields=["workspace_id", "moment"], name="moments_subject_moment"),
            models.Index(fields=["workspace_id", "key"], condition=~models.Q(key=""), name="moments_subject_key"),
        ]


class MomentText(Record):
    """What was said, what for, what came of it, and what is to follow.

    `text` is plain; `html` is as received and is cleaned each time it is shown. `quote_from` and `signature_from`
    are offsets in `text` from which the view folds quoted history and the signature.
    """

    isolation = Isolation(
        parents=("moment",),
        own_circle="own_circle_id",
        about="moment",
        found=Found(
            record="n.moment_id",
            kind="'text'",
            words="plein_words(concat_ws(' ', n.text, n.purpose, n.outcome, n.follow_up, n.means_needed))",
            at="m.occurred_at",
            joins=OF_MOMENT,
            only="concat(n.text, n.purpose, n.outcome, n.follow_up, n.means_needed) <> ''",
        ),
    )

    own_circle_id = models.IntegerField(null=True)
    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="texts"
    )
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(blank=True)
    quote_from = models.IntegerField(null=True)
    signature_from = models.IntegerField(null=True)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    outcome = models.CharField(_("outcome"), max_length=500, blank=True)
    follow_up = models.CharField(_("follow-up"), max_length=500, blank=True)
    means_needed = models.CharField(_("means needed"), max_length=500, blank=True)
    mentions = ArrayField(models.UUIDField(), default=list, db_default=[], blank=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "moments_text"
        verbose_name = _("text")
        indexes = [
            models.Index(fields=["workspace_id", "moment"], name="moments_text_moment"),
            models.Index(
                fields=["workspace_id", "-moment"], condition=~models.Q(follow_up=""), name="moments_text_follow_up"
            ),
        ]


class Participant(Record):
    """Somebody's part in a moment.

    `answer` is what somebody who was invited answered, `answered_at` when.

    The contact point and the name stand as they were heard and never change. The relation is whom we believe it was,
    and can be bound anew without loss: the ground for late matching, merge and unmerge.
    """

    isolation = Isolation(
        parents=("moment", "relation", "contact_point"),
        about="moment",
        once=("moment", "relation", "role", "contact_point"),
    )

    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="participants"
    )
    role = models.CharField(_("part"), max_length=10, choices=ParticipantRole.choices)
    contact_point = models.ForeignKey(
        ContactPoint, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    heard_name = models.CharField(max_length=300, blank=True)
    relation = models.ForeignKey(
        Relation, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    is_ours = models.BooleanField(default=False)
    occurred_at = models.DateTimeField()
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices, blank=True, default="", db_default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("participant")
        indexes = [
            models.Index(
                fields=["workspace_id", "relation", "-occurred_at", "-moment"],
                condition=models.Q(relation__isnull=False),
                name="moments_timeline",
            ),
            models.Index(fields=["workspace_id", "moment"], name="moments_participant_moment"),
            models.Index(
                fields=["workspace_id", "contact_point"],
                condition=models.Q(contact_point__isnull=False),
                name="moments_participant_point",
            ),
        ]


class MomentSource(Record):
    """One copy of a message as it was found: its id, folder and mailbox, its web address, what was wrong with it.

    A moment keeps all its copies. `gone_at` is when we heard that it was taken away at its source.
    """

    isolation = Isolation(parents=("moment",), about="moment")

    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="sources"
    )
    external_id = models.CharField(max_length=500)
    mailbox = models.CharField(max_length=300, blank=True)
    folder = models.CharField(max_length=500, blank=True)
    import_id = models.UUIDField(null=True)
    list_name = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=500, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "moments_source"
        verbose_name = _("copy of a message")
        indexes = [
            models.Index(fields=["workspace_id", "moment"], name="moments_source_moment"),
            models.Index(fields=["workspace_id", "external_id"], name="moments_source_external"),
        ]


class MessageReference(Record):
    """A message that another one says it answers, whether or not it is here: what threads are made from."""

    isolation = Isolation(parents=("moment",), about="moment")

    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="references"
    )
    external_id = models.CharField(max_length=500)

    class Meta:
        base_manager_name = "objects"
        db_table = "moments_reference"
        verbose_name = _("reference to a message")
        indexes = [
            models.Index(fields=["workspace_id", "external_id"], name="moments_reference_external"),
            models.Index(fields=["workspace_id", "moment"], name="moments_reference_moment"),
        ]


class Proposal(Record):
    """An address from imported mail that is nobody yet: somebody may make a person of it, or decide not to."""

    isolation = Isolation(parents=("contact_point",), about="contact_point")

    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    import_id = models.UUIDField()
    name = models.CharField(max_length=300)
    wrote = models.IntegerField(default=0)
    received = models.IntegerField(default=0)
    decision = models.CharField(max_length=10, choices=ProposalDecision.choices, default=ProposalDecision.OPEN)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("proposal")
        indexes = [
            models.Index(
                fields=["workspace_id", "import_id", "decision", "-wrote", "id"], name="moments_proposal_open"
            ),
            models.Index(fields=["workspace_id", "contact_point"], name="moments_proposal_point"),
        ]


class Attachment(Record):
    """A file that came with a moment. Its bytes are stored once, by their hash."""

    isolation = Isolation(parents=("text",), own_circle="own_circle_id", about="moment")

    own_circle_id = models.IntegerField(null=True)
    moment = models.ForeignKey(
        Moment, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="attachments"
    )
    text = models.ForeignKey(
        MomentText, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="attachments"
    )
    name = models.CharField(_("name"), max_length=300)
    mime = models.CharField(max_length=120)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_id = models.CharField(max_length=300, blank=True)
    is_inline = models.BooleanField(default=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("attachment")
        indexes = [
            models.Index(fields=["workspace_id", "moment"], name="moments_attachment_moment"),
            models.Index(fields=["workspace_id", "sha256"], name="moments_attachment_hash"),
        ]
