# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking out of a text who and what it names before it leaves, and putting that back into what is answered."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from plein.recognition.mentions.forms import formed_mentions

type Named = tuple[str, str]

#: What a number that is none of the others stands for; account numbers, which have letters too, as well.
NUMBER = "number"
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){10,30}\b", re.IGNORECASE)
_DIGITS = re.compile(r"\+?\d(?:[ .\-/()]{0,2}\d){3,}")
_HANDLE = re.compile(r"(?<![\w.])@[\w.-]{2,60}(?:@[\w.-]{2,100})?")
_POSTCODE = re.compile(r"\b\d{4} ?[A-Z]{2}\b|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b")
#: Two words or more with capitals, small words between them: mostly a name that nobody here knows.
_CAPITAL = r"[A-ZÀ-Þ][\w'’-]*[a-zà-ÿ][\w'’-]*"
_SMALL = r"(?:(?:van|von|de|den|der|het|ten|ter|te|la|le|du|di|el|al|bin|ibn|y|e|en|and)[ ]){1,3}"
_RUN = re.compile(rf"\b{_CAPITAL}(?:[ ](?:{_SMALL})?{_CAPITAL})+")
#: A name after a greeting, or below a farewell.
_GREETED = re.compile(
    rf"\b(?i:hi|hello|hey|dear|beste|geachte|hoi|hallo|dag|ha|lieve|lieber?|bonjour|chère?)[ ]+({_CAPITAL})"
)
_BELOW = re.compile(
    r"\b(?i:groet(?:en|jes)?|regards|wishes|cheers|thanks|bedankt|mvg|vg|gr|grüße|cordialement)[ ]*[,.!]?"
    rf"(?:[ ]*\n+[ ]*([^\n]{{2,60}})|[ ]+({_CAPITAL}(?:[ ][^\n]{{0,40}})?))\s*\Z"
)
_PARTS = re.compile(r"[^\W\d_]{3,}")
_FORMS = (("account", _ACCOUNT), ("handle", _HANDLE), ("address", _POSTCODE), (NUMBER, _DIGITS), ("name", _RUN))


_PLACEHOLDER = re.compile(r"(\[[A-Z]+_\d+\])")


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text in which placeholders stand for what it named; `stands_for` says for what, and stays here."""

    text: str
    stands_for: Mapping[str, str] = field(default_factory=dict)

    def put_back(self, text: str) -> str:
        """A stretch of the text as it was."""
        return _PLACEHOLDER.sub(lambda one: self.stands_for.get(one.group(), one.group()), text)


@dataclass
class _Places:
    """Which placeholder stands for what: the same for the same words."""

    stands_for: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)

    def take(self, text: str, form: re.Pattern[str], kind_of: Callable[[str], str]) -> str:
        """The text without what has this form; placeholders that stand there already stay."""
        pieces = _PLACEHOLDER.split(text)
        pieces[::2] = [form.sub(lambda one: self._place(kind_of(one.group()), one.group()), one) for one in pieces[::2]]
        return "".join(pieces)

    def _place(self, kind: str, words: str) -> str:
        key = " ".join(words.casefold().split())
        if key not in self.given:
            self.given[key] = f"[{kind.upper()}_{len(self.given) + 1}]"
            self.stands_for[self.given[key]] = words
        return self.given[key]


def redacted(text: str, named: Iterable[Named] = (), names: Iterable[str] = ()) -> Redacted:
    """A text without what it names. `named` is what recognition found in it, each with its kind; `names` are how
    those are called whom it is from and to, of which each part counts.
    """
    found = [("person", one.group(one.lastindex or 0)) for one in (*_GREETED.finditer(text), *_BELOW.finditer(text))]
    found += [("person", part) for name in names for part in (name, *_PARTS.findall(name))]
    found += [(one.kind, text[one.start : one.end]) for one in formed_mentions(text)]
    kinds = {words.strip().casefold(): kind for kind, words in (*found, *named) if words.strip()}
    places = _Places()
    if kinds:
        longest_first = sorted(kinds, key=lambda words: (-len(words), words))
        known = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", re.IGNORECASE)
        text = places.take(text, known, lambda words: kinds.get(words.casefold(), "name"))
    for kind, form in _FORMS:
        text = places.take(text, form, lambda _words, kind=kind: kind)  # type: ignore[misc]
    return Redacted(text, places.stands_for)
