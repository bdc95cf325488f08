# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where somebody works now, and where they worked then."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from plein.core.ids import now
from plein.relations.models import Membership, Relation


@dataclass(frozen=True, slots=True)
class Past:
    """Work that somebody has left."""

    organization: str
    starts_on: date | None
    ends_on: date

    def covers(self, day: date) -> bool:
        """Whether they worked there on a day."""
        return (self.starts_on is None or self.starts_on <= day) and day <= self.ends_on


def current_work(person: Relation) -> list[Membership]:
    """What somebody does today, and at whom."""
    today = now().date()
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=today)
    found = Membership.objects.filter(begun, person=person).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    return list(found.select_related("organization").order_by("organization__sort_name", "id"))
