# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an address book or a calendar hands over: plain frozen records that know neither the database nor Django.

All text is clean for a database: no NUL characters, no lone surrogates. Nothing is guessed here: an address stands as
it was written, and is brought to its normal form by whoever stores it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

type CardKind = Literal["person", "organization", "group"]
type ReachKind = Literal["email", "phone", "url", "handle"]


@dataclass(frozen=True, slots=True)
class Reach:
    """A way to reach somebody. Of a handle `network` is the service as the card calls it, in lower case."""

    kind: ReachKind
    text: str
    label: str = ""
    network: str = ""
    is_preferred: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address in its parts."""

    street: str = ""
    postal_code: str = ""
    place: str = ""
    region: str = ""
    country: str = ""
    label: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.street or self.postal_code or self.place)


@dataclass(frozen=True, slots=True)
class Work:
    """Where somebody works, and as what."""

    organization: str = ""
    department: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Bond:
    """Somebody this card names as related: `kind` as vCard calls it ("spouse", "friend"), by name, id or address."""

    kind: str
    name: str = ""
    uid: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as it stood in the card."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Day:
    """A day that matters: `kind` is "birthday" or "anniversary"."""

    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class Card:
    """One entry of an address book.

    `uid` is how the book itself knows it, "" when it does not say. Of a group `members` are the ids it names.
    `given`, `infix` and `family` are the parts of a name where the card parts it.
    """

    kind: CardKind
    name: str
    uid: str = ""
    given: str = ""
    infix: str = ""
    family: str = ""
    reaches: tuple[Reach, ...] = ()
    addresses: tuple[Address, ...] = ()
    works: tuple[Work, ...] = ()
    days: tuple[Day, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""
    language: str = ""
    bonds: tuple[Bond, ...] = ()
    photo: Photo | None = None
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody in an appointment: with an address in lower case, or a name alone."""

    email: str
    name: str = ""
    is_organizer: bool = False
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar.

    `starts_at` and `ends_at` are aware moments in UTC; of a whole day midnight UTC, its end the last day. `zone` is the
    time zone it repeats in. `recurrence_id` is the moment of the series that this entry stands for, in UTC.
    `excluded` are moments of the series that do not take place.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    is_all_day: bool = False
    recurrence_id: datetime | None = None
    sequence: int = 0
    summary: str = ""
    location: str = ""
    description: str = ""
    zone: str = ""
    rule: str = ""
    excluded: tuple[datetime, ...] = ()
    status: str = ""
    guests: tuple[Guest, ...] = ()


@dataclass(frozen=True, slots=True)
class NotACard:
    """An entry that could not be read: a sentence says why."""

    reason: str
