# SPDX-License-Identifier: AGPL-3.0-or-later
"""A list of one's connections on a network, or of whom one follows, as the network hands it out: LinkedIn's
`Connections.csv` with the notes above it, and plain lists with the same columns under other names."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _

from plein.core.sheets import NotRead, Sheet, read_sheet
from plein.relations.contact import Contact, ContactError, email, normalise
from plein.relations.names import fold_name, parse_name, tidy
from plein.relations.networks import NETWORKS
from plein.relations.vocabulary import ContactKind, TieKind

#: What the columns are called, folded.
COLUMNS = {
    "first": ("first name", "given name", "voornaam"),
    "last": ("last name", "surname", "family name", "achternaam"),
    "name": ("name", "full name", "naam"),
    "url": ("url", "profile", "profile url", "profile address", "linkedin", "profiel", "handle", "account address"),
    "email": ("email address", "email", "e mail", "e mail address", "mail", "e mailadres", "emailadres"),
    "company": ("company", "organization", "organisation", "bedrijf", "organisatie"),
    "position": ("position", "title", "role", "functie", "rol"),
    "on": ("connected on", "date", "since", "followed on", "datum", "sinds"),
}
MONTHS = {
    word: number
    for number, words in enumerate(
        ("jan", "feb", "mar mrt maa", "apr", "may mei", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec"), start=1
    )
    for word in words.split()
}
#: So far down notes may stand above the columns.
NOTES = 40
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WORDS = re.compile(r"(\d{1,2})[ .-]+([^\W\d_]{3,})[ .-]+(\d{4})\Z")
_NUMBERS = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})\Z")


class Holds(StrEnum):
    """What a list holds."""

    CONNECTIONS = "connections"
    FOLLOWED = "followed"
    FOLLOWERS = "followers"

    @property
    def kind(self) -> str:
        """The kind of tie that a line of it is."""
        return TieKind.CONNECTED if self is Holds.CONNECTIONS else TieKind.FOLLOWS


@dataclass(frozen=True, slots=True)
class Connection:
    """Somebody on the list: where in it, what they are called, by which addresses they are known, and since when."""

    number: int
    name: str
    contacts: tuple[Contact, ...]
    headline: str = ""
    on: date | None = None
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def network(self) -> str:
        """What the network is called that tells of them, as far as the line says it."""
        networks = (one.network for one in self.contacts if one.network)
        return dict(self.fields).get("network") or network_label(next(networks, ""))


def network_label(key: str) -> str:
    """What a network is called, for people."""
    return NETWORKS[key].label if key in NETWORKS else key


def read_connections(data: bytes) -> list[Connection]:
    """Everybody on a list; raises NotRead."""
    sheet = read_sheet(_without_notes(data))
    columns = _columns(sheet)
    found = []
    for number, row in enumerate(sheet.rows, start=2):
        one = connection_of(number, {name: tidy(row[place]) for name, place in columns.items()})
        if one.name or one.contacts:
            found.append(one)
    return found


def connection_of(number: int, named: Mapping[str, str]) -> Connection:
    """A line of the list, from its cells by name. An address that is none is left out."""
    name = named.get("name") or " ".join(filter(None, (named.get("first"), named.get("last"))))
    work = ", ".join(filter(None, (named.get("position"), named.get("company"))))
    return Connection(
        number=number,
        name=(parse_name(name).full or name)[:300],
        contacts=tuple(_contacts(named)),
        headline=work[:200],
        on=_day(named.get("on", "")),
        fields=tuple((key, value[:300]) for key, value in named.items() if value),
    )


def _contacts(named: Mapping[str, str]) -> Iterator[Contact]:
    for text, kind in ((named.get("email"), ContactKind.EMAIL), (named.get("url"), "")):
        try:
            if text:
                found = email(text) if kind else normalise(text)
                if found.kind in (ContactKind.EMAIL, ContactKind.HANDLE, ContactKind.URL):
                    yield found
        except ContactError:
            continue


def _without_notes(data: bytes) -> bytes:
    """The list from the line on in which its columns are named: some networks explain themselves above it."""
    lines = data.splitlines(keepends=True)
    for place, line in enumerate(lines[:NOTES]):
        words = {fold_name(word) for word in re.split(r"[,;\t|]", line.decode("utf-8", "replace").replace('"', ""))}
        if sum(1 for known in COLUMNS.values() if words & set(known)) > 1:
            return b"".join(lines[place:])
    return data


def _columns(sheet: Sheet) -> dict[str, int]:
    heads = [fold_name(word) for word in sheet.head]
    columns = {
        name: next(place for place, head in enumerate(heads) if head in known)
        for name, known in COLUMNS.items()
        if set(known) & set(heads)
    }
    if not columns.keys() & {"name", "first", "last"} or not columns.keys() & {"url", "email"}:
        raise NotRead(
            _("The first line names no name with an address of a profile or of mail. It says: %(words)s.")
            % {"words": ", ".join(word for word in sheet.head if word)[:200]}
        )
    return columns


def _day(text: str) -> date | None:
    """A day as lists write it: 2021-03-12, 12 Mar 2021, 12-03-2021."""
    try:
        if found := _ISO.match(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _WORDS.match(text):
            return date(int(found[3]), MONTHS.get(found[2][:3].lower(), 0), int(found[1]))
        if found := _NUMBERS.match(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None
    return None
