# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads vCards of any version, one after another: a file of any size takes the memory of its largest card."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from plein.channels.cards import Address, Bond, Card, CardKind, Day, NotACard, Photo, Reach, Work
from plein.channels.connectors.contacts.values import day_of, label_of, photo_of, service_of, uid_of
from plein.channels.content_lines import Line, LineTooLong, read_lines

#: So many lines of one card are read, and so many values of one kind.
MOST_LINES, MOST_VALUES = 5_000, 50
LONGEST_TEXT = 100_000
_NO_NAME = "This card has no name, no organization and no e-mail address."
_TOO_LONG = "This card has a line that is too long to read; what comes after it was not read."
_OPEN = "This card breaks off: its end is missing."
_DAYS = {
    "BDAY": "birthday",
    "ANNIVERSARY": "anniversary",
    "X-ANNIVERSARY": "anniversary",
    "X-MS-ANNIVERSARY": "anniversary",
    "X-EVOLUTION-ANNIVERSARY": "anniversary",
}
_BONDS = {
    "X-SPOUSE": "spouse",
    "X-MS-SPOUSE": "spouse",
    "X-EVOLUTION-SPOUSE": "spouse",
    "X-MANAGER": "manager",
    "X-MS-MANAGER": "manager",
    "X-EVOLUTION-MANAGER": "manager",
    "X-ASSISTANT": "assistant",
    "X-MS-ASSISTANT": "assistant",
    "X-EVOLUTION-ASSISTANT": "assistant",
}
_KINDS: dict[str, CardKind] = {"group": "group", "org": "organization", "organization": "organization"}


def read_cards(stream: BinaryIO) -> Iterator[Card | NotACard]:
    """The cards of a file in their order; what cannot be read stands in its place with the reason."""
    try:
        yield from (card_of(lines) if is_whole else NotACard(_OPEN) for lines, is_whole in card_lines(stream))
    except LineTooLong:
        yield NotACard(_TOO_LONG)


def card_lines(stream: BinaryIO) -> Iterator[tuple[list[Line], bool]]:
    """The lines of each card, and whether it has an end. A card inside a card, of an assistant, is passed by."""
    lines: list[Line] | None = None
    inner = 0
    before = ""
    for line in read_lines(stream):
        mark = line.value.strip().upper() if line.name in ("BEGIN", "END") else ""
        if mark == "VCARD" and line.name == "BEGIN":
            if lines is not None and before == "AGENT":
                inner += 1
            else:
                if lines is not None:
                    yield lines, False
                lines, inner = [], 0
        elif mark == "VCARD" and inner:
            inner -= 1
        elif mark == "VCARD":
            if lines is not None:
                yield lines, True
            lines = None
        elif lines is not None and not inner and len(lines) < MOST_LINES:
            lines.append(line)
        before = line.name
    if lines is not None:
        yield lines, False


def card_of(lines: Iterable[Line]) -> Card | NotACard:
    """The card that these lines are."""
    by_name: dict[str, list[Line]] = {}
    labels: dict[str, str] = {}
    for line in lines:
        if line.name == "X-ABLABEL" and line.group:
            labels[line.group] = line.text()
        elif len(by_name.setdefault(line.name, [])) < MOST_VALUES:
            by_name[line.name].append(line)
    return _Reader(by_name, labels).card()


