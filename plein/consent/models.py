# SPDX-License-Identifier: AGPL-3.0-or-later
"""Subjects, purposes, decisions and the never-contact list (ADR 0023)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.consent.vocabulary import Basis, How, State, Steps
from plein.core.ids import now
from plein.core.records import Isolation, Record, VersionedRecord, WorkspaceRecord
from plein.metadata.models import in_reader_language
from plein.relations.models import Relation
from plein.relations.vocabulary import ContactKind
from plein.trust.models import Seat


class Subject(Record):
    """The natural person whom data are about. It outlives the relation, and follows its circle while that is there.

    When two relations become one, both their subjects belong to it: what is asked of a relation is asked of them all.
    """

    isolation = Isolation(parents=("relation",), loose=("relation",), is_found=True, outlasts=True)

    relation = models.ForeignKey(
        Relation, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="subjects"
    )
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("data subject")
        indexes = [models.Index(fields=["workspace_id", "relation"], name="consent_subject_relation")]

    def __str__(self) -> str:
        return str(self.id)


class Purpose(VersionedRecord):
    """Something we use what we know of people for. Its words are in `PurposeText`, each version of them kept."""

    isolation = Isolation()

    key = models.CharField(max_length=40, db_collation="C", editable=False)
    basis = models.CharField(_("why we may"), max_length=12, choices=Basis.choices)
    kinds = ArrayField(
        models.CharField(max_length=10, choices=ContactKind.choices), verbose_name=_("by which means"), default=list
    )
    holds_months = models.IntegerField(_("how long a yes holds, in months"), null=True, blank=True)
    keep_months = models.IntegerField(_("how long we keep what it was needed for, in months"), null=True, blank=True)
    position = models.IntegerField(default=0)
    retired_at = models.DateTimeField(_("retired"), null=True, editable=False)

    #: The words in force; `plein.consent.queries` puts them there.
    wording: "PurposeText"

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("purpose")
        indexes = [models.Index(fields=["workspace_id", "position", "id"], name="consent_purpose_order")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.wording.name

    @property
    def term(self) -> int | None:
        """For how many months a yes counts: as long as what it was for is kept, at most. None: until they withdraw."""
        return self.holds_months or self.keep_months

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None


class PurposeText(Record):
    """How a purpose is put to people, in both languages: what it is called, what for, and what they get for it."""

    isolation = Isolation(parents=("purpose",), about="purpose", is_appended=True)

    purpose = models.ForeignKey(
        Purpose, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="texts"
    )
    number = models.IntegerField(_("version"))
    name_nl = models.CharField(_("name in Dutch"), max_length=80, blank=True)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    what_nl = models.TextField(_("what for, in Dutch"), max_length=2000, blank=True)
    what_en = models.TextField(_("what for, in English"), max_length=2000, blank=True)
    benefit_nl = models.TextField(_("what you get for it, in Dutch"), max_length=2000, blank=True)
    benefit_en = models.TextField(_("what you get for it, in English"), max_length=2000, blank=True)
    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        base_manager_name = "objects"
        db_table = "consent_purpose_text"
        verbose_name = _("words of a purpose")
        indexes = [models.Index(fields=["workspace_id", "purpose", "-number"], name="consent_text_purpose")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_reader_language(self.name_nl, self.name_en)

    @property
    def what(self) -> str:
        return in_reader_language(self.what_nl, self.what_en)

    @property
    def benefit(self) -> str:
        return in_reader_language(self.benefit_nl, self.benefit_en)


class Decision(Record):
    """That somebody said yes or no to a purpose: when, how, noted by whom, with the words shown and the evidence.

    Rows are added and never changed. Whether one counts says `InForce`: taking it back removes that row, not this one.
    An empty `point_value` means all contact points. `moment_id` names a contact moment as evidence.
    """

    isolation = Isolation(
        parents=("subject",),
        about="subject",
        loose=("purpose", "text"),
        is_recorded=False,
        is_found=True,
        is_appended=True,
        redacted=("point_value", "note"),
    )

    subject = models.ForeignKey(
        Subject, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="decisions"
    )
    purpose = models.ForeignKey(
        Purpose, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    text = models.ForeignKey(
        PurposeText, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    point_kind = models.CharField(max_length=10, choices=ContactKind.choices, blank=True)
    point_value = models.CharField(max_length=500, blank=True, db_collation="C")
    state = models.CharField(max_length=10, choices=State.choices)
    decided_at = models.DateTimeField(_("when"))
    holds_until = models.DateTimeField(_("until"), null=True)
    how = models.CharField(_("how we know"), max_length=10, choices=How.choices)
    note = models.CharField(_("what was said or written"), max_length=1000, blank=True)
    moment_id = models.UUIDField(null=True)
    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    operation_id = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("decision about consent")
        indexes = [
            models.Index(
                fields=["workspace_id", "subject", "purpose", "point_kind", "point_value", "-decided_at", "-id"],
                name="consent_decision_state",
            ),
            models.Index(
                fields=["workspace_id", "point_value"],
                condition=~models.Q(point_value=""),
                name="consent_decision_point",
            ),
            models.Index(fields=["workspace_id", "purpose", "-recorded_at"], name="consent_decision_purpose"),
        ]

    def __str__(self) -> str:
        return self.state

    @property
    def state_now(self) -> State:
        """What it comes to today: a yes may have expired."""
        if self.state == State.GIVEN and self.holds_until is not None and self.holds_until <= now():
            return State.EXPIRED
        return State(self.state)


class InForce(Record):
    """That a decision counts. Turning an operation back takes this away, and the decision stays in the list."""

    isolation = Isolation(parents=("subject",), about="subject", is_found=True)

    decision = models.ForeignKey(
        Decision, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="in_force"
    )
    subject = models.ForeignKey(
        Subject, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    purpose = models.ForeignKey(
        Purpose, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    text = models.ForeignKey(
        PurposeText, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        base_manager_name = "objects"
        db_table = "consent_in_force"
        verbose_name = _("consent")
        indexes = [
            models.Index(fields=["workspace_id", "decision"], name="consent_force_decision"),
            models.Index(fields=["workspace_id", "subject"], name="consent_force_subject"),
            models.Index(fields=["workspace_id", "purpose"], name="consent_force_purpose"),
            models.Index(fields=["workspace_id", "text"], name="consent_force_text"),
        ]

    def __str__(self) -> str:
        return str(self.decision_id)


class Restriction(Record):
    """That somebody's data are kept and not used, because they asked so (article 18). Lifting it takes the row away."""

    isolation = Isolation(parents=("subject",), about="subject", is_found=True)

    subject = models.ForeignKey(
        Subject, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="restrictions"
    )
    reason = models.CharField(_("why"), max_length=300)
    since = models.DateTimeField(_("since"), default=now)
    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("restriction")
        indexes = [models.Index(fields=["workspace_id", "subject"], name="consent_restriction_subject")]

    def __str__(self) -> str:
        return self.reason


