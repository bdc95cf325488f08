# SPDX-License-Identifier: AGPL-3.0-or-later
"""Circles: made once per audience, named in words, never by number outside the server."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.utils.translation import gettext as _

from plein.core.isolation import admit, current, default_circle_id, seat_id, workspace_id
from plein.trust.models import Circle, CircleSeat, Seat, Team, TeamMember

EVERYONE, ME = "everyone", "me"
#: How the key of named people begins; their seats follow, with commas between.
PEOPLE = "people:"
#: How many colleagues may be named, and how long their key can be.
MOST_NAMED = 50
LONGEST_KEY = len(PEOPLE) + MOST_NAMED * 37
#: How long a key fits its column; longer ones are kept by their hash.
_KEPT = 400


class UnknownCircle(ValueError):
    """No circle of that name is one the reader belongs to."""


@dataclass(frozen=True, slots=True)
class Audience:
    """A circle a user may choose in a form: its public key and its words."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody may choose from: circles they are in, and colleagues they may name."""

    audiences: list[Audience]
    colleagues: list[Audience]
    default: str = EVERYONE

    def has(self, key: str) -> bool:
        """Whether this may be chosen."""
        if not key.startswith(PEOPLE):
            return any(one.key == key for one in self.audiences)
        return set(key.removeprefix(PEOPLE).split(",")) - {str(seat_id())} <= {one.key for one in self.colleagues}


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
    key = _kept(people_key(map(UUID, named)))
    circle, made = Circle.objects.get_or_create(workspace_id=workspace_id(), key=key, defaults={"kind": "people"})
    if made:
        CircleSeat.objects.bulk_create([CircleSeat(circle=circle, seat_id=UUID(seat)) for seat in named])
    return _own_part(circle)


def people_key(seats: Iterable[UUID]) -> str:
    """The key of exactly these seats."""
    return PEOPLE + ",".join(sorted({str(seat) for seat in seats}))


def _kept(key: str) -> str:
    """A key as its column holds it: two long ones that begin alike are not the same."""
    return key if len(key) <= _KEPT else "people#" + hashlib.sha256(key.encode()).hexdigest()


def seats_named(key: str) -> set[UUID]:
    """The seats in the key of named people, the reader among them; raises UnknownCircle when one is none here."""
    try:
        named = {UUID(one) for one in key.removeprefix(PEOPLE).split(",") if one}
    except ValueError as error:
        raise UnknownCircle(key) from error
    others = named - {seat_id()}
    if not named or len(named | {seat_id()}) > MOST_NAMED:
        raise UnknownCircle(key)
    if Seat.objects.filter(id__in=others, is_active=True).count() != len(others):
        raise UnknownCircle(key)
    return named | {seat_id()}


def circle_of_all(circles: Iterable[int]) -> int:
    """The circle of who is in all of these, the reader among them; as `plein_meet` makes it in the database."""
    found = Circle.objects.filter(id__in=set(circles)).values_list("parts", flat=True)
    parts = sorted({part for one in found for part in one})
    if len(parts) < 2:
        return parts[0] if parts else everyone()
    circle, _made = Circle.objects.get_or_create(
        workspace_id=workspace_id(),
        key="meet:" + ",".join(map(str, parts)),
        defaults={"kind": "meet", "parts": parts},
    )
    admit(circle.id)
    return circle.id


def only_me() -> int:
    """The circle of the reader alone."""
    return circle_of_people([seat_id()])


def my_circle() -> int | None:
    """The circle of the reader alone, when it was ever used; makes nothing."""
    return Circle.objects.filter(key=people_key([seat_id()])).values_list("id", flat=True).first()


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
    """The circles the reader may put a record in, besides those of colleagues they name."""
    return offered().audiences


