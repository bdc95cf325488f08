# SPDX-License-Identifier: AGPL-3.0-or-later
"""Colleagues named with @ in a text: the text keeps their name, a list beside it keeps who was meant."""

import re
from collections.abc import Iterable
from uuid import UUID

from plein.core.events import publish
from plein.core.isolation import current
from plein.moments.events import ColleaguesMentioned
from plein.moments.models import MomentText, ToDo
from plein.trust.circles import seats_of_audience, seats_within
from plein.trust.models import Seat

#: An @ that begins a name: one inside an address does not.
_AT = re.compile(r"(?<![\w@.])@(?=\w)")
MOST_MENTIONS = 50


def mentioned_in(text: str, chosen: Iterable[UUID] = ()) -> dict[UUID, str]:
    """The colleagues whose name stands behind an @ in a text, the longest name first: seat and name.

    `chosen` says which one is meant where two bear one name; who was chosen but is not named is left out.
    """
    places = [match.end() for match in _AT.finditer(text)][:MOST_MENTIONS]
    if not places:
        return {}
    picked, by_name = set(chosen), _active_by_name()
    names = sorted(by_name, key=len, reverse=True)
    found: dict[UUID, str] = {}
    for place in places:
        rest = text[place : place + 130].casefold()
        name = next((one for one in names if _begins_with(rest, one)), "")
        meant = by_name.get(name, {})
        if len(meant) > 1:
            meant = {seat: words for seat, words in meant.items() if seat in picked}
        if len(meant) == 1:
            found |= meant
    return found


def _active_by_name() -> dict[str, dict[UUID, str]]:
    by_name: dict[str, dict[UUID, str]] = {}
    seats = Seat.objects.filter(is_active=True, user__is_active=True).values_list("id", "user__name")
    for seat, name in seats:
        if name.strip():
            by_name.setdefault(name.strip().casefold(), {})[seat] = name.strip()
    return by_name


def _begins_with(rest: str, name: str) -> bool:
    return rest.startswith(name) and not rest[len(name) : len(name) + 1].isalnum()


def note_mentions(part: MomentText | ToDo, *, chosen: Iterable[UUID] = ()) -> None:
    """Note who is named in a text that was written or changed just now, and tell those who were not named before.

    Who may not see it is neither noted nor told, and one does not tell oneself.
    """
    before = list(part.mentions)
    named = mentioned_in(_words_of(part), [*before, *chosen])
    if not named and not before:
        return
    # The circle of a part is the database's business: only the database knows it.
    [circle] = type(part).objects.filter(id=part.id).values_list("circle_id", flat=True)
    wanted = sorted(seats_within([circle], named))
    if wanted == sorted(before):
        return
    type(part).objects.filter(id=part.id).update(mentions=wanted)
    part.mentions = wanted
    fresh = tuple(seat for seat in wanted if seat not in before and seat != current().seat_id)
    if fresh:
        publish(_told(part, fresh))


def _words_of(part: MomentText | ToDo) -> str:
    return f"{part.title}\n{part.note}" if isinstance(part, ToDo) else part.text


def _told(part: MomentText | ToDo, seats: tuple[UUID, ...]) -> ColleaguesMentioned:
    if isinstance(part, ToDo):
        return ColleaguesMentioned(moment_id=None, todo_id=part.id, seat_ids=seats)
    return ColleaguesMentioned(moment_id=part.moment_id, todo_id=None, seat_ids=seats)


def who_would_miss(text: str, chosen: Iterable[UUID], *, audience: str = "", circles: Iterable[int] = ()) -> list[str]:
    """The names in a text of colleagues who would not see it: for a warning before anything is saved."""
    named = mentioned_in(text, chosen)
    if not named:
        return []
    reached = seats_within(circles, seats_of_audience(audience, named))
    return [name for seat, name in named.items() if seat not in reached]
