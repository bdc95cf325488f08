# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an entry says, in the normal form in which it is compared and kept; what cannot be brought to it is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from plein.channels.cards import Address, Card, Day, NotACard, Photo, Work
from plein.imports.entries import Entry
from plein.imports.naming import country_code, language_code
from plein.relations.contact import Contact, ContactError, normalise
from plein.relations.names import LONGEST, PersonName, fold_name, parse_name, sort_name, tidy
from plein.relations.networks import NETWORKS
from plein.relations.vocabulary import ContactKind, RelationKind

LONGEST_ABOUT = 10_000


@dataclass(frozen=True, slots=True)
class Point:
    """A contact point, and what is said of it."""

    contact: Contact
    label: str = ""
    is_preferred: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.contact.kind, self.contact.network, self.contact.value)


@dataclass(slots=True)
class Wanted:
    """An entry as it is to be: the columns of its relation, and everything that belongs to it."""

    entry: Entry
    is_person: bool
    fields: dict[str, Any]
    points: list[Point] = field(default_factory=list)
    works: Sequence[Work] = ()
    days: Sequence[Day] = ()
    tags: Sequence[str] = ()
    photo: Photo | None = None
    left: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return str(RelationKind.PERSON if self.is_person else RelationKind.ORGANIZATION)

    def keys(self, kinds: Sequence[str]) -> list[tuple[str, str, str]]:
        """Its contact points of these kinds, as they are compared."""
        return [point.key for point in self.points if point.contact.kind in kinds]


#: An entry, and what it is to be, or why it is nobody.
type Made = tuple[Entry, Wanted | str]


def wanted_of(entry: Entry, country: str) -> Wanted | str:
    """What an entry says, or why it is nobody."""
    card = entry.card
    if isinstance(card, NotACard):
        return card.reason
    if card.kind == "group":
        return _("This is a group, and nobody by itself: whoever is in it is filed under its name.")
    is_person = card.kind == "person"
    name = tidy(card.name)[:LONGEST]
    if not name:
        return _("There is no name in this entry.")
    places = [one for one in card.addresses if one.place]
    code = next((found for one in card.addresses if (found := country_code(one.country))), "")
    fields: dict[str, Any] = {"name": name, **_named(card, name, is_person)}
    fields |= {"place": places[0].place if places else "", "country": code, "language": language_code(card.language)}
    fields["about"] = card.note.strip()[:LONGEST_ABOUT]
    made = Wanted(entry, is_person, fields, works=card.works, days=card.days, tags=card.tags, photo=card.photo)
    _reach(made, card, code or country)
    return made


def _named(card: Card, name: str, is_person: bool) -> dict[str, str]:
    if not is_person:
        return {"sort_name": sort_name(name, is_person=False)}
    parts = parse_name(name)
    if card.family or card.given:
        # A surname with "van der" in it is taken apart; a name in parts is otherwise what its owner says.
        rest = parse_name(f"x {card.infix} {card.family}") if card.family else PersonName()
        parts = PersonName(card.given, rest.infix, rest.family or card.family)
    parts = PersonName(parts.given[:120], parts.infix[:40], parts.family[:160])
    return {
        "sort_name": sort_name(name, is_person=True, parts=parts),
        "given_name": parts.given,
        "infix": parts.infix,
        "family_name": parts.family,
    }


def _reach(made: Wanted, card: Card, country: str) -> None:
    seen: set[tuple[str, str, str]] = set()
    for one in card.reaches:
        network = one.network if one.network in NETWORKS else ""
        if one.kind == "handle" and not network and "://" not in one.text:
            made.left.append(
                _("Plein does not know this network: %(name)s") % {"name": f"{one.network} {one.text}"[:200]}
            )
            continue
        kind = "" if one.kind == "url" or "://" in one.text else str(one.kind)
        try:
            contact = normalise(one.text, kind=kind, network=network if kind else "", country=country or "NL")
        except ContactError as trouble:
            made.left.append(str(trouble))
            continue
        _add(made, seen, Point(contact, one.label[:40], one.is_preferred))
    for address in card.addresses:
        if not address.street and not address.postal_code:
            # A place alone says where somebody is, and is no address.
            continue
        _add(made, seen, Point(_postal(address, country), address.label[:40]))


def _add(made: Wanted, seen: set[tuple[str, str, str]], point: Point) -> None:
    if point.key not in seen:
        seen.add(point.key)
        made.points.append(point)


def _postal(one: Address, country: str) -> Contact:
    """A postal address from its parts, as one typed in becomes it."""
    code = country_code(one.country) or country
    where = " ".join(filter(None, (one.postal_code, one.place)))
    display = ", ".join(filter(None, (one.street, where)))
    if not country_code(one.country) and one.country:
        display = f"{display}, {one.country}"
    detail = {"street": one.street, "postal_code": one.postal_code, "place": one.place, "country": code}
    if one.region:
        detail["region"] = one.region
    return Contact(ContactKind.POSTAL, fold_name(f"{display}, {code}")[:500], display[:500], detail=detail)
