# SPDX-License-Identifier: AGPL-3.0-or-later
from plein.core.operations import operation
from plein.relations.models import ContactPoint, ContactPointLink, Relation, RelationValues, Tie
from plein.trust.circles import circle_for, own_circle
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def change_circle(*, actor: Entrance, relation: Relation, circle_key: str) -> Relation:
    """Change who may see a relation; all that belongs to it follows, and so do contact points that are only its own."""
    permit(actor, "write")
    with operation("change_circle"):
        circle = circle_for(circle_key)
        own = ContactPointLink.objects.filter(relation_id=relation.id).values_list("contact_point_id", flat=True)
        shared = (
            ContactPointLink.objects.filter(contact_point_id__in=list(own))
            .exclude(relation_id=relation.id)
            .values_list("contact_point_id", flat=True)
        )
        ContactPoint.objects.filter(id__in=set(own) - set(shared)).update(circle_id=circle)
        Relation.objects.filter(id=relation.id).update(circle_id=circle)
    saved: Relation = Relation.objects.get(id=relation.id)
    return saved


def change_tie_circle(*, actor: Entrance, tie: Tie, circle_key: str) -> None:
    """Choose who sees a tie; never more than see both its ends."""
    permit(actor, "write")
    with operation("change_tie_circle"):
        Tie.objects.filter(id=tie.id).update(own_circle_id=own_circle(circle_key))


def change_values_circle(*, actor: Entrance, values: RelationValues, circle_key: str) -> None:
    """Choose who sees the own fields of one group on one relation; never more than see both."""
    permit(actor, "write")
    with operation("change_values_circle"):
        RelationValues.objects.filter(id=values.id).update(own_circle_id=own_circle(circle_key))
