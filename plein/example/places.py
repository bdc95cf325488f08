# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses and numbers that nobody can write to or call."""

import re
from itertools import count
from random import Random

from plein.example.library import read
from plein.relations.names import fold_name

#: Abroad: postal code, country code and area code; a zero after the area code reaches nobody.
ABROAD = {
    "Bremen": ("28195", "+49 421"),
    "Osnabrück": ("49074", "+49 541"),
    "Cork": ("T12 0000", "+353 21"),
    "Leeds": ("LS1 0AA", "+44 113"),
    "Poznań": ("61-001", "+48 61"),
    "Halden": ("1766", "+47 0"),
}
LETTERS = "ABCDEGHJKLMNPRSTVWXZ"


def slug(text: str) -> str:
    """A name as it stands in an address."""
    return re.sub(r"[^a-z0-9]+", "", fold_name(text))


class Addresses:
    """Hands out addresses, each once."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self._taken: set[str] = set()
        self._mobile = count(200_000, 37)
        self._desk = count(1_000, 13)
        self._companies = read("names/companies")

    def domain(self, name: str) -> str:
        """The domain of a company."""
        return self._once(slug(name)[:40], ".example")

    def local(self, first: str, last: str, domain: str) -> str:
        """Somebody's e-mail address at a company, in one of the ways companies do it."""
        given, family = slug(first), slug(last)
        style = (len(domain) * 7 + len(given)) % 3
        local = (given, f"{given}.{family}", f"{given[:1]}.{family}")[style]
        return self._once(local, f"@{domain}")

    def _once(self, before: str, after: str) -> str:
        for number in count(1):
            wanted = f"{before}{number if number > 1 else ''}{after}"
            if wanted not in self._taken:
                self._taken.add(wanted)
                return wanted
        raise AssertionError

    def mobile(self) -> str:
        """A mobile number: 06-00 is not handed out."""
        return f"06 00{next(self._mobile):06d}"

    def desk(self, place: str) -> str:
        """A company's number: none starts with a zero after its area code."""
        number = next(self._desk)
        if place in ABROAD:
            return f"{ABROAD[place][1]} 000 {number:04d}"
        area = str(self._companies["places"][place][-1])
        return f"{area} {number:0{10 - len(area)}d}"

    def street(self) -> str:
        """A street and a number."""
        street = self.chance.choice(self._companies["words"]["streets"])
        return f"{street} {self.chance.randint(1, 180)}"

    def postal(self, street: str, place: str) -> str:
        """A whole postal address."""
        if place in ABROAD:
            return f"{street}, {ABROAD[place][0]} {place}"
        code = self.chance.choice(self._companies["places"][place][:-1])
        return f"{street}, {code} {''.join(self.chance.choices(LETTERS, k=2))} {place}"
