# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is in the appointments of a file: by their addresses, else whoever they surely are, else as they were heard."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from uuid import UUID

from plein.channels.cards import Event, Guest
from plein.channels.connectors.calendar.icalendar import read_events
from plein.identity.profiles import Profile
from plein.identity.queries import Verdict, match
from plein.moments.actions.participants import Part
from plein.relations.contact import ContactError, normalise
from plein.relations.models import ContactPoint, ContactPointLink
from plein.relations.queries.erased import erased_at
from plein.relations.vocabulary import ContactKind, RelationKind
from plein.trust.circles import circle_for_new

#: Of a larger company only those who are known take part.
MOST_HEARD = 50


@dataclass
class Guests:
    """The guests of one file, each looked up once. Runs inside the operation of whoever calls."""

    circle: str
    _by_address: dict[str, UUID | None] = field(default_factory=dict)
    _points: dict[str, UUID] = field(default_factory=dict)

    def parts(self, guests: Iterable[Guest]) -> list[Part]:
        """The parts of these in an appointment; who asked to be erased has none."""
        some = list(guests)
        erased = erased_at({one.email for one in some if one.email}, ContactKind.EMAIL) if some else set()
        parts: list[Part] = []
        seen: set[UUID] = set()
        for one in some:
            if one.email in erased:
                continue
            who = self._who(one)
            if who is None:
                parts += [self._heard(one)] if len(some) <= MOST_HEARD else []
            elif who not in seen:
                seen.add(who)
                parts.append(Part(who))
        return parts

    def _who(self, one: Guest) -> UUID | None:
        key = one.email or f"name:{one.name}"
        if key not in self._by_address:
            self._by_address[key] = self._holder(one.email) or self._seems(one)
        return self._by_address[key]

    def _holder(self, address: str) -> UUID | None:
        """Whose address it is, when it is one person's."""
        if not address:
            return None
        links = ContactPointLink.objects.filter(
            contact_point__kind=ContactKind.EMAIL, contact_point__value=address, revoked_at__isnull=True
        )
        found = list(dict.fromkeys(links.order_by("id").values_list("relation_id", "relation__kind")))
        people = [one for one, kind in found if kind == RelationKind.PERSON]
        wanted = people or [one for one, _kind in found]
        return wanted[0] if len(wanted) == 1 else None

    def _seems(self, one: Guest) -> UUID | None:
        """Who it is beyond doubt; whoever it only may be is bound by hand, on the page of the appointment."""
        if not one.name:
            return None
        found = match(Profile(names=(one.name,), emails=(one.email,) if one.email else ()))
        return found.best.id if found.verdict == Verdict.AUTOMATIC and found.best is not None else None

    def _heard(self, one: Guest) -> Part:
        point = self._point(one.email) if one.email else None
        return Part(None, contact_point_id=point, heard_name=(one.name or one.email)[:300])

    def _point(self, address: str) -> UUID | None:
        """The address as it was heard: whose it is can be said later."""
        if address in self._points:
            return self._points[address]
        try:
            contact = normalise(address, kind=ContactKind.EMAIL)
        except ContactError:
            return None
        circle = circle_for_new(self.circle)
        known = ContactPoint.objects.filter(kind=ContactKind.EMAIL, value=contact.value, circle_id=circle).first()
        known = known or ContactPoint.objects.create(
            kind=ContactKind.EMAIL, value=contact.value, display=contact.display, circle_id=circle
        )
        self._points[address] = known.id
        return known.id


def guests_in(text: str) -> Iterator[Guest]:
    """Who is in an appointment as it is written."""
    for one in read_events(BytesIO(text.encode())):
        if isinstance(one, Event) and one.recurrence_id is None:
            yield from one.guests
            return
