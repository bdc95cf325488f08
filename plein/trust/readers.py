# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who sees a record, and why: every seat in its circle, with the reason in words.

Only somebody in the circle asks, and of this circle only: a narrower part of the record is another record, which has
readers of its own that nobody outside them is told of.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from plein.core.models import Change
from plein.trust.models import Circle, CircleSeat, Seat, TeamMember


@dataclass(frozen=True, slots=True)
class Reader:
    """A colleague who sees it, and why."""

    seat_id: UUID
    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Readers:
    """Who sees a record, of all colleagues; who last chose that, and when, if that is still known."""

    readers: list[Reader]
    is_everyone: bool
    chosen_by: str
    chosen_at: datetime | None
    is_first: bool
    colleagues: dict[UUID, str]


def readers_of(record: Any) -> Readers:
    """Every colleague who sees the record, by name."""
    circles = _parts_of(record.circle_id)
    seats = list(Seat.objects.filter(is_active=True, user__is_active=True).select_related("user"))
    names = {seat.id: str(seat) for seat in seats}
    chosen = _chosen(record)
    by = names.get(chosen.seat_id, "") if chosen is not None and chosen.seat_id else ""
    reasons = _Reasons(circles, chosen.seat_id if chosen is not None else None, by)
    found = [Reader(seat.id, names[seat.id], why) for seat in seats if (why := reasons.of(seat.id)) is not None]
    return Readers(
        readers=sorted(found, key=lambda one: (one.name.casefold(), one.seat_id)),
        is_everyone=not circles,
        chosen_by=by,
        chosen_at=chosen.at if chosen is not None else None,
        is_first=chosen is not None and chosen.kind == "I",
        colleagues=names,
    )


def _parts_of(circle_id: int) -> list[Circle]:
    """The circles one must be in to be in this one; none for everyone here."""
    one = Circle.objects.filter(id=circle_id).select_related("team").first()
    if one is None or one.kind != "meet":
        return [] if one is None or one.kind == "everyone" else [one]
    return list(Circle.objects.filter(id__in=one.parts).select_related("team").order_by("id"))


def _chosen(record: Any) -> Change | None:
    """The last change of who sees it, of itself or of what it follows, or the one that made it."""
    moved = Q(after__has_key="circle_id") | Q(after__has_key="own_circle_id")
    asked = Q(row_id=record.id, kind="I") | (Q(row_id__in=[record.id, *_above(record)]) & moved)
    return Change.objects.filter(asked).order_by("-id").first()


def _above(record: Any) -> list[Any]:
    """The ids of what a record belongs to, and of what that belongs to in turn."""
    found = []
    for name in record.isolation.parents:
        try:
            parent = getattr(record, name)
        except ObjectDoesNotExist:
            continue
        if parent is not None:
            found += [parent.id, *_above(parent)]
    return found


class _Reasons:
    """Why somebody is in all of some circles, or None for who is not."""

    def __init__(self, circles: list[Circle], chooser: UUID | None, by: str) -> None:
        self.circles, self.chooser, self.by = circles, chooser, by
        self.named = _named(one.id for one in circles if one.kind == "people")
        self.members = _members(one.team_id for one in circles if one.team_id)

    def of(self, seat: UUID) -> tuple[str, ...] | None:
        if not self.circles:
            return (_("everyone here"),)
        found = [self._why(circle, seat) for circle in self.circles]
        return tuple(dict.fromkeys(found)) if all(found) else None

    def _why(self, circle: Circle, seat: UUID) -> str:
        if circle.team_id is not None:
            return self._of_team(circle, seat)
        if seat not in self.named.get(circle.id, set()):
            return ""
        if seat == self.chooser:
            return _("chose this")
        return _("named by %(name)s") % {"name": self.by} if self.by else _("named")

    def _of_team(self, circle: Circle, seat: UUID) -> str:
        key = (circle.team_id, seat)
        if key not in self.members:
            return ""
        since, team = self.members[key], circle.team.name if circle.team else ""
        if since is None:
            return _("member of team %(team)s") % {"team": team}
        day = date_format(timezone.localtime(since), "DATE_FORMAT")
        return _("member of team %(team)s since %(day)s") % {"team": team, "day": day}


def _named(circles: Iterable[int]) -> dict[int, set[UUID]]:
    ids = list(circles)
    found: dict[int, set[UUID]] = {}
    for circle, seat in CircleSeat.objects.filter(circle_id__in=ids).values_list("circle_id", "seat_id") if ids else ():
        found.setdefault(circle, set()).add(seat)
    return found


def _members(teams: Iterable[UUID]) -> dict[tuple[UUID | None, UUID], datetime | None]:
    """Who is in which of these teams, and since when, as far as the history still knows."""
    ids = list(teams)
    if not ids:
        return {}
    members = list(TeamMember.objects.filter(team_id__in=ids))
    joined = Change.objects.filter(row_id__in=[one.id for one in members], kind="I").order_by("id")
    since = dict(joined.values_list("row_id", "at"))
    return {(one.team_id, one.seat_id): since.get(one.id) for one in members}
