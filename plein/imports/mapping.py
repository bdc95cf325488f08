# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the columns of a table hold: by their headings in several languages and programs, else by their contents."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plein.relations.names import fold_name

#: Headings by what they are of. What a program adds (a number, "home", "value") is taken off before.
WORDS: dict[str, str] = {
    "name": "name|full name|display name|file as|naam|volledige naam|weergavenaam|vollstandiger name|nom complet|"
    "contact|contact name|contactpersoon|ansprechpartner",
    "given": "first name|given name|firstname|voornaam|vorname|prenom|roepnaam",
    "middle": "middle name|additional name|tweede naam|zweiter vorname",
    "infix": "infix|tussenvoegsel|tussenvoegsels|voorvoegsel|prefix of surname",
    "family": "last name|family name|surname|lastname|achternaam|familienaam|nachname|familienname|nom|nom de famille",
    "email": "email|e mail|email address|e mail address|primary email|secondary email|mail|e mailadres|emailadres|"
    "mailadres|e mail adresse|courriel|adresse e mail|adresse de messagerie|additional email",
    "phone": "phone|phone number|telephone|tel|main phone|primary phone|telefoon|telefoonnummer|telefon|telefonnummer|"
    "rufnummer|numero de telephone|company main phone",
    "mobile": "mobile|mobile phone|mobile number|mobile phone number|cell|cell phone|mobiel|mobiele telefoon|gsm|"
    "mobieltje|handy|mobiltelefon|mobil|portable|telephone mobile",
    "fax": "fax|fax number|faxnummer|telefax",
    "organization": "company|company name|organization|organisation|organization name|organisation name|account|"
    "account name|employer|associated company|bedrijf|bedrijfsnaam|organisatie|werkgever|firma|unternehmen|"
    "entreprise|societe|customer",
    "department": "department|organization department|afdeling|abteilung|service|departement",
    "role": "job title|title|organization title|role|position|functie|functietitel|position title|berufsbezeichnung|"
    "fonction|poste|contact title",
    "street": "street|street address|address|address line|straat|adres|straat en huisnummer|strasse|adresse|rue",
    "number": "house number|huisnummer|hausnummer",
    "postal_code": "postal code|zip|zip code|zipcode|postcode|postleitzahl|plz|code postal",
    "place": "city|town|place|locality|plaats|woonplaats|stad|ort|stadt|ville|localite",
    "region": "state|region|province|provincie|bundesland|state region",
    "country": "country|country region|land|pays|country code|landcode",
    "url": "url|website|web page|webpage|web site|website url|homepage|webseite|site web|internet",
    "linkedin": "linkedin|linkedin url|linkedin profile|linkedin bio",
    "x": "x|twitter|twitter handle|twitter username",
    "bluesky": "bluesky",
    "mastodon": "mastodon",
    "birthday": "birthday|date of birth|birth date|birthdate|geboortedatum|verjaardag|geburtstag|geburtsdatum|"
    "date de naissance|anniversaire",
    "tags": "tag|tags|labels|categories|group membership|groups|label|trefwoorden|categorieen|kategorien|"
    "etiquettes|libelles",
    "note": "note|notes|remarks|description|comments|notitie|notities|opmerking|opmerkingen|notizen|bemerkung|"
    "remarques",
    "language": "language|preferred language|taal|sprache|langue",
}
KNOWN: dict[str, str] = {word: target for target, words in WORDS.items() for word in words.split("|")}
TARGETS = tuple(WORDS)
LABELS = {
    "home": "home", "private": "home", "personal": "home", "prive": "home", "thuis": "home", "privat": "home",
    "domicile": "home", "work": "work", "business": "work", "werk": "work", "zakelijk": "work", "geschaftlich": "work",
    "professionnel": "work", "mailing": "", "billing": "", "other": "other",
}  # fmt: skip
#: What stands in a heading beside its word and says nothing of it.
NOISE = frozenset({"value", "formatted"})
#: Headings that end so tell what kind of thing the column beside it holds.
BESIDE = frozenset({"type", "label"})
#: The sign of a column that is a field of the company's own: "c.key".
OWN = "c."
_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+\Z")
_PHONE = re.compile(r"[+(0]?[\d\s().+/-]{8,20}\Z")
_URL = re.compile(r"(https?://|www\.)\S+\Z", re.IGNORECASE)
#: So many rows of contents are looked at.
LOOKED_AT = 50


class BadMapping(ValueError):
    """A column is to hold what there is not; the message is which."""


@dataclass(frozen=True, slots=True)
class Column:
    """What one column holds: `target` is "" for nothing, `label` whether it is of home or of work."""

    target: str = ""
    label: str = ""

    def __str__(self) -> str:
        return f"{self.target}:{self.label}" if self.label else self.target

    @classmethod
    def read(cls, text: str) -> "Column":
        """The column that a text names; raises BadMapping."""
        target, _colon, label = text.strip().partition(":")
        if target and target not in TARGETS and not target.startswith(OWN):
            raise BadMapping(target)
        return cls(target, label)


def by_heading(heading: str, own: Mapping[str, str]) -> Column:
    """What a column of this heading holds; `own` are the company's own fields by folded name."""
    bare = fold_name(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading))
    if bare in own:
        return Column(OWN + own[bare])
    words = re.findall(r"[^\W\d_]+", bare)
    if words and words[-1] in BESIDE and len(words) > 1:
        return Column()
    label = next((LABELS[word] for word in words if word in LABELS), "")
    kept = [word for word in words if word not in NOISE]
    whole, without = " ".join(kept), " ".join(word for word in kept if word not in LABELS)
    target = KNOWN.get(whole) or KNOWN.get(without) or KNOWN.get(without.removeprefix("address ")) or ""
    return Column(target, label if target else "")


def by_content(cells: Sequence[str]) -> Column:
    """What a column whose heading says nothing holds, by what nearly all of its cells look like."""
    filled = [cell for cell in cells if cell]
    for target, shape in (("email", _EMAIL), ("url", _URL), ("phone", _PHONE)):
        if filled and sum(bool(shape.match(cell)) for cell in filled) >= 0.8 * len(filled):
            digits = sum(char.isdigit() for cell in filled for char in cell) / len(filled)
            if target != "phone" or 8 <= digits <= 15:
                return Column(target)
    return Column()


def has_heading(first: Sequence[str], own: Mapping[str, str]) -> bool:
    """Whether the first row names the columns, rather than somebody."""
    if any(by_heading(cell, own).target for cell in first):
        return True
    return not any(_EMAIL.match(cell) or _PHONE.match(cell) for cell in first)


def propose(head: Sequence[str], rows: Sequence[Sequence[str]], own: Mapping[str, str]) -> list[Column]:
    """What each column most likely holds."""
    found = []
    for place, heading in enumerate(head):
        named = by_heading(heading, own)
        cells = [row[place] for row in rows[:LOOKED_AT] if place < len(row)]
        found.append(named if named.target else by_content(cells))
    if not any(one.target in ("given", "family", "name", "organization", "email", "phone") for one in found) and found:
        found[0] = Column("name")
    return found