def offered() -> Offer:
    """All that the reader may choose from, in one query."""
    teams = Team.objects.filter(members__seat_id=seat_id()).annotate(sort=Value("team"), label=F("name"))
    seats = Seat.objects.filter(is_active=True).exclude(id=seat_id())
    seats = seats.annotate(sort=Value("seat"), label=F("user__name"))
    own = Seat.objects.filter(id=seat_id()).annotate(sort=Value("own"), label=F("default_audience"))
    rows = teams.values_list("sort", "id", "label").union(
        seats.values_list("sort", "id", "label"), own.values_list("sort", "id", "label")
    )
    found = sorted(rows, key=lambda row: (row[2].casefold(), row[1]))
    offer = Offer(
        [
            Audience(EVERYONE, _("Everyone here")),
            *(Audience(f"team:{one}", name) for sort, one, name in found if sort == "team"),
            Audience(ME, _("Only me")),
        ],
        [Audience(str(one), name) for sort, one, name in found if sort == "seat"],
    )
    kept = next((name for sort, _one, name in found if sort == "own"), "") or EVERYONE
    # Who left the team they always chose keeps things to themselves until they choose again: never wider than meant.
    return replace(offer, default=kept if offer.has(kept) else ME)


def circle_for(key: str) -> int:
    """The circle for a key from `audiences`, or for the name of a team; raises UnknownCircle."""
    if key in ("", "everyone"):
        return everyone()
    if key == "me":
        return only_me()
    if key.startswith(PEOPLE):
        return _there(key) or circle_of_people(seats_named(key))
    teams = Team.objects.filter(members__seat_id=seat_id())
    name = key.removeprefix("team:")
    for team in teams:
        if name in (str(team.id), team.name):
            return circle_of_team(team)
    raise UnknownCircle(key)


def _there(key: str) -> int | None:
    """A circle of the reader's with exactly this key, also when one of those it names has left since."""
    found = Circle.objects.filter(key=_kept(key), kind="people").first()
    return found.id if found is not None and found.id in current().circles else None


def default_audience() -> str:
    """For whom the reader adds something when they say nothing about it."""
    seat = current().seat_id
    kept = Seat.objects.filter(id=seat).values_list("default_audience", flat=True).first() if seat else ""
    return kept or EVERYONE


def circle_for_new(key: str) -> int:
    """The circle of something new; without a key the one that its maker always chooses."""
    if key:
        return circle_for(key)
    try:
        return circle_for(default_audience())
    except UnknownCircle:
        return only_me()


def own_circle_for_new(key: str) -> int | None:
    """The same, of something that may be narrower than what it belongs to."""
    circle = circle_for_new(key)
    return None if circle == everyone() else circle


def own_circle(key: str) -> int | None:
    """What is kept as the circle of something's own: nothing when it is no narrower than what it belongs to."""
    return None if key in ("", "same", "moment", "everyone") else circle_for(key)


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
    if key.startswith(PEOPLE):
        return among & seats_named(key)
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
    if circle.kind != "people":
        return ""
    named = set(CircleSeat.objects.filter(circle=circle).values_list("seat_id", flat=True))
    if named == {seat_id()}:
        return "me"
    return people_key(named) if seat_id() in named else ""


def describe(circle_id: int) -> str:
    """Who sees what is in this circle, in words for somebody who is in it."""
    return describe_told(_told(Circle.objects.filter(id=circle_id)).first())


def circle_told() -> Subquery:
    """The circle of a record, for a query of that record; `describe_told` puts it into words."""
    return Subquery(_told(Circle.objects.filter(id=OuterRef("circle_id")))[:1])


def _told(circles: QuerySet[Circle]) -> QuerySet[Circle, dict[str, Any]]:
    called = Coalesce(NullIf("user__name", Value("")), "user__email", output_field=CharField())
    named = Seat.objects.filter(circleseat__circle_id=OuterRef("id")).annotate(called=called).values("called")
    told = JSONObject(kind="kind", team="team__name", names=ArraySubquery(named))
    return circles.order_by("id").annotate(told=told).values_list("told", flat=True)


def describe_told(told: Mapping[str, Any] | None) -> str:
    """The words for a circle as a query told of it."""
    if told is None or told["kind"] == "everyone":
        return _("Everyone here sees this")
    if told["kind"] == "team" and told["team"] is not None:
        return _("The team %(team)s sees this") % {"team": told["team"]}
    if told["kind"] == "meet":
        return _("Only who may see all sides of this sees it")
    if len(told["names"]) == 1:
        return _("Only you see this")
    return _("Only %(names)s see this") % {"names": ", ".join(told["names"])}
