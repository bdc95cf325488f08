# SPDX-License-Identifier: AGPL-3.0-or-later
"""The people of a workspace, as whoever compares them sees them, some thousands at a time.

Of somebody goes in what everyone here sees, and what stands in the very circle in which they do: so whoever sees two
people sees all that a pair of them is made from, whoever found it (ADR 0042).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q

from plein.core.isolation import default_circle_id
from plein.identity.models import Key
from plein.identity.profiles import Parts, place_core
from plein.identity.queries.matching import parts_from
from plein.relations.models import ContactPointLink, ImportantDate, Relation
from plein.relations.vocabulary import ContactKind, DateKind, RelationKind, Source

AT_ONCE = 5_000
#: Keys of this kind say how a name sounds: what is compared is the name.
SOUND = "m"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody, the circle they are in (0 for everyone's), what is compared of them, and what they have one of."""

    id: UUID
    circle: int
    parts: Parts
    marks: dict[str, str]


def how_many() -> int:
    """How many people there are; a query."""
    return Relation.objects.filter(kind=RelationKind.PERSON).count()


def people_after(last: UUID | None, most: int = AT_ONCE) -> list[Known]:
    """The next people in the order of their ids; four queries."""
    people = Relation.objects.filter(kind=RelationKind.PERSON).order_by("id")
    if last is not None:
        people = people.filter(id__gt=last)
    found = list(people.values_list("id", "circle_id", "place")[:most])
    return known_of(found)


def known_of(found: list[tuple[UUID, int, str]]) -> list[Known]:
    """What is compared of these people: ids with circle and place, in the order of the ids; three queries."""
    if not found:
        return []
    keys, born, heard = _keys(found), _born(found[0][0], found[-1][0]), _heard(found)
    made = []
    for one, circle, place in found:
        parts = parts_from(keys.get(one, ()), place_core(place), born.get(one))
        counted_apart = 0 if circle == default_circle_id() else circle
        made.append(Known(one, counted_apart, parts, _marks(parts, heard.get(one, ()))))
    return made


def _marks(parts: Parts, heard: Iterable[str]) -> dict[str, str]:
    """What one person has one of: a day of birth, a name on each network, an address that wrote to us per provider."""
    several: dict[str, set[str]] = defaultdict(set)
    if parts.born:
        several["born"].add(parts.born.isoformat())
    for handle in parts.handles:
        if handle.network:
            several[f"on {handle.network}"].add(handle.name)
    for address in heard:
        several[f"mail {address.rpartition('@')[2]}"].add(address)
    return {what: next(iter(values)) for what, values in several.items() if len(values) == 1}


def _heard(found: list[tuple[UUID, int, str]]) -> dict[UUID, list[str]]:
    """Addresses from which somebody wrote to us, of those whom everyone here sees."""
    heard: dict[UUID, list[str]] = defaultdict(list)
    links = ContactPointLink.objects.filter(
        relation_id__gte=found[0][0],
        relation_id__lte=found[-1][0],
        source=Source.MAIL,
        revoked_at__isnull=True,
        contact_point__kind=ContactKind.EMAIL,
        circle_id=default_circle_id(),
    )
    for relation, address in links.values_list("relation_id", "contact_point__value"):
        heard[relation].append(address)
    return heard


def is_told(circle: int, own: int | None, everyone: int) -> bool:
    """Whether all who see somebody see this of them."""
    return circle in (everyone, own)


def _keys(found: list[tuple[UUID, int, str]]) -> dict[UUID, list[str]]:
    everyone, circles = default_circle_id(), {one: circle for one, circle, _place in found}
    keys: dict[UUID, list[str]] = defaultdict(list)
    rows = Key.objects.filter(relation_id__gte=found[0][0], relation_id__lte=found[-1][0]).exclude(kind=SOUND)
    for relation, circle, kind, value in rows.values_list("relation_id", "circle_id", "kind", "value"):
        if is_told(circle, circles.get(relation), everyone):
            keys[relation].append(f"{kind} {value}")
    return keys


def _born(first: UUID, last: UUID) -> dict[UUID, date]:
    days = ImportantDate.objects.filter(relation_id__gte=first, relation_id__lte=last, kind=DateKind.BIRTHDAY)
    days = days.filter(Q(circle_id=default_circle_id()) | Q(circle_id=F("relation__circle_id")))
    return dict(days.order_by("-id").values_list("relation_id", "on"))
