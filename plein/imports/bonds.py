# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ties of whom a card names as related: once everybody in the address book is in, so that their order does not matter.

Who that is, is told by the id of another card, by an address, or by a name that just one person here has. Nothing is
guessed: where several have the name there is no tie.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from plein.channels.cards import Bond, Card
from plein.imports.effects import AS_NEW, LEAVE
from plein.imports.entries import Book, Entry, entries_of
from plein.imports.finding import find
from plein.imports.models import MatchKey
from plein.imports.wanted import Wanted, wanted_of
from plein.relations.actions import add_tie
from plein.relations.models import ContactPointLink, Relation
from plein.relations.names import parse_name, sort_name
from plein.relations.refusals import Refused
from plein.relations.vocabulary import ContactKind, RelationKind, Source, TieKind
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: So many cards that name others are followed.
MOST = 20_000
_FAMILY = "spouse partner child parent sibling kin family mother father brother sister son daughter husband wife"
KINDS: dict[str, TieKind] = {
    **dict.fromkeys((*_FAMILY.split(), "domestic partner", "domestic-partner", "sweetheart"), TieKind.FAMILY),
    "friend": TieKind.FRIEND,
}
#: Words that say no more than that the two know each other.
PLAIN = frozenset({"contact", "acquaintance", "met", "knows", ""})


@dataclass(frozen=True, slots=True)
class Naming:
    """A card that names others."""

    one: Entry
    bonds: tuple[Bond, ...]


def namings_of(book: Book) -> tuple[list[Naming], dict[str, Entry]]:
    """The cards that name others, and the cards they name by their id."""
    if book.dialect is not None:
        return [], {}
    found = [
        Naming(one, one.card.bonds)
        for one in entries_of(book)
        if isinstance(one.card, Card) and one.card.kind == "person" and one.card.bonds
    ][:MOST]
    wanted = {bond.uid for one in found for bond in one.bonds if bond.uid}
    if not wanted:
        return found, {}
    named = (one for one in entries_of(book) if isinstance(one.card, Card) and one.card.uid in wanted)
    return found, {one.card.uid: one for one in named if isinstance(one.card, Card)}


@dataclass
class Binder:
    """Ties the people of some cards to those whom they name, in the operation of whoever calls."""

    actor: Entrance
    country: str
    match: str
    decided: dict[int, str]
    by_uid: dict[str, Entry]

    def tie(self, some: Sequence[Naming]) -> int:
        """How many ties are new."""
        permit(self.actor, "import")
        named = [self.by_uid[bond.uid] for one in some for bond in one.bonds if bond.uid in self.by_uid]
        known = self._people([*(one.one for one in some), *named])
        made = 0
        for one in some:
            mine = known.get(one.one.number)
            for bond in one.bonds if mine is not None else ():
                other = self._other(bond, known)
                if mine is not None and other is not None and other.id != mine.id:
                    made += self._made(mine, other, bond.kind.strip().lower())
        return made

    def _made(self, mine: Relation, other: Relation, word: str) -> bool:
        kind = KINDS.get(word, TieKind.KNOWS)
        note = "" if word in KINDS or word in PLAIN else word[:200]
        try:
            add_tie(actor=self.actor, one=mine, other=other, kind=kind, note=note, source=Source.IMPORT)
        except Refused:
            # They are tied so already.
            return False
        return True

    def _people(self, entries: Iterable[Entry]) -> dict[int, Relation]:
        """Who these cards are of, by their number."""
        wanted = {one.number: made for one in entries if isinstance(made := wanted_of(one, self.country), Wanted)}
        numbers = [one for one in wanted if self.decided.get(one) != LEAVE]
        match = self.match if self.match != MatchKey.NOTHING else MatchKey.SEEMS
        found = dict(zip(numbers, find([wanted[one] for one in numbers], match), strict=True))
        ids: dict[int, UUID] = {one: it.relation for one, it in found.items() if it.relation is not None}
        ids |= {one: UUID(to) for one in numbers if (to := self.decided.get(one, "")) not in ("", AS_NEW, LEAVE)}
        people = Relation.objects.in_bulk(list(ids.values()))
        known = {one: people[to] for one, to in ids.items() if to in people}
        by_name = _only_ones({str(wanted[one].fields["sort_name"]) for one in numbers if one not in known})
        for one in numbers:
            namesake = by_name.get(str(wanted[one].fields["sort_name"])) if one not in known else None
            if namesake is not None and wanted[one].is_person:
                known[one] = namesake
        return known

    def _other(self, bond: Bond, known: dict[int, Relation]) -> Relation | None:
        if bond.uid:
            named = self.by_uid.get(bond.uid)
            return known.get(named.number) if named is not None else None
        if bond.email:
            return _holder(bond.email)
        name = sort_name(bond.name, is_person=True, parts=parse_name(bond.name)) if bond.name else ""
        return _only_ones({name}).get(name) if name else None


def _holder(address: str) -> Relation | None:
    links = ContactPointLink.objects.filter(
        contact_point__kind=ContactKind.EMAIL,
        contact_point__value=address,
        relation__kind=RelationKind.PERSON,
        revoked_at__isnull=True,
    ).select_related("relation")
    found = {one.relation_id: one.relation for one in links.order_by("id")}
    return next(iter(found.values())) if len(found) == 1 else None


def _only_ones(names: set[str]) -> dict[str, Relation]:
    """Of these names, as they sort, those that just one person here has."""
    people: dict[str, list[Relation]] = {}
    for one in Relation.objects.filter(kind=RelationKind.PERSON, sort_name__in=names) if names else ():
        people.setdefault(one.sort_name, []).append(one)
    return {name: some[0] for name, some in people.items() if len(some) == 1}
