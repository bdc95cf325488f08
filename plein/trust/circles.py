# SPDX-License-Identifier: AGPL-3.0-or-later
"""Circles: made once per audience, named in words, never by number outside the server."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from plein.core.isolation import admit, current, default_circle_id, seat_id, workspace_id
from plein.trust.models import Circle, CircleSeat, Seat, Team, TeamMember


class UnknownCircle(ValueError):
    """No circle of that name is one the reader belongs to."""


@dataclass(frozen=True, slots=True)
class Audience:
    """A circle a user may choose in a form: its public key and its words."""

    key: str
    label: str


def everyone() -> int:
    """The circle "everyone here"."""
    return default_circle_id()


def circle_of_team(team: Team) -> int:
    """The circle of a team; made with the team."""
    circle, _made = Circle.objects.get_or_create(
        workspace_id=workspace_id(), key=f"team:{team.id}", defaults={"kind": "team", "team": team}
    )
    return _own_part(circle)


def circle_of_people(seats: Iterable[UUID]) -> int:
    """The circle of exactly these seats; made once and reused."""
    named = sorted({str(seat) for seat in seats})
    key = "people:" + ",".join(named)
    circle, made = Circle.objects.get_or_create(workspace_id=workspace_id(), key=key[:400], defaults={"kind": "people"})
    if made:
        CircleSeat.objects.bulk_create([CircleSeat(circle=circle, seat_id=UUID(seat)) for seat in named])
    return _own_part(circle)


def only_me() -> int:
    """The circle of the reader alone."""
    return circle_of_people([seat_id()])


def _own_part(circle: Circle) -> int:
    if circle.parts != [circle.id]:
        Circle.objects.filter(id=circle.id).update(parts=[circle.id])
    seat = current().seat_id
    if seat is None:
        return circle.id
    if circle.team_id is None:
        is_in = CircleSeat.objects.filter(circle=circle, seat_id=seat).exists()
    else:
        is_in = TeamMember.objects.filter(team_id=circle.team_id, seat_id=seat).exists()
    if is_in:
        admit(circle.id)
    return circle.id


def audiences() -> list[Audience]:
    """The circles the reader may put a record in."""
    teams = Team.objects.filter(members__seat_id=seat_id()).order_by("name")
    return [
        Audience("everyone", _("Everyone here")),
        *(Audience(f"team:{team.id}", team.name) for team in teams),
        Audience("me", _("Only me")),
    ]


def circle_for(key: str) -> int:
    """The circle for a key from `audiences`, or for the name of a team; raises UnknownCircle."""
    if key in ("", "everyone"):
        return everyone()
    if key == "me":
        return only_me()
    teams = Team.objects.filter(members__seat_id=seat_id())
    name = key.removeprefix("team:")
    for team in teams:
        if name in (str(team.id), team.name):
            return circle_of_team(team)
    raise UnknownCircle(key)


def seats_within(circles: Iterable[int], seats: Iterable[UUID]) -> set[UUID]:
    """Which of these seats are in all of these circles."""
    asked = {
        part for parts in Circle.objects.filter(id__in=set(circles)).values_list("parts", flat=True) for part in parts
    }
    inside = set(seats)
    for circle in Circle.objects.filter(id__in=asked):
        inside &= _named_in(circle, inside)
    return inside


def seats_of_audience(key: str, seats: Iterable[UUID]) -> set[UUID]:
    """Which of these seats are in the audience of that key, also when its circle was never used; makes nothing."""
    among = set(seats)
    if key in ("", "everyone"):
        return among
    if key == "me":
        return among & {seat_id()}
    members = TeamMember.objects.filter(team_id__in=Team.objects.filter(members__seat_id=seat_id()), seat_id__in=among)
    return set(members.filter(team_id=_team_of(key)).values_list("seat_id", flat=True))


def _team_of(key: str) -> UUID:
    try:
        return UUID(key.removeprefix("team:"))
    except ValueError as error:
        raise UnknownCircle(key) from error


def _named_in(circle: Circle, among: set[UUID]) -> set[UUID]:
    if circle.team_id is not None:
        return set(
            TeamMember.objects.filter(team_id=circle.team_id, seat_id__in=among).values_list("seat_id", flat=True)
        )
    return set(CircleSeat.objects.filter(circle=circle, seat_id__in=among).values_list("seat_id", flat=True))


def circle_key(circle_id: int) -> str:
    """The key of a circle as `audiences` knows it, or "" for one that is none of them."""
    circle = Circle.objects.filter(id=circle_id).first()
    if circle is None or circle.kind == "everyone":
        return "everyone" if circle else ""
    if circle.kind == "team":
        return circle.key
    return "me" if circle.key == f"people:{seat_id()}" else ""


def describe(circle_id: int) -> str:
    """Who sees what is in this circle, in words for somebody who is in it."""
    circle = Circle.objects.filter(id=circle_id).select_related("team").first()
    if circle is None or circle.kind == "everyone":
        return _("Everyone here sees this")
    if circle.kind == "team" and circle.team is not None:
        return _("The team %(team)s sees this") % {"team": circle.team.name}
    if circle.kind == "meet":
        return _("Only who may see all sides of this sees it")
    seats = [str(seat) for seat in Seat.objects.filter(circleseat__circle_id=circle_id).select_related("user")]
    if len(seats) == 1:
        return _("Only you see this")
    return _("Only %(names)s see this") % {"names": ", ".join(seats)}
