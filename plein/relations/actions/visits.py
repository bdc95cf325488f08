# SPDX-License-Identifier: AGPL-3.0-or-later
from plein.core.ids import now
from plein.relations.models import Relation, Visit
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: So many pages somebody looked at are remembered.
REMEMBERED = 40


def note_visit(*, actor: Entrance, relation: Relation) -> None:
    """Remember that a colleague looked at a relation, for their own list of recent ones; it is no history."""
    permit(actor, "read")
    mine = Visit.objects.filter(seat_id=actor.seat_id)
    if not mine.filter(relation=relation).update(at=now()):
        Visit.objects.create(relation=relation, seat_id=actor.seat_id)
    older = mine.order_by("-at", "-id").values_list("id", flat=True)[REMEMBERED : REMEMBERED * 2]
    mine.filter(id__in=list(older)).delete()
