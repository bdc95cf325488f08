# SPDX-License-Identifier: AGPL-3.0-or-later
"""While an appointment is planned: who may take part, and what they have at that time already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plein.moments.forms import chosen_ids
from plein.moments.queries import PossiblePart, overlapping, people_to_choose
from plein.trust.answers import Request, page


@dataclass(frozen=True, slots=True)
class Clash:
    """An appointment at the same time: what it is and when."""

    title: str
    starts_at: datetime
    ends_at: datetime
    href: str


def moment_of(text: str) -> datetime | None:
    """The moment that an address or a field names, on the clock of the reader when it names no zone."""
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        return None
    if found is None or not 1900 < found.year < 2200:
        return None
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def seats_among(request: Request, people: Sequence[UUID]) -> list[UUID]:
    """The colleagues among those who take part, and oneself."""
    found = {part.seat_id for part in people_to_choose(None, chosen=people) if part.is_chosen and part.seat_id}
    return [request.seat.seat_id, *(found - {request.seat.seat_id})]


def clashes_of(but: UUID | None, start: datetime, end: datetime | None, seats: Sequence[UUID]) -> list[Clash]:
    """What these colleagues have planned at that time already, as far as the reader may see it."""
    return [
        Clash(
            line.title or ", ".join(line.names[:2]) or _("an appointment"),
            line.starts_at,
            line.ends_at,
            reverse("moments:moment", args=[line.id]),
        )
        for line in overlapping(seats, start, end or start + timedelta(hours=1), but=but)
    ]


def clash_words(clashes: Sequence[Clash]) -> str:
    """The first of them in a sentence; nothing without any."""
    if not clashes:
        return ""
    return " " + _("It overlaps with %(title)s.") % {"title": clashes[0].title}


@require_safe
def appointment_people(request: Request) -> HttpResponse:
    """Who may take part in an appointment: colleagues, those chosen, and whoever one looks for."""
    who = request.GET.get("who", "")[:200]
    choices: list[PossiblePart] = people_to_choose(None, chosen=chosen_ids(request.GET), query=who)
    return page(request, "moments/appointment_people.html", {"choices": choices, "who": who}, part="choices")


@require_safe
def appointment_overlaps(request: Request) -> HttpResponseBase:
    """What the colleagues who take part have planned at that time already."""
    if not request.htmx:
        return HttpResponseRedirect(reverse("moments:appointment_new"))
    start, end = moment_of(request.GET.get("occurred_at", "")), moment_of(request.GET.get("ends_at", ""))
    but = chosen_ids(request.GET, "but")
    clashes = []
    if start is not None and request.GET.get("is_all_day") != "on":
        clashes = clashes_of(but[0] if but else None, start, end, seats_among(request, chosen_ids(request.GET)))
    return page(request, "moments/appointment.html", {"clashes": clashes}, part="overlaps")
