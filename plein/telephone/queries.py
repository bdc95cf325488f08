# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who calls, as the reader may see it: by the number, or by numbers next to it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from plein.core.ids import now
from plein.moments.models import Moment, MomentSource, MomentText, Participant
from plein.moments.vocabulary import MomentKind
from plein.relations.contact import ContactError, phone
from plein.relations.models import ContactPointLink, Relation
from plein.relations.vocabulary import ContactKind
from plein.telephone.models import Exchange, Line, Ring
from plein.trust.models import Workspace
from plein.trust.seats import Entrance

MOST_WHO, MOST_RINGS = 5, 20
#: An exchange gives its lines numbers that differ in the last two digits; shorter numbers are no exchange's.
NEXT_TO, SHORTEST = 2, 10
#: A call is answered by then, or it is over.
RINGING = timedelta(minutes=2)
#: So long ago a call may be of which one still writes a note.
NOTED_WITHIN = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a number leads to: those who have it, and those with a number next to it."""

    number: str
    shown: str
    known: list[Relation]
    near: list[Relation]


def number_of(text: str, country: str | None = None) -> tuple[str, str]:
    """A number for comparing and for showing; what is no whole number, such as an extension, stays its digits."""
    try:
        found = phone(text[:100], country=our_country() if country is None else country)
    except ContactError:
        digits = re.sub(r"[^0-9*#]", "", text)[:40]
        return digits, digits
    return found.value, found.display


def our_country() -> str:
    """In which country a number without one is."""
    return Workspace.objects.get().country


def who_has(text: str) -> Who:
    """Who it may be that calls from this number."""
    value, shown = number_of(text)
    known = _with(contact_point__value=value) if value else []
    near: list[Relation] = []
    if not known and len(value) >= SHORTEST and value.startswith("+"):
        near = _with(contact_point__value__startswith=value[:-NEXT_TO])
    return Who(value, shown, known, near)


def _with(**points: str) -> list[Relation]:
    links = ContactPointLink.objects.filter(contact_point__kind=ContactKind.PHONE, revoked_at__isnull=True, **points)
    found = Relation.objects.filter(id__in=links.values("relation_id"), seat_id__isnull=True)
    return list(found.order_by("kind", "name", "id")[:MOST_WHO])


def names_of(numbers: Iterable[str]) -> dict[str, Relation]:
    """One who has each of these numbers, of those that somebody has whom the reader sees."""
    links = ContactPointLink.objects.filter(
        contact_point__kind=ContactKind.PHONE,
        contact_point__value__in=set(numbers),
        revoked_at__isnull=True,
        relation__seat_id__isnull=True,
    )
    seen = Relation.objects.in_bulk(links.values_list("relation_id", flat=True))
    pairs = links.order_by("-relation__kind", "-id").values_list("contact_point__value", "relation_id")
    return {value: seen[relation] for value, relation in pairs if relation in seen}


def rings_of(seat: UUID) -> list[Ring]:
    """The last calls at the telephone of a colleague."""
    return list(Ring.objects.filter(seat_id=seat).order_by("-rang_at", "-id")[:MOST_RINGS])


def ringing_at(seat: UUID) -> Ring | None:
    """The call that comes in just now."""
    found: Ring | None = Ring.objects.filter(seat_id=seat, rang_at__gt=now() - RINGING).order_by("-rang_at").first()
    return found


def mark_of_rings(actor: Entrance) -> str:
    """What changes when a call comes in for the actor."""
    last = Ring.objects.filter(seat_id=actor.seat_id).order_by("-rang_at", "-id").values_list("id", flat=True).first()
    return str(last or "")


def line_of(seat: UUID) -> Line:
    """The telephone of a colleague, as they set it up or as it is at first."""
    found: Line | None = Line.objects.filter(seat_id=seat).first()
    return found or Line(seat_id=seat)


def exchange() -> str:
    """The address by which the company's exchange calls; "" when it has none."""
    return Exchange.objects.values_list("address", flat=True).first() or ""


def seats_called(number: str, extension: str) -> set[UUID]:
    """Whose telephone rings when this number of ours is called: whoever has it, or else who hears the rest."""
    wanted = {one for one in (number, extension) if one}
    lines = list(Line.objects.filter(seat__is_active=True).only("seat_id", "numbers", "hears_rest"))
    called = {one.seat_id for one in lines if wanted & set(one.numbers)}
    if number and not called:
        links = ContactPointLink.objects.filter(
            contact_point__kind=ContactKind.PHONE, contact_point__value=number, relation__seat_id__isnull=False
        )
        called = set(links.filter(revoked_at__isnull=True).values_list("relation__seat_id", flat=True))
    return called or {one.seat_id for one in lines if one.hears_rest}


def unnoted_call(number: str) -> Moment | None:
    """The call with this number that came in by itself a while ago and has no words yet."""
    if not number:
        return None
    with_it = Participant.objects.filter(contact_point__kind=ContactKind.PHONE, contact_point__value=number)
    found = (
        Moment.objects.filter(kind=MomentKind.CALL, id__in=with_it.values("moment_id"))
        .filter(occurred_at__gt=now() - NOTED_WITHIN, id__in=MomentSource.objects.values("moment_id"))
        .exclude(id__in=MomentText.objects.exclude(text="").values("moment_id"))
    )
    first: Moment | None = found.order_by("-occurred_at", "-id").first()
    return first
