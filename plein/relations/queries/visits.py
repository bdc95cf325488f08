# SPDX-License-Identifier: AGPL-3.0-or-later
from uuid import UUID

from plein.relations.models import Visit


def recent_visits(seat_id: UUID, *, limit: int) -> list[UUID]:
    """The relations a colleague looked at last, the latest first; those that are hidden from them now are not there."""
    found = Visit.objects.filter(seat_id=seat_id).order_by("-at", "-id")
    return list(found.values_list("relation_id", flat=True)[:limit])
