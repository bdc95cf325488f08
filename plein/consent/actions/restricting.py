# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeping somebody's data without using them, while they ask so (article 18 of the regulation)."""

from django.utils.translation import gettext as _

from plein.consent.actions.deciding import subject_for
from plein.consent.events import RestrictionLifted
from plein.consent.models import Restriction, Subject
from plein.consent.queries.restricting import restriction_of
from plein.consent.refusals import Refused
from plein.core.audit import audit
from plein.core.events import publish
from plein.core.operations import operation
from plein.relations.models import Relation
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

LONGEST_REASON = 300


def restrict(*, actor: Entrance, relation: Relation, reason: str) -> Restriction:
    """Use what we have of somebody for nothing from now on: nothing goes out to them. Raises Refused.

    Somebody of whom nothing is used already stays so; that restriction is returned.
    """
    permit(actor, "write")
    if not relation.is_person:
        raise Refused(_("Only a person can ask that."))
    kept = " ".join(reason.split())[:LONGEST_REASON]
    if not kept:
        raise Refused(_("Say why, so that colleagues understand: “asked us on 3 March”."), "reason")
    with operation("restrict_person"):
        # Of two who do so at once, the second finds what the first did.
        subject: Subject = Subject.objects.select_for_update().get(id=subject_for(actor=actor, relation=relation).id)
        present = restriction_of(relation.id)
        if present is not None:
            return present
        made: Restriction = Restriction.objects.create(
            subject=subject, circle_id=subject.circle_id, reason=kept, seat_id=actor.seat_id
        )
        audit("restrict_person", kind="relation", about=relation.id)
    return made


def lift_restriction(*, actor: Entrance, relation: Relation) -> None:
    """Use what we have of somebody again. They are told so. Raises Refused when nothing stands in the way."""
    permit(actor, "manage")
    with operation("lift_restriction"):
        gone, _rows = Restriction.objects.filter(subject__relation_id=relation.id).delete()
        if not gone:
            raise Refused(_("Nothing stands in the way of using their data."))
        audit("lift_restriction", kind="relation", about=relation.id)
        publish(RestrictionLifted(relation.id))
