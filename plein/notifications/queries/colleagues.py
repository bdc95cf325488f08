# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from plein.core.isolation import seat_id
from plein.trust.circles import UnknownCircle, seats_of_audience, seats_within
from plein.trust.models import Seat, Team

MOST_OFFERED = 8


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody one may mean with an @; `key` tells people of one name apart."""

    id: UUID
    name: str
    note: str
    may_see: bool


def colleagues_like(words: str, *, audience: str = "", circles: Iterable[int] = ()) -> list[Colleague]:
    """Colleagues whose name, or a part of it, begins with these words, and whether they would see what is written."""
    wanted = words.strip().casefold()
    seats = Seat.objects.filter(is_active=True, user__is_active=True).exclude(id=seat_id()).select_related("user")
    found = [seat for seat in seats.order_by("user__name", "id") if _begins(seat.user.name, wanted)][:MOST_OFFERED]
    ids = [seat.id for seat in found]
    try:
        reached = seats_within(circles, seats_of_audience(audience, ids))
    except UnknownCircle:
        reached = set(ids)
    return [Colleague(one.id, one.user.name, one.title or _teams(one), one.id in reached) for one in found]


def _begins(name: str, wanted: str) -> bool:
    folded = name.casefold()
    return folded.startswith(wanted) or any(part.startswith(wanted) for part in folded.split())


def _teams(seat: Seat) -> str:
    return ", ".join(Team.objects.filter(members__seat_id=seat.id).order_by("name").values_list("name", flat=True))
