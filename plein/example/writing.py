# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turns a hand-written thread into texts: fills slots, picks variations, never says a thing too often."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from random import Random

from plein.example.days import WEEKDAYS, day_in_words, on_working_day
from plein.example.library import SLOT, VARIATION, read
from plein.example.world import Colleague, Company, Somebody

#: No text is told more often than this, and most are told once.
MOST_EQUAL = 3
AMOUNTS = {"accounts": (180, 9_800), "service": (85, 2_400), "marketing": (120, 3_500), "sales": (900, 96_000)}


@dataclass
class Filling:
    """The values of the slots of one thread; each keeps its value from the first message to the last."""

    values: dict[str, str]

    def fill(self, text: str) -> str:
        """The text with its slots filled."""
        return SLOT.sub(lambda found: self.values[found[1]], text)


class Writer:
    """Writes texts and remembers which ones exist."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self._told: Counter[str] = Counter()
        self._turn: Counter[str] = Counter()
        self._number = count(chance.randint(100, 300))
        self._words = read("names/companies")["words"]
        self._projects = read("names/companies")["projects"]

    def render(self, text: str, filling: Filling) -> str | None:
        """One of the things this text can become that is told least; None when all are told too often."""
        chosen = None
        fewest = MOST_EQUAL
        for _ in range(6):
            candidate = filling.fill(self._vary(text))
            if self._told[candidate] < fewest:
                chosen, fewest = candidate, self._told[candidate]
            if fewest == 0:
                break
        if chosen is not None:
            self._told[chosen] += 1
        return chosen

    def line(self, text: str, filling: Filling) -> str:
        """A subject, a title or a phrase, which may repeat itself."""
        return filling.fill(VARIATION.sub(lambda found: self.chance.choice(found[1].split("|")), text))

    def _vary(self, text: str) -> str:
        """The next combination of variations, so that all come up before one comes back."""
        options = [found.split("|") for found in VARIATION.findall(text)]
        turn = self._turn[text]
        self._turn[text] += 1
        picked = []
        for place, alternatives in enumerate(options):
            picked.append(alternatives[(turn + place) % len(alternatives)])
            turn //= len(alternatives)
        following = iter(picked)
        return VARIATION.sub(lambda _found: next(following), text)

    def filling(
        self,
        *,
        company: Company,
        contact: Somebody | None,
        ours: Colleague,
        other: Colleague,
        lang: str,
        team: str,
        start: date,
        end: date,
    ) -> Filling:
        """Values for every slot, as of the day the thread starts and the day it ends."""
        year, number = start.year, next(self._number)
        following = on_working_day(end + timedelta(days=self.chance.randint(4, 24)))
        weekday = (start.weekday() + self.chance.randint(1, 4)) % 5
        name = contact or ours
        return Filling(
            {
                "voornaam": name.first,
                "achternaam": name.last or name.first,
                "collega": ours.first,
                "collega_achternaam": ours.last,
                "andere_collega": other.first,
                "bedrijf": company.name,
                "plaats": company.place,
                "adres": company.street,
                "product": self.chance.choice(self._words["products"]),
                "aantal": str(self.chance.choice([2, 3, 4, 5, 6, 6, 8, 8, 10, 12, 12, 14, 16, 18, 24, 28, 36])),
                "bedrag": self._amount(team, lang),
                "offerte": f"{year}-{number % 9000 + 100:04d}",
                "order": f"{year}-{(number * 7) % 9000 + 100:04d}",
                "factuur": f"{year}-{(number * 3) % 9000 + 100:04d}",
                "serienummer": self._serial(year, number),
                "dag": WEEKDAYS[lang][weekday],
                "datum": day_in_words(following, lang),
                "tijd": self._clock(lang),
                "project": self._project(company),
            }
        )

    def _serial(self, year: int, number: int) -> str:
        made = f"{year % 100 - 1:02d}{number % 12 + 1:02d}"
        return f"ZP{number % 9}{self.chance.choice('ABCE')}-{made}-{number % 10000:04d}"

    def _amount(self, team: str, lang: str) -> str:
        low, high = AMOUNTS[team]
        value = int(low * (high / low) ** self.chance.random())
        value -= value % (50 if value > 2000 else 5)
        return f"€ {value:,}" if lang == "en" else f"€ {value:,}".replace(",", ".")

    def _clock(self, lang: str) -> str:
        hour, minute = self.chance.randint(8, 16), self.chance.choice([0, 0, 15, 30, 30, 45])
        return f"{hour}{':' if lang == 'en' else '.'}{minute:02d}"

    def _project(self, company: Company) -> str:
        pattern = self.chance.choice(self._projects[company.who])
        name = pattern.format(
            place=company.place, wind=self.chance.choice(self._words["wind"]), letter=self.chance.choice("ABCDEF")
        )
        phase = self.chance.random()
        return f"{name} fase {self.chance.randint(2, 3)}" if phase < 0.2 else name


def names_in(text: str, colleagues: list[Colleague]) -> set[str]:
    """The colleagues whose first name the text mentions."""
    words = set(re.findall(r"\w+", text))
    return {colleague.key for colleague in colleagues if colleague.first in words}
