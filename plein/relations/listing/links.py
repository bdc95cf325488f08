# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ways from people and organizations to each other."""

from typing import Any

from django.db.models import F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy

from plein.lists.columns import choice_where, date_where, text_field
from plein.lists.fields import Link, ListField
from plein.lists.operators import FieldType
from plein.relations.listing.fields import choices_of, relation_names, relation_where
from plein.relations.models import Membership, Tie
from plein.relations.queries.ties import tie_sorts
from plein.relations.vocabulary import RelationKind

BOTH = (RelationKind.PERSON, RelationKind.ORGANIZATION)


def _all_memberships(far: str) -> Any:
    return lambda: Membership.objects.annotate(far_id=F(far))


def _memberships(own: str, far: str) -> Any:
    return lambda: [Membership.objects.filter(**{own: OuterRef("id")}).annotate(far_id=F(far))]


def _ties() -> list[QuerySet[Any, Any]]:
    return [
        Tie.objects.filter(one_id=OuterRef("id")).annotate(far_id=F("other_id")),
        Tie.objects.filter(other_id=OuterRef("id")).annotate(far_id=F("one_id")),
    ]


_OF_ROLE = (
    text_field("role", gettext_lazy("Role"), key="role"),
    ListField(key="since", label=gettext_lazy("Role since"), type=FieldType.DATE, where=date_where("starts_on")),
    ListField(key="until", label=gettext_lazy("Role until"), type=FieldType.DATE, where=date_where("ends_on")),
)
ORGANIZATION_OF_PERSON = Link(
    "organization",
    gettext_lazy("Organization"),
    gettext_lazy("works for an organization"),
    gettext_lazy("works for no organization"),
    gettext_lazy("works for an organization of which %(what)s"),
    gettext_lazy("works for no organization of which %(what)s"),
    _memberships("person_id", "organization_id"),
    _OF_ROLE,
    to="organization",
    back=(_all_memberships("organization_id"), "person_id"),
)
PERSON_OF_ORGANIZATION = Link(
    "person",
    gettext_lazy("Person"),
    gettext_lazy("somebody works there"),
    gettext_lazy("nobody works there"),
    gettext_lazy("somebody works there of whom %(what)s"),
    gettext_lazy("nobody works there of whom %(what)s"),
    _memberships("organization_id", "person_id"),
    _OF_ROLE,
    to="person",
    back=(_all_memberships("person_id"), "organization_id"),
)
TIE = Link(
    "tie",
    gettext_lazy("Tie"),
    gettext_lazy("has a tie"),
    gettext_lazy("has no tie"),
    gettext_lazy("has a tie of which %(what)s"),
    gettext_lazy("has no tie of which %(what)s"),
    _ties,
    (
        ListField(
            key="with",
            label=gettext_lazy("The other one"),
            type=FieldType.RELATION,
            where=relation_where("far_id"),
            operators=("is", "not"),
            names=relation_names,
            target=BOTH,
            alone={"is": gettext_lazy("with %(value)s"), "not": gettext_lazy("with somebody else than %(value)s")},
        ),
        ListField(
            key="kind",
            label=gettext_lazy("Kind of tie"),
            type=FieldType.CHOICE,
            where=choice_where("kind"),
            operators=("is", "not"),
            choices=lambda: choices_of([(one.key, one.words) for one in tie_sorts(with_retired=True)]),
        ),
    ),
)
