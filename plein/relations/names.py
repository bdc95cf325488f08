# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names of people and organizations: taken apart, put together, and folded for sorting."""

import re
from dataclasses import dataclass

from plein.core.finding.search import fold

#: The most a name may be: what fits the column.
LONGEST = 300
LONGEST_GIVEN, LONGEST_INFIX, LONGEST_FAMILY = 120, 40, 160

#: Words between first name and surname, Dutch first; a surname sorts without them.
INFIXES = frozenset(
    [
        "van",
        "de",
        "der",
        "den",
        "ten",
        "ter",
        "te",
        "het",
        "in",
        "op",
        "aan",
        "bij",
        "onder",
        "over",
        "uit",
        "voor",
        "von",
        "zu",
        "zum",
        "zur",
        "vom",
        "af",
        "av",
        "da",
        "das",
        "do",
        "dos",
        "du",
        "des",
        "del",
        "della",
        "di",
        "la",
        "le",
        "lo",
        "el",
        "bin",
        "ibn",
        "'t",
        "'s",
        "d'",
    ]
)
#: With one of these in front there is no first name.
LEADING = frozenset(["van", "de", "den", "der", "ten", "ter", "von", "'t"])
_TITLES = re.compile(
    r"^((drs|dr|ir|ing|mr|prof|ds|dhr|mevr|mw|mrs|ms|miss|sir|bc|msc|ma|ba)\.?\s+)+(?=\S)", re.IGNORECASE
)
# Letters that accent stripping leaves alone, as PostgreSQL's unaccent writes them.
_STROKES = str.maketrans({"ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "æ": "ae",
                          "Æ": "ae", "œ": "oe", "Œ": "oe", "ı": "i", "’": "'", "‘": "'"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in its parts."""

    given: str = ""
    infix: str = ""
    family: str = ""

    @property
    def full(self) -> str:
        """The parts as one name, in the order in which people say it."""
        return " ".join(filter(None, (self.given, self.infix, self.family)))

    @property
    def sorting(self) -> str:
        """The name as a list sorts it: surname, first name, infix."""
        return fold_name(" ".join(filter(None, (self.family, self.given, self.infix))))


def tidy(text: str) -> str:
    """A name on one line: no control characters, no double spaces."""
    visible = text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)
    return " ".join(visible.split())


def fold_name(text: str) -> str:
    """A name in lower case without accents, as the database folds it."""
    return " ".join(fold(text.translate(_STROKES)).split())[:LONGEST]


def parse_name(full: str) -> PersonName:
    """Take a person's name apart: "Henk van der Dijk", or turned round: "Dijk, Henk van der"."""
    name = tidy(full)
    if name.count(",") == 1:
        before, after = (part.strip() for part in name.split(","))
        if before and after:
            return _turned(before.split(), after.split())
    words = _TITLES.sub("", name).split() or name.split()
    if len(words) > 1 and fold_name(words[0]) in LEADING:
        end = _end_of_infix(words, 0)
        return _cut([], words[:end], words[end:])
    for place in range(1, len(words) - 1):
        if _is_infix(words[place]):
            end = _end_of_infix(words, place)
            return _cut(words[:place], words[place:end], words[end:])
    return _cut(words[:-1], [], words[-1:]) if len(words) > 1 else _cut(words, [], [])


def _is_infix(word: str) -> bool:
    return fold_name(word) in INFIXES or word.lower() in ("'t", "'s", "d'")


def _end_of_infix(words: list[str], place: int) -> int:
    end = place
    while end < len(words) - 1 and _is_infix(words[end]):
        end += 1
    return end


def _turned(family: list[str], rest: list[str]) -> PersonName:
    """The parts of "Dijk, Henk van" and of "van Dijk, Henk"."""
    start = len(rest)
    while start > 1 and _is_infix(rest[start - 1]):
        start -= 1
    first = 0
    while first < len(family) - 1 and _is_infix(family[first]):
        first += 1
    return _cut(rest[:start], rest[start:] + family[:first], family[first:])


def _cut(given: list[str], infix: list[str], family: list[str]) -> PersonName:
    return PersonName(
        " ".join(given)[:LONGEST_GIVEN], " ".join(infix)[:LONGEST_INFIX], " ".join(family)[:LONGEST_FAMILY]
    )


def sort_name(name: str, *, is_person: bool, parts: PersonName | None = None) -> str:
    """What a list sorts this name under."""
    if is_person:
        return (parts or parse_name(name)).sorting or fold_name(name)
    return fold_name(tidy(name))


def initials(name: str) -> str:
    """The first letters of the first name and the surname, infixes left out."""
    parts = parse_name(name)
    words = (parts.given.replace("-", " ").split()[:1], parts.family.replace("-", " ").split()[:1])
    return "".join(word[0][0] for word in words if word and word[0][0].isalnum()).upper()
