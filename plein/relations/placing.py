# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of a relation lives in a circle: itself, its ties, the own fields of one group; and its roles, which follow."""

from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plein.metadata.queries import name_for_reader
from plein.relations import actions
from plein.relations.models import (
    ContactPointLink,
    ImportantDate,
    Interest,
    Membership,
    Relation,
    RelationValues,
    Tagging,
    Tie,
)
from plein.trust.placed import Along, Part, Placed, Whose, rows_of
from plein.trust.seats import Entrance


def _roles(relation: Relation) -> QuerySet[Any, Any]:
    found = Membership.objects.filter(Q(person_id=relation.id) | Q(organization_id=relation.id))
    return _with_far(found, Q(person_id=relation.id), "organization", "person")


def _ties(relation: Relation) -> QuerySet[Any, Any]:
    found = Tie.objects.filter(Q(one_id=relation.id) | Q(other_id=relation.id))
    return _with_far(found, Q(one_id=relation.id), "other", "one")


def _with_far(found: QuerySet[Any, Any], is_near: Q, far: str, otherwise: str) -> QuerySet[Any, Any]:
    """Roles or ties with what is known of who stands on the far side."""

    def of(column: str) -> Case:
        return Case(When(is_near, then=F(far + column)), default=F(otherwise + column))

    told: QuerySet[Any, Any] = found.annotate(far=of("__name"), far_id=of("_id"), far_circle=of("__circle_id"))
    return told


def _values(relation: Relation) -> QuerySet[Any, Any]:
    return RelationValues.objects.filter(relation_id=relation.id).annotate(told=name_for_reader("group"))


def _address(relation_id: Any) -> str:
    return reverse("relations:relation", args=[relation_id])


def _parts(relation: Relation) -> list[Part]:
    """The groups of own fields that are filled in, as far as the reader sees them."""
    found = RelationValues.objects.filter(relation_id=relation.id).select_related("group").order_by("group_id")
    return [Part(str(one.group.name), "values", one.id) for one in found]


def _move(actor: Entrance, relation: Any, audience: str) -> None:
    actions.change_circle(actor=actor, relation=relation, circle_key=audience)


def _move_tie(actor: Entrance, tie: Any, audience: str) -> None:
    actions.change_tie_circle(actor=actor, tie=tie, circle_key=audience)


def _move_values(actor: Entrance, values: Any, audience: str) -> None:
    actions.change_values_circle(actor=actor, values=values, circle_key=audience)


def _tie_name(tie: Any) -> str:
    return f"{tie.one.name} {tie.words(is_outgoing=True)} {tie.other.name}"


FAR = Whose("relation", "far_id", "far_circle")
RELATIONS = Placed(
    key="relations",
    thing=_("relation"),
    model=Relation,
    verb="change_circle",
    name_of=str,
    page=lambda relation: _address(relation.id),
    move=_move,
    parts=_parts,
    along=(
        Along(_("Addresses and numbers"), rows_of(ContactPointLink, "relation_id"), "contact_point__value"),
        Along(_("Roles"), _roles, "far", FAR),
        Along(_("Ties"), _ties, "far", FAR),
        Along(_("Tags"), rows_of(Tagging, "relation_id"), "tag__name"),
        Along(_("Days that matter"), rows_of(ImportantDate, "relation_id"), "note"),
        Along(_("Interests"), rows_of(Interest, "relation_id"), "text"),
        Along(_("Own fields"), _values, "told"),
    ),
)
TIES = Placed(
    key="ties",
    thing=_("tie"),
    model=Tie,
    verb="change_tie_circle",
    name_of=_tie_name,
    page=lambda tie: _address(tie.one_id),
    move=_move_tie,
    sides=lambda tie: [tie.one.name, tie.other.name],
    named=lambda tie: [tie.one, tie.other],
    is_narrower=True,
)
ROLES = Placed(
    key="memberships",
    thing=_("role"),
    model=Membership,
    name_of=lambda role: ", ".join(part for part in (role.person.name, role.role, role.organization.name) if part),
    page=lambda role: _address(role.person_id),
    follows=_("A role is seen by whoever sees both the person and the organization. Move one of those to change that."),
    sides=lambda role: [role.person.name, role.organization.name],
    named=lambda role: [role.person, role.organization],
)
VALUES = Placed(
    key="values",
    thing=_("own fields"),
    model=RelationValues,
    verb="change_values_circle",
    name_of=lambda values: f"{values.relation.name}: {values.group.name}",
    page=lambda values: _address(values.relation_id),
    move=_move_values,
    sides=lambda values: [values.relation.name, str(values.group.name)],
    named=lambda values: [values.relation],
    is_narrower=True,
)
PLACED = (RELATIONS, TIES, ROLES, VALUES)
