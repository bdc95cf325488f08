# SPDX-License-Identifier: AGPL-3.0-or-later
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from plein.trust.models import Seat
from plein.trust.zones import zone_of


@dataclass(frozen=True, slots=True)
class Colleague:
    """A colleague whose day one may look at."""

    seat_id: UUID
    name: str


def zone_of_seat(seat_id: UUID | None) -> ZoneInfo:
    """The time zone of a colleague; the company's where nobody in particular is meant."""
    seat = Seat.objects.select_related("user").filter(id=seat_id).first() if seat_id else None
    return zone_of(seat.user) if seat else ZoneInfo(settings.TIME_ZONE)


def colleagues() -> list[Colleague]:
    """Everybody with a seat here, by name."""
    seats = Seat.objects.filter(is_active=True).select_related("user").order_by("user__name", "id")
    return [Colleague(seat.id, str(seat)) for seat in seats]
