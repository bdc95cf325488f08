# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ties between relations, and the kinds of tie that a company makes itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plein.core.ids import now
from plein.core.records import Isolation, Record, VersionedRecord
from plein.metadata.models import in_reader_language
from plein.relations.models import Relation
from plein.relations.vocabulary import (
    INVERSE_WORDING,
    NOT_FOR_ASKING,
    End,
    Source,
    TieOutcome,
    TieStrength,
    tie_wording,
)


class TieType(VersionedRecord):
    """A kind of tie of the company's own. `key`, its ends and its direction stay what they are for the ties there are.

    A tie of a kind that reads the same both ways has no inverse. `strength` is what the network makes of such a tie;
    `percent` says it in numbers, where it is exact.
    """

    isolation = Isolation()

    key = models.CharField(max_length=40, db_collation="C", editable=False)
    name_nl = models.CharField(_("how it reads, in Dutch"), max_length=80, blank=True)
    name_en = models.CharField(_("how it reads, in English"), max_length=80, blank=True)
    inverse_nl = models.CharField(_("from the other end, in Dutch"), max_length=80, blank=True)
    inverse_en = models.CharField(_("from the other end, in English"), max_length=80, blank=True)
    is_directed = models.BooleanField(_("reads differently from the other end"), default=False)
    one_kind = models.CharField(_("from"), max_length=12, choices=End.choices, blank=True)
    other_kind = models.CharField(_("to"), max_length=12, choices=End.choices, blank=True)
    strength = models.CharField(_("how strong"), max_length=10, choices=TieStrength.choices, default=TieStrength.NONE)
    percent = models.SmallIntegerField(_("how strong, in %"), null=True, blank=True)
    may_introduce = models.BooleanField(_("may be used for introductions"), default=False)
    retired_at = models.DateTimeField(_("retired"), null=True, editable=False)

    class Meta:
        base_manager_name = "objects"
        db_table = "relations_tie_type"
        verbose_name = _("kind of tie")
        constraints = [models.UniqueConstraint(fields=["workspace_id", "key"], name="relations_tie_type_key")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_reader_language(self.name_nl, self.name_en)

    @property
    def inverse(self) -> str:
        return in_reader_language(self.inverse_nl, self.inverse_en) if self.is_directed else self.name

    @property
    def strength_told(self) -> str:
        """How strong the network takes such a tie to be, in words or in numbers."""
        is_exact = self.strength == TieStrength.EXACT and self.percent is not None
        return f"{self.percent} %" if is_exact else str(TieStrength(self.strength).label)

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None


class Tie(Record):
    """A typed, dated link between two relations, with its source. A directed tie reads from `one` to `other`.

    `type` is there when the kind is one of the company's own; fetch it along with what shows `words`.
    `may_introduce` says whether one may ask for an introduction over it; without it the kind says so. `outcome` and
    `value` are what came of a referral or of advice.
    """

    isolation = Isolation(
        parents=("one", "other"),
        own_circle="own_circle_id",
        about="one",
        once=("one", "other", "kind", "starts_on", "ends_on", "note", "outcome", "value"),
    )

    own_circle_id = models.IntegerField(null=True)
    one = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="ties_out"
    )
    other = models.ForeignKey(
        Relation, on_delete=models.DB_CASCADE, db_constraint=False, db_index=False, related_name="ties_in"
    )
    kind = models.CharField(_("kind"), max_length=40)
    type = models.ForeignKey(
        TieType,
        null=True,
        blank=True,
        on_delete=models.DB_SET_NULL,
        db_constraint=False,
        db_index=False,
        related_name="ties",
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    may_introduce = models.BooleanField(_("may be used to ask for an introduction"), null=True, blank=True)
    outcome = models.CharField(
        _("what came of it"), max_length=10, choices=TieOutcome.choices, blank=True, default="", db_default=""
    )
    value = models.DecimalField(_("worth in euros"), max_digits=12, decimal_places=2, null=True, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.HAND)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("tie")
        indexes = [
            models.Index(fields=["workspace_id", "one"], name="relations_tie_one"),
            models.Index(fields=["workspace_id", "other"], name="relations_tie_other"),
            models.Index(
                fields=["workspace_id", "type"], condition=models.Q(type__isnull=False), name="relations_tie_of_type"
            ),
        ]

    def __str__(self) -> str:
        return self.words(is_outgoing=True)

    @property
    def is_directed(self) -> bool:
        """Whether it reads differently from its two ends."""
        return self.type.is_directed if self.type is not None else self.kind in INVERSE_WORDING

    @property
    def may_ask_over(self) -> bool:
        """Whether one may ask for an introduction over it: as noted, or as is usual."""
        return self.is_asked_over_as_usual if self.may_introduce is None else self.may_introduce

    @property
    def is_asked_over_as_usual(self) -> bool:
        """What its kind says about that; over what fewer people see than its ends, one does not."""
        if self.own_circle_id is not None:
            return False
        return self.type.may_introduce if self.type is not None else self.kind not in NOT_FOR_ASKING

    def words(self, *, is_outgoing: bool) -> str:
        """How it reads from one of its ends."""
        if self.type is not None:
            return self.type.name if is_outgoing else self.type.inverse
        return tie_wording(self.kind, is_outgoing=is_outgoing)
