# SPDX-License-Identifier: AGPL-3.0-or-later
"""A text as words with their places, and what can be seen of each word: the features of the tagger."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

#: A handle; a number with its separators; a word with inner apostrophes, hyphens and points; any other sign.
_WORD = re.compile(r"@\w[\w.]*\w|#\w+|\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:['’&.-][^\W_]+)*|\w+|[^\w\s]")
_KINDS = (
    (
        "weekday",
        re.compile(
            r"(?:maan|dins|woens|donder|vrij|zater|zon)dag\w*|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|"
            r"ma|di|wo|do|vr|za|zo|mon|tue|tues|wed|thu|thurs|fri|sat|sun"
        ),
    ),
    (
        "month",
        re.compile(
            r"jan(?:uari|uary)?|feb(?:ruari|ruary)?|maart|march|mrt|mar|apr(?:il)?|mei|may|jun[ei]|jul[iy]|aug(?:ustus|ust)?|"
            r"sep(?:t|tember)?|okt(?:ober)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
        ),
    ),
    (
        "when",
        re.compile(
            r"vandaag|morgen|gisteren|overmorgen|eergisteren|vanavond|vanmiddag|vanochtend|vanmorgen|vannacht|straks|"
            r"today|tomorrow|yesterday|tonight|week(?:end)?|weken|weeks?|maand|month|jaar|year|kwartaal|quarter|uur|"
            r"o'clock|am|pm|noon|midnight|middag|ochtend|avond|morning|afternoon|evening|kerst|pasen|easter|christmas|"
            r"zomer|summer|winter|spring|herfst|autumn|voorjaar|najaar|lente|q[1-4]"
        ),
    ),
    (
        "pointing",
        re.compile(
            r"volgende|komende|aanstaande|afgelopen|vorige|deze|dit|eind|begin|half|halverwege|elke|next|last|this|coming|"
            r"end|early|late|mid|every|past|following"
        ),
    ),
    (
        "money",
        re.compile(r"[€$£]|eur(?:o|o's|os)?|usd|gbp|pounds?|quid|dollars?|bucks?|cents?|pence|ton|mille|k|grand|p"),
    ),
    (
        "title",
        re.compile(r"dhr|mevr|mw|heer|meneer|mevrouw|mr|mrs|ms|miss|dr|drs|ir|ing|prof|sir|oom|tante|herr|frau|madame"),
    ),
    ("infix", re.compile(r"van|de|der|den|het|'t|ten|ter|te|von|da|di|el|al|bin|op|la|le|mc|o'")),
    (
        "body",
        re.compile(
            r"bv|b\.v|nv|n\.v|vof|ltd|limited|plc|llp|inc|gmbh|group|groep|holding|stichting|vereniging|gemeente|college|"
            r"school|university|council|trust|club|foundation|bakkerij|garage|hotel|restaurant|museum|bank|zorg|care|"
            r"services|solutions|systems|techniek|bouw|partners|company|co|& sons|zn|zonen|makelaars|advocaten|academy"
        ),
    ),
)
_BROAD = 12
_DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True, slots=True)
class Word:
    """A word and where it stands: code points, the end exclusive."""

    text: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """The words and signs of a text in order."""
    return [Word(found.group(), found.start(), found.end()) for found in _WORD.finditer(text)]


def shape_of(word: str) -> str:
    """How a word looks: X capital, x small letter, 0 digit, repeated ones once; other signs as they are."""
    drawn: list[str] = []
    for letter in word[:_BROAD]:
        sign = "X" if letter.isupper() else "x" if letter.isalpha() else "0" if letter.isdigit() else letter
        if not drawn or drawn[-1] != sign:
            drawn.append(sign)
    return "".join(drawn)


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset((_DATA / f"{name}.txt").read_text("utf-8").split())


def folded(word: str) -> str:
    """The word in lower case and without accents, as names are listed."""
    plain = unicodedata.normalize("NFKD", word.lower())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@lru_cache(maxsize=20_000)
def kinds_of(word: str) -> tuple[str, ...]:
    """Of which lists a word is: days, months, money, titles, names, parts of surnames, kinds of organization."""
    small = word.lower().rstrip(".")
    kinds = [name for name, pattern in _KINDS if pattern.fullmatch(small)]
    plain = folded(word)
    kinds += [name for name in ("given_names", "family_names") if plain in _listed(name)]
    return tuple(kinds)


def features_of(words: list[Word], known: Mapping[int, str] | None = None) -> list[list[str]]:
    """What is seen of each word and its neighbours.

    `known` tells of words, by their place, that they belong to a name that is known beforehand, and of what kind.
    """
    seen = [_own(word.text) for word in words]
    for at, kind in (known or {}).items():
        seen[at].append(f"known={kind}")
    rows = []
    for at, word in enumerate(words):
        row = ["b", *seen[at]]
        row += _around(words, seen, at)
        if at == 0 or words[at - 1].text in ".!?:" or "\n" in words[at - 1].text:
            row.append("first")
        if at and words[at - 1].end == word.start:
            row.append("glued")
        rows.append(row)
    return rows


def _own(word: str) -> list[str]:
    small = word.lower()
    found = [f"w={small}", f"s={shape_of(word)}", f"p3={small[:3]}", f"e3={small[-3:]}", f"e2={small[-2:]}"]
    return found + [f"k={kind}" for kind in kinds_of(word)]


def _around(words: list[Word], seen: list[list[str]], at: int) -> list[str]:
    row = []
    for step in (-2, -1, 1, 2):
        other = at + step
        if not 0 <= other < len(words):
            row.append(f"{step}:none")
            continue
        kept = seen[other] if abs(step) == 1 else seen[other][:2] + seen[other][5:]
        row += [f"{step}:{one}" for one in kept if not one.startswith(("p3", "e2"))]
    if at:
        row.append(f"bigram={words[at - 1].text.lower()} {words[at].text.lower()}")
    return row
