# SPDX-License-Identifier: AGPL-3.0-or-later
"""What this domain adds to the lists of people: what they said yes and no to, for filters."""

from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.expressions import Exists
from django.utils.translation import gettext_lazy, pgettext_lazy

from plein.consent.models import Decision
from plein.consent.queries import counting, purposes
from plein.consent.vocabulary import State
from plein.core.ids import now
from plein.lists.fields import Choice, Link, ListField, Question
from plein.lists.operators import FieldType

STATES = (State.GIVEN, State.REFUSED, State.WITHDRAWN, State.EXPIRED)


def _standing() -> list[QuerySet[Any, Any]]:
    """The last decision for each purpose and contact point of a person."""
    same = {name: OuterRef(name) for name in ("subject_id", "purpose_id", "point_kind", "point_value")}
    later = counting().filter(
        Q(decided_at__gt=OuterRef("decided_at")) | Q(decided_at=OuterRef("decided_at"), id__gt=OuterRef("id")), **same
    )
    mine = counting().filter(subject__relation_id=OuterRef("id")).filter(~Exists(later))
    return [mine.annotate(far_id=F("id"))]


def _purpose_where(question: Question) -> Q:
    asked = Q(purpose_id__in=list(question.values))
    return ~asked if question.operator == "not" else asked


def _state_where(question: Question) -> Q:
    asked = Q(pk__in=Decision.objects.none())
    today = now()
    is_over = Q(state=State.GIVEN, holds_until__lte=today)
    for value in question.values:
        if value == State.EXPIRED:
            asked |= is_over
        elif value == State.GIVEN:
            asked |= Q(state=State.GIVEN) & (Q(holds_until__isnull=True) | Q(holds_until__gt=today))
        else:
            asked |= Q(state=value)
    return ~asked if question.operator == "not" else asked


CONSENT = Link(
    "consent",
    gettext_lazy("Consent"),
    gettext_lazy("they decided about what we may do"),
    gettext_lazy("they were never asked what we may do"),
    gettext_lazy("they decided about what we may do, and %(what)s"),
    gettext_lazy("they never decided so that %(what)s"),
    _standing,
    (
        ListField(
            key="purpose",
            label=pgettext_lazy("of a consent", "Purpose"),
            type=FieldType.CHOICE,
            where=_purpose_where,
            operators=("is", "not"),
            choices=lambda: [Choice(str(one.id), one.name) for one in purposes(with_retired=True)],
        ),
        ListField(
            key="state",
            label=pgettext_lazy("of a consent", "What they said"),
            type=FieldType.CHOICE,
            where=_state_where,
            operators=("is", "not"),
            choices=lambda: [Choice(str(one), str(one.label)) for one in STATES],
        ),
    ),
)
