# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where somebody works now, and where they worked then."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from plein.core.ids import now
from plein.relations.models import Membership, Relation


@dataclass(frozen=True, slots=True)
class Past:
    """Work that somebody has left."""

    person_id: UUID
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


def past_work(people: Iterable[UUID]) -> list[Past]:
    """The work that these people have left; one query."""
    wanted = set(people)
    if not wanted:
        return []
    rows = Membership.objects.filter(person_id__in=wanted, ends_on__lt=now().date()).order_by("id")
    found = rows.values_list("person_id", "organization__name", "starts_on", "ends_on")
    return [Past(person, name, starts_on, ends_on) for person, name, starts_on, ends_on in found if ends_on]