class NeverContact(WorkspaceRecord):
    """An address that is never used again: only its keyed hash, so that it may outlive all we know of somebody."""

    isolation = Isolation(has_circle=False)

    kind = models.CharField(max_length=10, choices=ContactKind.choices)
    digest = models.CharField(max_length=64, db_collation="C")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    seat = models.ForeignKey(
        Seat, null=True, on_delete=models.DB_SET_NULL, db_constraint=False, db_index=False, related_name="+"
    )
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        base_manager_name = "objects"
        db_table = "consent_never_contact"
        verbose_name = _("address never to be used")
        indexes = [models.Index(fields=["workspace_id", "digest"], name="consent_never_digest")]

    def __str__(self) -> str:
        return self.digest


class ConsentSettings(WorkspaceRecord):
    """What the company chose about asking people for introductions."""

    isolation = Isolation(has_circle=False)

    steps = models.CharField(max_length=10, choices=Steps.choices, default=Steps.OBJECTION)

    class Meta:
        base_manager_name = "objects"
        db_table = "consent_settings"
        verbose_name = _("settings about consent")
        constraints = [models.UniqueConstraint(fields=["workspace_id"], name="consent_settings_once")]


class StepChoice(WorkspaceRecord):
    """That a colleague wants no requests for introductions."""

    isolation = Isolation(has_circle=False)

    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+")
    is_open = models.BooleanField(default=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "consent_step_choice"
        verbose_name = _("choice about introductions")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "seat"], name="consent_step_once")]


class ConsentList(Record):
    """A list of what people decided that somebody brings in: theirs alone until it is done, then only its outcome."""

    isolation = Isolation(is_recorded=False)

    seat = models.ForeignKey(Seat, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="+")
    name = models.CharField(max_length=300)
    head = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    wishes = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    operation_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "consent_list"
        verbose_name = _("list of decisions")
        indexes = [models.Index(fields=["workspace_id", "seat", "-created_at"], name="consent_list_seat")]

    def __str__(self) -> str:
        return self.name


class RetentionRule(WorkspaceRecord):
    """How long one kind of data is kept. It deletes nothing: what is older is put before an administrator."""

    isolation = Isolation(has_circle=False)

    key = models.CharField(max_length=40, db_collation="C")
    months = models.IntegerField(default=60)
    is_on = models.BooleanField(default=False)
    asks_from = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        db_table = "consent_retention_rule"
        verbose_name = _("how long data are kept")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "key"], name="consent_rule_once")]

    def __str__(self) -> str:
        return self.key
