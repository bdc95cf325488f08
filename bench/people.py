# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invented people with known truth, to recognise: one in five is there already, as others wrote them down.

Names are as unevenly spread as in life (Zipf): a few that thousands bear, and tens of thousands that hardly anybody
does. Second times have nicknames, initials, slips of the pen, surnames without "van der", former employers, other
addresses, and most of what is known left out. The same count and seed make the same people.
"""

import csv
import random
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

_NAMES = Path(__file__).resolve().parents[1] / "plein" / "generate" / "data"
#: One of so many is somebody who is there already.
ONE_IN = 5
_ENDS = (
    "stra", "sma", "huis", "man", "berg", "veld", "kamp", "dijk", "hoven", "meijer", "broek", "mans", "sen", "ga",
    "link", "horst", "laar", "donk",
)  # fmt: skip
_BEFORE = ("van ", "de ", "van de ", "van der ", "van den ", "ter ", "ten ")
_FIRST_ENDS = ("ke", "ina", "tje", "bert", "nald", "wina")
_TRADES = (
    "Installatietechniek", "Bouw", "Advies", "Consultancy", "Zorg", "Transport", "Software", "Media", "Bakkerij",
    "Advocaten", "Accountants", "Logistics", "Design", "Techniek",
)  # fmt: skip
_FORMS = ("BV", "B.V.", "NV", "Ltd", "", "VOF", "Groep", "")
_SHORT = {
    "Willem": "Wim", "Johannes": "Jan", "Johanna": "Jo", "Cornelis": "Kees", "Hendrik": "Henk", "Petrus": "Piet",
    "Elisabeth": "Els", "Catharina": "Rina", "William": "Bill", "Robert": "Bob", "Richard": "Dick", "Elizabeth": "Liz",
    "Jacobus": "Koos", "Alexander": "Alex", "Thomas": "Tom", "Michael": "Mike", "Christopher": "Chris",
    "Katherine": "Kate", "Margaret": "Meg", "Anthony": "Tony", "Nicholas": "Nick", "Daniel": "Dan", "Matthew": "Matt",
    "Joseph": "Joe", "Benjamin": "Ben", "Samuel": "Sam", "Frederik": "Freek", "Isabella": "Bella",
}  # fmt: skip
_FREE = ("gmail.com", "hotmail.nl", "ziggo.nl")
_KEYS, _LETTERS = "qwertyuiopasdfghjklzxcvbnm", "ABCDEFGHJKLMNPRSTVWXZ"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A record of a person; records of one person have the same `truth`."""

    truth: int
    given: str
    family: str
    organization: str = ""
    place: str = ""
    postcode: str = ""
    email: str = ""
    phone: str = ""
    handle: str = ""
    born: str = ""

    @property
    def name(self) -> str:
        """The name in full."""
        return f"{self.given} {self.family}"


