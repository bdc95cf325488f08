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
from plein.trust.placed import Along, Part, Placed, rows_of
from plein.trust.seats import Entrance


def _roles(relation: Relation) -> QuerySet[Any, Any]:
    found = Membership.objects.filter(Q(person_id=relation.id) | Q(organization_id=relation.id))
    far = Case(When(person_id=relation.id, then=F("organization__name")), default=F("person__name"))
    return found.annotate(far=far)


def _ties(relation: Relation) -> QuerySet[Any, Any]:
    found = Tie.objects.filter(Q(one_id=relation.id) | Q(other_id=relation.id))
    return found.annotate(far=Case(When(one_id=relation.id, then=F("other__name")), default=F("one__name")))


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
        Along(_("Roles"), _roles, "far"),
        Along(_("Ties"), _ties, "far"),
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
    is_narrower=True,
)
PLACED = (RELATIONS, TIES, ROLES, VALUES)
