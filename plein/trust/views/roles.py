# SPDX-License-Identifier: AGPL-3.0-or-later
from collections import defaultdict
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from plein.trust.models import Role, Seat, TeamMember
from plein.trust.permissions import in_words, may
from plein.trust.seats import seat_of
from plein.trust.views.frame import settings_page

MOST_NAMES = 12


@dataclass(frozen=True, slots=True)
class RoleCard:
    """A role: what it may do, and who has it."""

    name: str
    may: list[str]
    may_not: list[str]
    people: list[str]
    more: int
    is_mine: bool


@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """What each role may do, in words, and who is in which team."""
    seat = seat_of(request)
    people: dict[str, list[str]] = defaultdict(list)
    seats = Seat.objects.filter(is_active=True).select_related("user").order_by("user__name", "id")
    names = {}
    for one in seats:
        names[one.id] = str(one.user)
        people[one.role].append(str(one.user))
    teams: dict[str, list[str]] = defaultdict(list)
    for member in TeamMember.objects.select_related("team").order_by("team__name", "team_id"):
        if member.seat_id in names:
            teams[member.team.name].append(names[member.seat_id])
    context = {
        "cards": [_card(role, people[role], is_mine=role == seat.role) for role in Role],
        "teams": [{"name": name, "people": sorted(members)} for name, members in teams.items()],
        "manages": may(seat, "manage"),
    }
    return settings_page(request, "trust/roles.html", context)


def _card(role: Role, people: list[str], *, is_mine: bool) -> RoleCard:
    may_do, may_not = in_words(role)
    name = str(role.label).capitalize()
    return RoleCard(name, may_do, may_not, people[:MOST_NAMES], max(0, len(people) - MOST_NAMES), is_mine)