class _Town:
    """What names there are, how common each is, and where people work."""

    def __init__(self, people: int, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - invented people
        self.seed, self.people = seed, people
        given, family = _column("forenames.csv"), _column("surnames.csv")
        self.given = list(dict.fromkeys(given + [one + end for one in given if len(one) < 6 for end in _FIRST_ENDS]))[
            :800
        ]
        tail = [
            (one[:size] + end).capitalize() for one in family if one.isalpha() for size in (3, 4, 5) for end in _ENDS
        ]
        tail = list(dict.fromkeys(tail))[:24_000]
        before = [self.random.choice(_BEFORE) + one for one in tail[::3]]
        self.family = list(dict.fromkeys(family + tail + before))
        self.places = _column("places.csv")
        self.often = {name: _zipf(len(values), power) for name, values, power in (
            ("given", self.given, 0.75), ("family", self.family, 0.65), ("place", self.places, 0.8))}  # fmt: skip
        self.companies = [
            f"{self.random.choice(self.family)} {self.random.choice(_TRADES)}" for _one in range(max(50, people // 12))
        ]

    def chosen(self, what: str, values: Sequence[str], by: random.Random) -> str:
        return values[min(bisect_left(self.often[what], by.random()), len(values) - 1)]

    def original(self, truth: int) -> Somebody:
        """Somebody, with all there is to know; always the same for a number."""
        by = random.Random(self.seed * 1_000_003 + truth)  # noqa: S311 - invented people
        given, family = self.chosen("given", self.given, by), self.chosen("family", self.family, by)
        company = self.companies[(truth * 7919) % len(self.companies)]
        domain = _bare(company)[:18] + by.choice((".nl", ".nl", ".com", ".eu"))
        first, last = _bare(given), _bare(family)
        return Somebody(
            truth,
            given,
            family,
            company,
            self.chosen("place", self.places, by),
            f"{by.randrange(1000, 9999)}{by.choice(_LETTERS)}{by.choice(_LETTERS)}",
            by.choice((f"{first}.{last}@{domain}", f"{first[:1]}.{last}@{domain}",
                       f"{first}{last}{by.randrange(99)}@gmail.com", f"{first}@{domain}")),
            f"06{by.randrange(10**8):08}",
            by.choice((f"{first}{last}", f"{first[:1]}{last}", f"{first}_{last[:6]}",
                       f"{first}{by.randrange(60, 2010)}")),
            str(1945 + by.randrange(60)),
        )  # fmt: skip

    def known(self, truth: int) -> Somebody:
        """Somebody as we have them."""
        whole, by = self.original(truth), self.random
        return Somebody(
            truth,
            whole.given,
            whole.family,
            f"{whole.organization} {by.choice(_FORMS)}".strip(),
            whole.place,
            whole.postcode,
            whole.email if by.random() < 0.85 else "",
            whole.phone if by.random() < 0.6 else "",
            whole.handle if by.random() < 0.35 else "",
            whole.born if by.random() < 0.3 else "",
        )

    def heard(self, truth: int) -> Somebody:
        """The same somebody as others wrote them down."""
        whole, by = self.original(truth), self.random
        given, family = self._name(whole)
        place = self.chosen("place", self.places, by) if by.random() < 0.12 else whole.place
        return Somebody(
            truth,
            given,
            family,
            self._company(whole),
            "" if by.random() < 0.2 else place,
            whole.postcode if by.random() < 0.35 else "",
            self._email(whole, given, family),
            whole.phone if by.random() < 0.35 else "",
            whole.handle if by.random() < 0.4 else "",
            whole.born if by.random() < 0.15 else "",
        )

    def _name(self, whole: Somebody) -> tuple[str, str]:
        by, given, family = self.random, whole.given, whole.family
        if by.random() < 0.18 and given in _SHORT:
            given = _SHORT[given]
        elif by.random() < 0.1:
            given = given[0]
        elif by.random() < 0.1:
            given = self._slip(given)
        if by.random() < 0.12:
            family = self._slip(family)
        if by.random() < 0.15:
            family = family.split()[-1]
        given, family = _plain(given), _plain(family)
        return (family, given) if by.random() < 0.03 else (given, family)

    def _company(self, whole: Somebody) -> str:
        by = self.random
        company = ""
        if by.random() < 0.65:
            company = f"{whole.organization} {by.choice(_FORMS)}".strip()
        elif by.random() < 0.4:
            company = by.choice(self.companies)
        return self._slip(company) if by.random() < 0.1 else company

    def _email(self, whole: Somebody, given: str, family: str) -> str:
        by = self.random
        email = ""
        if by.random() < 0.45:
            email = whole.email
        elif by.random() < 0.4:
            email = f"{_bare(given)}.{_bare(family)}@{by.choice(_FREE)}"
        return self._slip(email) if by.random() < 0.05 else email

    def _slip(self, text: str) -> str:
        """A text with one slip of the pen: two letters turned, one left out, another one, or one twice."""
        if len(text) < 3:
            return text
        place, kind = self.random.randrange(1, len(text) - 1), self.random.random()
        before, letter, after = text[:place], text[place], text[place + 1 :]
        if kind < 0.3:
            return before + after[0] + letter + after[1:]
        if kind < 0.55:
            return before + after
        return before + (self.random.choice(_KEYS) if kind < 0.8 else letter * 2) + after


def _column(file: str) -> list[str]:
    with (_NAMES / file).open(newline="") as source:
        return list(dict.fromkeys(row["name"] for row in csv.DictReader(source)))


def _zipf(size: int, power: float) -> list[float]:
    weights = [1 / place**power for place in range(1, size + 1)]
    whole = sum(weights)
    return list(accumulate(weight / whole for weight in weights))


def _plain(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))


def _bare(text: str) -> str:
    return "".join(one for one in _plain(text).lower() if one.isalnum())


def people(count: int, *, seed: int = 7) -> Iterator[Somebody]:
    """So many records, of which one in five is of somebody who was there already, and those come last."""
    originals = count - count // ONE_IN
    town = _Town(originals, seed)
    for truth in range(originals):
        yield town.known(truth)
    for _one in range(count - originals):
        yield town.heard(town.random.randrange(originals))


def profiles(people: int, count: int, *, seed: int = 7, unknown: bool = False) -> Iterator[Somebody]:
    """So many profiles as heard of those people, or of others who live in the same town and are not among them."""
    town = _Town(people, seed)
    town.random.seed(seed + 1)
    for _one in range(count):
        truth = town.random.randrange(people)
        yield town.heard(truth + people if unknown else truth)
