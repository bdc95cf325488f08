# SPDX-License-Identifier: AGPL-3.0-or-later
"""The entries of an address book, whatever kind of file it is: cards as they are, rows of a table made into cards."""

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from plein.channels.cards import Address, Card, Day, NotACard, Reach, Work
from plein.channels.connectors.contacts.tables import Dialect, guess, read_table
from plein.channels.connectors.contacts.vcard import read_cards
from plein.imports.groups import groups_in, in_groups
from plein.imports.mapping import LOOKED_AT, OWN, Column, has_heading, propose
from plein.imports.naming import READ_IN
from plein.lists.export.cells import plain
from plein.metadata.queries import catalog
from plein.relations.names import fold_name
from plein.relations.vocabulary import RelationKind

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_NOBODY = "This row names nobody: it has no name, no organization and no e-mail address."
_REACHES = {"email": "email", "phone": "phone", "mobile": "phone", "fax": "phone", "url": "url"}
_HANDLES = ("linkedin", "x", "bluesky", "mastodon")
_PLACED = ("street", "number", "postal_code", "place", "region", "country")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: the card it is, the raw values of the company's own fields, its cells as they stood."""

    number: int
    card: Card | NotACard
    values: Mapping[str, str] = field(default_factory=dict)
    cells: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """How an address book is written, and what its columns hold: none for one of cards."""

    path: Path
    dialect: Dialect | None = None
    head: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    is_headed: bool = True

    @property
    def kind(self) -> str:
        """What one entry is: a person, unless the table has columns of organizations alone."""
        targets = {one.target for one in self.columns}
        is_firm = "organization" in targets and not targets & {"name", "given", "family"}
        return RelationKind.ORGANIZATION if is_firm else RelationKind.PERSON


def look_at(path: Path, dialect: Dialect | None = None, *, is_headed: bool | None = None) -> Book:
    """How a file is written, as far as that is not known, and what it most likely holds; raises NotATable."""
    with path.open("rb") as file:
        begin = file.read(4096)
    if b"BEGIN:VCARD" in begin.replace(b"\0", b"").upper():
        return Book(path)
    dialect = dialect or guess(path)
    rows = list(islice(read_table(path, dialect), LOOKED_AT + 1))
    own = own_names()
    if is_headed is None:
        is_headed = has_heading(rows[0], own) if rows else True
    width = max((len(row) for row in rows), default=0)
    head = [*(rows[0] if is_headed and rows else ())]
    head += [str(number + 1) for number in range(len(head), width)]
    return Book(path, dialect, tuple(head), tuple(propose(head, rows[int(is_headed) :], own)), is_headed)


def first_rows(book: Book, most: int) -> list[list[str]]:
    """The first rows of a table, without its heading; none of a book of cards. Raises NotATable."""
    if book.dialect is None:
        return []
    with closing(read_table(book.path, book.dialect)) as rows:
        return [[plain(cell) for cell in row] for row in islice(rows, int(book.is_headed), most + int(book.is_headed))]


def own_names() -> dict[str, str]:
    """The company's own fields of people, by their folded names."""
    found: dict[str, str] = {}
    for one in reversed(catalog().of(RelationKind.PERSON)):
        found |= {fold_name(name): one.key for name in (one.label_nl, one.label_en, one.key) if name}
    return found


def entries_of(book: Book, *, after: int = 0) -> Generator[Entry]:
    """The entries of a book, from the one after this number on; raises NotATable."""
    if book.dialect is None:
        groups = groups_in(book.path)
        with book.path.open("rb") as file:
            for number, card in enumerate(read_cards(file), start=1):
                if number > after:
                    card = in_groups(card, groups)
                    yield Entry(number, card, {}, (card.name if isinstance(card, Card) else "",))
        return
    rows = read_table(book.path, book.dialect)
    for number, row in enumerate(islice(rows, int(book.is_headed), None), start=1):
        if number > after:
            yield _entry(number, [plain(cell) for cell in row], book)


