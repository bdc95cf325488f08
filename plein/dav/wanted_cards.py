# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a card of an address book elsewhere says, in the form in which many people are written at once."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date

from plein.channels import base
from plein.channels import cards as books
from plein.dav.cards import KINDS, LONGEST_TAG, Card, point_text, read_card
from plein.dav.lines import BadText
from plein.dav.queries.book import DAYS
from plein.imports.entries import Entry
from plein.imports.wanted import Point, Wanted
from plein.relations.contact import ContactError, normalise
from plein.relations.names import LONGEST, sort_name, tidy


def read_all(entries: Iterable[base.Entry], country: str) -> Iterator[tuple[base.Entry, Card]]:
    """The cards that can be read, each with the entry it came in."""
    for entry in entries:
        with suppress(BadText):
            yield entry, read_card(entry.text, country)


def wanted_of(number: int, card: Card, country: str) -> Wanted | None:
    """What a card says, in the form in which many are written; None where that needs a closer look."""
    name, parts = tidy(card.name), card.parts
    try:
        points = list(_points(card, country))
    except ContactError:
        return None
    if len(name) > LONGEST:
        return None
    fields = {"name": name, "about": next((one.text for one in card.group("note").values()), "")}
    if card.is_company:
        fields["sort_name"] = sort_name(name, is_person=False)
    else:
        fields["sort_name"] = sort_name(name, is_person=True, parts=parts)
        fields |= {"given_name": parts.given, "infix": parts.infix, "family_name": parts.family}
    line = Entry(number, books.Card(kind="organization" if card.is_company else "person", name=name))
    return Wanted(
        line,
        not card.is_company,
        fields,
        points=points,
        works=[books.Work(*one.parts) for one in list(card.group("org").values())[:1]],
        days=[
            books.Day(str(kind), date.fromisoformat(key)) for kind, group in DAYS.items() for key in card.group(group)
        ],
        tags=[key for key in card.group("categories") if len(key) <= LONGEST_TAG],
        photo=books.Photo(card.photo) if card.photo else None,
    )


def _points(card: Card, country: str) -> Iterator[Point]:
    seen: set[tuple[str, str, str]] = set()
    for kind in KINDS:
        for value in card.group(kind).values():
            network = value.parts[0] if kind == "handle" else ""
            point = Point(normalise(point_text(value), kind=kind, network=network, country=country), value.label)
            if point.key not in seen:
                seen.add(point.key)
                yield point
