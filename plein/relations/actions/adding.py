# SPDX-License-Identifier: AGPL-3.0-or-later
"""Adding somebody with what is at hand: the name, how to reach them, and where they work."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from plein.core.operations import operation
from plein.relations.actions.contact_points import add_contact_point
from plein.relations.actions.memberships import add_membership
from plein.relations.actions.relations import create_organization, create_person
from plein.relations.contact import ContactError
from plein.relations.models import Relation
from plein.relations.names import fold_name
from plein.relations.queries import suggestions
from plein.relations.refusals import IS_BACK, Refused
from plein.relations.vocabulary import ContactKind, RelationKind
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def add_relation(*, actor: Entrance, kind: str, values: Mapping[str, Any]) -> Relation:
    """Make the relation with its contact points and its first role, all in one operation."""
    permit(actor, "write")
    make = create_person if kind == RelationKind.PERSON else create_organization
    with operation(f"create_{kind}"):
        relation = make(actor=actor, name=values["name"], place=values["place"], circle_key=values["audience"])
        for point in (ContactKind.EMAIL, ContactKind.PHONE):
            if values[point]:
                try:
                    is_back = bool(values.get(IS_BACK))
                    add_contact_point(actor=actor, relation=relation, text=values[point], kind=point, is_back=is_back)
                except ContactError as trouble:
                    raise Refused(str(trouble), str(point)) from trouble
        if values.get("organization"):
            organization = _organization_called(actor=actor, name=values["organization"], audience=values["audience"])
            add_membership(actor=actor, person=relation, organization=organization, role=values.get("role", ""))
    return relation


def _organization_called(*, actor: Entrance, name: str, audience: str = "") -> Relation:
    """The one organization of exactly this name, or a new one; raises Refused when several are called so."""
    same = [
        one.id
        for one in suggestions(name, kinds=(RelationKind.ORGANIZATION,), limit=30)
        if fold_name(one.name) == fold_name(name)
    ]
    if len(same) > 1:
        raise Refused(
            _("Several organizations are called so. Leave this empty and choose the right one on the page."),
            "organization",
        )
    if same:
        saved: Relation = Relation.objects.get(id=same[0])
        return saved
    return create_organization(actor=actor, name=name, circle_key=audience)