class _Reader:
    """Makes a card of lines by their names; `labels` are what Apple calls the lines of a group."""

    def __init__(self, by_name: dict[str, list[Line]], labels: dict[str, str]) -> None:
        self.by_name, self.labels = by_name, labels

    def card(self) -> Card | NotACard:
        works, parts = self._works(), self._name_parts()
        name, kind = self._name(works, parts)
        if not name:
            return NotACard(_NO_NAME)
        return Card(
            kind=kind,
            name=name[:500],
            uid=uid_of(self._text("UID"))[:300],
            given=" ".join(filter(None, (parts[1], parts[2])))[:300],
            family=parts[0][:300],
            reaches=tuple(self._reaches())[:MOST_VALUES],
            addresses=tuple(one for one in map(self._address, self._lines("ADR")) if not one.is_empty),
            works=works,
            days=tuple(self._days()),
            tags=self._tags(),
            note="\n\n".join(filter(None, (line.text().strip() for line in self._lines("NOTE"))))[:LONGEST_TEXT],
            language=self._text("LANG")[:10],
            bonds=tuple(self._bonds()),
            photo=self._photo(),
            members=tuple(uid_of(line.value) for line in self._lines("MEMBER", "X-ADDRESSBOOKSERVER-MEMBER")),
        )

    def _lines(self, *names: str) -> list[Line]:
        return [line for name in names for line in self.by_name.get(name, ())]

    def _text(self, name: str) -> str:
        return next((found for line in self._lines(name) if (found := " ".join(line.text().split()))), "")

    def _name_parts(self) -> list[str]:
        line = next(iter(self._lines("N")), None)
        parts = [" ".join(part.split()) for part in line.parts()] if line else []
        return (parts + [""] * 5)[:5]

    def _name(self, works: tuple[Work, ...], parts: list[str]) -> tuple[str, CardKind]:
        """What it is called and what it is. A card with a company for a name is that company's."""
        kind = _KINDS.get((self._text("KIND") or self._text("X-ADDRESSBOOKSERVER-KIND")).lower())
        company = next((one.organization for one in works if one.organization), "")
        whole = self._text("FN") or " ".join(filter(None, (parts[1], parts[2], parts[0])))
        if kind is None and company and (self._text("X-ABSHOWAS").upper() == "COMPANY" or not whole):
            return company, "organization"
        if kind is None and company and whole == company and not any(parts[:3]):
            return company, "organization"
        addresses = (line.text().strip() for line in self._lines("EMAIL"))
        return whole or self._text("NICKNAME") or next(filter(None, addresses), ""), kind or "person"

    def _reaches(self) -> Iterator[Reach]:
        kinds = (("EMAIL", "email"), ("TEL", "phone"), ("URL", "url"), ("X-MS-TEL", "phone"))
        for name, kind in kinds:
            for line in self._lines(name):
                text = " ".join(line.text().split())
                if text:
                    is_first = "pref" in line.types() or line.first("pref") == "1"
                    yield Reach(kind, text[:500], label_of(line, self.labels), is_preferred=is_first)  # type: ignore[arg-type]
        for name in sorted(self.by_name):
            for line in self.by_name[name]:
                network, text = service_of(line)
                if text:
                    yield Reach("handle", text[:500], label_of(line, self.labels), network=network)

    def _address(self, line: Line) -> Address:
        parts = [" ".join(part.replace("\n", ", ").split()) for part in line.parts()]
        box, extra, street, place, region, code, country = (parts + [""] * 7)[:7]
        street = ", ".join(part.strip(" ,") for part in (street, extra, box) if part.strip(" ,"))
        return Address(street[:300], code[:40], place[:120], region[:120], country[:120], label_of(line, self.labels))

    def _works(self) -> tuple[Work, ...]:
        """Where they work: the first title goes with the first organization, and so on."""
        titles = [" ".join(line.text().split()) for line in self._lines("TITLE")]
        titles = titles or [" ".join(line.text().split()) for line in self._lines("ROLE")]
        found = []
        for place, line in enumerate(self._lines("ORG")):
            parts = [" ".join(part.split()) for part in line.parts()]
            department = ", ".join(filter(None, parts[1:]))
            title = titles[place] if place < len(titles) else ""
            if parts[0] or department:
                found.append(Work(parts[0][:300], department[:120], title[:160]))
        if not found and titles:
            found.append(Work(role=titles[0][:160]))
        return tuple(found)

    def _days(self) -> Iterator[Day]:
        for name, kind in _DAYS.items():
            for line in self._lines(name):
                on = day_of(line)
                if on is not None:
                    yield Day(kind, on)
        for line in self._lines("X-ABDATE"):
            on = day_of(line)
            if on is not None and "anniversary" in label_of(line, self.labels).lower():
                yield Day("anniversary", on)

    def _tags(self) -> tuple[str, ...]:
        words = (part for line in self._lines("CATEGORIES") for part in line.parts(","))
        return tuple(dict.fromkeys(tag for word in words if (tag := " ".join(word.split())[:60])))

    def _bonds(self) -> Iterator[Bond]:
        for line in self._lines("RELATED"):
            kind = next(iter(sorted(line.types() - {"pref"})), "contact")
            text = line.text().strip()
            if text.lower().startswith("mailto:"):
                yield Bond(kind, email=text[7:].strip().lower()[:320])
            elif text.lower().startswith(("urn:", "http:", "https:")) and line.first("value").lower() != "text":
                yield Bond(kind, uid=uid_of(text)[:300])
            elif text:
                yield Bond(kind, name=text[:300])
        for line in self._lines("X-ABRELATEDNAMES"):
            if name := " ".join(line.text().split()):
                yield Bond(label_of(line, self.labels).lower() or "contact", name=name[:300])
        for name, kind in _BONDS.items():
            for line in self._lines(name):
                if text := " ".join(line.text().split()):
                    yield Bond(kind, name=text[:300])

    def _photo(self) -> Photo | None:
        return next((found for line in self._lines("PHOTO") if (found := photo_of(line))), None)
