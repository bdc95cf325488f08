# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ways to somebody as cards: who is on the way, how strong it is, a sentence for each step, and what to know."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plein.network.prose import OLD, ago, in_short, shortened, story
from plein.network.queries import Evidence, Path, Step
from plein.network.queries.faces import Face
from plein.network.vocabulary import Ground
from plein.network.wording import sentence

#: From which strength on something has so many bars; below the last it still has one.
BARS = ((0.4, 4), (0.2, 3), (0.08, 2))
#: Names in sentences are cut beyond this.
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose page it is: the seat that looks, and the moment."""

    seat_id: UUID
    at: datetime

    def is_me(self, face: Face) -> bool:
        """Whether somebody is the reader."""
        return face.seat_id is not None and face.seat_id == self.seat_id


@dataclass(frozen=True, slots=True)
class Chip:
    """A few words beside a way, in the colour of what they mean."""

    words: str
    tone: str = "grey"


@dataclass(frozen=True, slots=True)
class Leg:
    """One step of a way, as a page shows it: between whom, why, how strong, since when."""

    near: Face
    far: Face
    story: str
    measured: tuple[str, ...]
    short: tuple[str, ...]
    strength: float
    last_at: datetime | None
    is_family: bool

    @property
    def bars(self) -> int:
        """How many of the four bars are filled."""
        return bars_of(self.strength)


@dataclass(frozen=True, slots=True)
class Stop:
    """Somebody on a way: who it is, and what to call them there."""

    face: Face
    words: str
    is_me: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One way, as a page shows it."""

    number: int
    path: Path
    stops: tuple[Stop, ...]
    legs: tuple[Leg, ...]
    bars: int
    chips: tuple[Chip, ...]
    href: str = ""
    is_chosen: bool = field(default=False)


def cards_of(paths: Sequence[Path], reader: Reader) -> list[Card]:
    """These ways, the best first."""
    return [_card(number, path, reader) for number, path in enumerate(paths, start=1)]


def _card(number: int, path: Path, reader: Reader) -> Card:
    people = path.faces
    stops = tuple(Stop(one, _called(one, reader), reader.is_me(one)) for one in people)
    legs = _legs(path.steps, people, reader)
    mine = [place for place, stop in enumerate(stops) if stop.is_me]
    asked = people[mine[-1] + 1 if mine else 0 : -1]
    return Card(number, path, stops, legs, bars_of(path.strength), tuple(_chips(legs, asked, reader)))


def _called(face: Face, reader: Reader) -> str:
    return _("You") if reader.is_me(face) else shortened(face.short, LONGEST_NAME)


def _legs(steps: Sequence[Step], people: Sequence[Face], reader: Reader) -> tuple[Leg, ...]:
    """Everybody has their whole name the first time, then what people call them; the last one is known by the title."""
    short = [shortened(one.short, LONGEST_NAME) for one in people]
    told = {people[-1].id: short[-1]}
    legs = []
    for place, step in enumerate(steps):
        names = []
        for at in (place, place + 1):
            face = people[at]
            names.append(told.get(face.id, shortened(face.name, LONGEST_NAME)))
            told[face.id] = short[at] if short.count(short[at]) == 1 else shortened(face.name, LONGEST_NAME)
        near = "" if reader.is_me(people[place]) else names[0]
        legs.append(_leg(step, people[place], people[place + 1], (near, names[1]), reader.at))
    return tuple(legs)


def _leg(step: Step, near: Face, far: Face, names: tuple[str, str], at: datetime) -> Leg:
    reasons = list(step.evidence)
    strongest: Evidence | None = reasons[0] if reasons else None
    days = [one.last_at for one in reasons if one.last_at is not None]
    return Leg(
        near,
        far,
        story=story(strongest, *names, at) if strongest else "",
        measured=tuple(sentence(one, near.name, far.name, at) for one in reasons if one.ground == Ground.CONTACT),
        short=tuple(in_short(strongest, at)) if strongest else (),
        strength=step.strength,
        last_at=max(days, default=None),
        is_family=strongest is not None and strongest.ground == Ground.FAMILY,
    )


def _chips(legs: Sequence[Leg], asked: Sequence[Face], reader: Reader) -> list[Chip]:
    count = len(asked)
    words = ngettext("%(count)d step", "%(count)d steps", count) % {"count": count}
    named = {0: _("Directly"), 1: _("One step"), 2: _("Two steps"), 3: _("Three steps")}
    chips = [Chip(named.get(count, words), "mint" if count < 2 else "blue")]
    oldest = min((leg.last_at for leg in legs if leg.last_at is not None), default=None)
    if oldest is not None and (reader.at - oldest).days > OLD:
        chips.append(Chip(_("Last contact %(ago)s") % {"ago": ago(oldest, reader.at)}, "orange"))
    if any(leg.is_family for leg in legs):
        chips.append(Chip(_("Family tie")))
    if asked and asked[0].said_yes:
        chips.append(Chip(_("%(name)s is happy to introduce") % {"name": _called(asked[0], reader)}))
    return chips


def bars_of(strength: float) -> int:
    """How many of the four bars are filled."""
    return next((bars for least, bars in BARS if strength >= least), 1)