def _entry(number: int, row: list[str], book: Book) -> Entry:
    found: dict[str, list[tuple[str, str]]] = {}
    for column, cell in zip(book.columns, row, strict=False):
        if column.target and cell:
            found.setdefault(column.target, []).append((cell, column.label))
    values = {target.removeprefix(OWN): cells[0][0] for target, cells in found.items() if target.startswith(OWN)}
    return Entry(number, _card(found, book.kind), values, tuple(row))


def _card(found: Mapping[str, Sequence[tuple[str, str]]], kind: str) -> Card | NotACard:
    first = {target: " ".join(cells[0][0].split()) for target, cells in found.items()}
    given = " ".join(filter(None, (first.get("given", ""), first.get("middle", ""))))
    parts = " ".join(filter(None, (given, first.get("infix", ""), first.get("family", ""))))
    company = first.get("organization", "")
    email = first.get("email", "")
    name = company if kind == RelationKind.ORGANIZATION else parts or first.get("name", "")
    is_firm = kind == RelationKind.ORGANIZATION or (not name and bool(company) and not email)
    name = name or (company if is_firm else email)
    if not name:
        return NotACard(_NOBODY)
    role = _role(first.get("role", ""), company)
    works = (Work(company[:300], first.get("department", "")[:120], role[:160]),)
    return Card(
        kind="organization" if is_firm else "person",
        name=name[:300],
        given=given[:120],
        infix=first.get("infix", "")[:40],
        family=first.get("family", "")[:160],
        reaches=tuple(_reaches(found)),
        addresses=tuple(_addresses(found)),
        works=() if is_firm or not company else works,
        days=tuple(_days(first.get("birthday", ""))),
        tags=tuple(_tags(found)),
        note="\n\n".join(cell for cell, _label in found.get("note", ())),
        language=first.get("language", "")[:10],
    )


def _role(text: str, company: str) -> str:
    """A role without where it is, which our own lists say in the same cell."""
    if not company or not text.endswith(company):
        return text
    if text == company:
        return ""
    for language in READ_IN:
        with translation.override(language):
            behind = _("%(role)s at %(organization)s") % {"role": "", "organization": company}
        if text.endswith(behind):
            return text.removesuffix(behind)
    return text


def _reaches(found: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[Reach]:
    for target, kind in _REACHES.items():
        for cell, label in found.get(target, ()):
            said = target if target in ("mobile", "fax") else ""
            # Several addresses in one cell: as Google and old lists write them.
            for text in re.split(r"\s*(?::::|;|\n)\s*", cell):
                if text.strip():
                    yield Reach(kind, text.strip()[:500], " ".join(filter(None, (label, said))))  # type: ignore[arg-type]
    for network in _HANDLES:
        for cell, _label in found.get(network, ()):
            yield Reach("handle", cell.strip()[:500], network=network)


def _addresses(found: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[Address]:
    """An address for home, one for work, and one of which nothing is said."""
    said = {label for target in _PLACED for _cell, label in found.get(target, ())}
    for wanted in ("", "work", "home", "other"):
        if wanted not in said:
            continue
        parts = {
            target: ", ".join(" ".join(cell.split()) for cell, label in found.get(target, ()) if label == wanted)
            for target in _PLACED
        }
        street = " ".join(filter(None, (parts["street"], parts["number"])))
        address = Address(
            street[:300], parts["postal_code"][:40], parts["place"][:120], parts["region"][:120],
            parts["country"][:120], wanted,
        )  # fmt: skip
        if not address.is_empty:
            yield address


def _days(text: str) -> Iterator[Day]:
    found = _DAY.match(text.strip())
    if found is None:
        return
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        on = date(int(year), int(month), int(day))
    except ValueError:
        return
    if 1800 <= on.year <= 2200:
        yield Day("birthday", on)


def _tags(found: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[str]:
    for cell, _label in found.get("tags", ()):
        for word in re.split(r"\s*(?::::|[,;|\n])\s*", cell):
            # Google marks its own groups with a star.
            if word.strip() and not word.startswith("* "):
                yield " ".join(word.split())[:60]
