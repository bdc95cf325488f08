# SPDX-License-Identifier: AGPL-3.0-or-later
"""How alike two people are: in levels per field, and what each level weighs in bits (docs/adr).

A level weighs log2(m / u): how often it is seen between two records of one person, and how often between records of
two. `weights.json` has these numbers; the levels themselves live here, in Python and, for comparing whole address
books, as SQL over the columns `fn`, `last_core`, `email`, `email_local`, `email_domain` (of a company), `phone`,
`handle`, `company_core`, `place_core`, `postcode`, `birth_date`, and `fn_roots`, a list.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import log2
from pathlib import Path

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from plein.identity.profiles import Handle, Name, Parts, company_of, local_of, same_given_name

_WEIGHTS = Path(__file__).parent / "weights.json"
#: From how alike on two names may be the same with a slip of the pen.
ALIKE_GIVEN, ALIKE_FAMILY, ALIKE_COMPANY = 0.88, 0.92, 0.9
#: What is seen less often than this is taken for this seldom: no level weighs without end.
FLOOR = 1e-7
#: For how many people what a name weighs everywhere counts, beside how common it is here.
ELSEWHERE = 10_000


@dataclass(frozen=True, slots=True)
class Level:
    """One way in which a field can be alike; `sql` is the same for tables of pairs, with "_l" and "_r"."""

    key: str
    sql: str


@dataclass(frozen=True, slots=True)
class Field:
    """What is compared, with its levels from most to least alike; the last one is that it is not alike."""

    key: str
    levels: tuple[Level, ...]
    missing: str

    def place(self, level: str) -> int:
        """Which of its levels this is."""
        return next(number for number, one in enumerate(self.levels) if one.key == level)


_LAST, _FIRST = "last_core_l = last_core_r", "fn_l = fn_r"
NAME = Field(
    "name",
    (
        Level("full", f"{_FIRST} AND {_LAST}"),
        Level("swapped", "fn_l = last_core_r AND last_core_l = fn_r"),
        Level("nickname", f"{_LAST} AND list_has_any(fn_roots_l, fn_roots_r)"),
        Level("initial", f"{_LAST} AND least(length(fn_l), length(fn_r)) = 1 AND left(fn_l, 1) = left(fn_r, 1)"),
        Level("given_alike", f"{_LAST} AND jaro_winkler_similarity(fn_l, fn_r) >= {ALIKE_GIVEN}"),
        Level("family_alike", f"{_FIRST} AND jaro_winkler_similarity(last_core_l, last_core_r) >= {ALIKE_FAMILY}"),
        Level(
            "both_alike",
            f"jaro_winkler_similarity(last_core_l, last_core_r) >= {ALIKE_FAMILY} AND (list_has_any(fn_roots_l,"
            f" fn_roots_r) OR jaro_winkler_similarity(fn_l, fn_r) >= {ALIKE_GIVEN}"
            " OR least(length(fn_l), length(fn_r)) = 1 AND left(fn_l, 1) = left(fn_r, 1))",
        ),
        Level("family", _LAST),
        Level("given", _FIRST),
        Level("other", "true"),
    ),
    "fn_l IS NULL OR fn_r IS NULL OR last_core_l IS NULL OR last_core_r IS NULL",
)
EMAIL = Field(
    "email",
    (
        Level("same", "email_l = email_r"),
        Level("local", "email_local_l = email_local_r"),
        Level("slip", "left(email_l, 1) = left(email_r, 1) AND damerau_levenshtein(email_l, email_r) = 1"),
        Level("company", "email_domain_l = email_domain_r"),
        Level("other", "true"),
    ),
    "email_l IS NULL OR email_r IS NULL",
)
PHONE = Field(
    "phone", (Level("same", "phone_l = phone_r"), Level("other", "true")), "phone_l IS NULL OR phone_r IS NULL"
)
HANDLE = Field(
    "handle",
    (
        Level("same", "handle_l = handle_r"),
        Level("elsewhere", "false"),
        Level("other", "true"),
    ),
    "handle_l IS NULL OR handle_r IS NULL",
)
ORGANIZATION = Field(
    "organization",
    (
        Level("same", "company_core_l = company_core_r"),
        Level("alike", f"jaro_winkler_similarity(company_core_l, company_core_r) >= {ALIKE_COMPANY}"),
        Level("other", "true"),
    ),
    "company_core_l IS NULL OR company_core_r IS NULL",
)
PLACE = Field(
    "place",
    (
        Level("postcode", "postcode_l = postcode_r"),
        Level("same", "place_core_l = place_core_r"),
        Level("other", "true"),
    ),
    "(place_core_l IS NULL OR place_core_r IS NULL) AND (postcode_l IS NULL OR postcode_r IS NULL)",
)
BIRTH = Field(
    "birth",
    (
        Level("day", "birth_date_l = birth_date_r"),
        Level("year", "left(birth_date_l, 4) = left(birth_date_r, 4)"),
        Level("other", "true"),
    ),
    "birth_date_l IS NULL OR birth_date_r IS NULL",
)
FIELDS = (NAME, EMAIL, PHONE, HANDLE, ORGANIZATION, PLACE, BIRTH)
#: Which level is made rarer or more common by how many bear that name: the whole of it, or the surname.
WEIGHED_BY = {
    "full": "full",
    "swapped": "full",
    "nickname": "family",
    "initial": "family",
    "given_alike": "family",
    "family": "family",
}
#: Of what only one person is known to have, there is this much more to be expected among as many others.
UNSEEN = 0.3


@dataclass(frozen=True, slots=True)
class Weights:
    """The numbers of a trained model; `usual` is how often two people share a name, by which half of it."""

    version: int
    trained_on: str
    expected: float
    m: Mapping[str, Mapping[str, float]]
    u: Mapping[str, Mapping[str, float]]
    usual: Mapping[str, float]

    def bits(self, field: str, level: str) -> float:
        """What a level weighs."""
        return log2(max(self.m[field][level], FLOOR) / max(self.u[field][level], FLOOR))

    def prior(self, people: int) -> float:
        """What is known before anything is compared, with so many people of whom it may be one."""
        return log2(self.expected / max(people, 1))


@cache
def weights() -> Weights:
    """The weights that came with this version."""
    kept = json.loads(_WEIGHTS.read_text(encoding="ascii"))
    return Weights(
        version=kept["version"],
        trained_on=kept["trained_on"],
        expected=kept["expected"],
        m=kept["m"],
        u=kept["u"],
        usual=kept["usual"],
    )


@dataclass(frozen=True, slots=True)
class Found:
    """How one field is alike, what that weighs, and the values that say so."""

    field: str
    level: str
    bits: float
    ours: str = ""
    theirs: str = ""
    rarity: float = 0.0


@dataclass(frozen=True, slots=True)
class Census:
    """How many people there are, and how many of them bear a name ("berg jan"), a surname ("berg "), work at an
    organization ("|smit") or live in a place ("@zwolle"); who is compared is one of them."""

    people: int
    bearers: Mapping[str, int]

    def rarity(self, key: str, usual: float) -> float:
        """The bits by which this weighs more, or less, than it does elsewhere."""
        if key not in self.bearers:
            return 0.0
        others = max(self.bearers[key] - 1, 0) + ELSEWHERE * usual
        return log2(usual * (self.people + ELSEWHERE) / max(others, UNSEEN))


def compare(profile: Parts, known: Parts, census: Census, using: Weights | None = None) -> list[Found]:
    """Each field that both have, at its most alike."""
    using = using or weights()
    found = [
        _name(profile.names, known.names, census, using),
        _best(EMAIL, profile.emails, known.emails, _email_level, using),
        _best(PHONE, profile.phones, known.phones, _same, using),
        _handle(profile.handles, known.handles, using),
        _organization(profile.organizations, known.organizations, census, using),
        _place(profile, known, census, using),
    ]
    if profile.born and known.born:
        level = "day" if profile.born == known.born else "year" if profile.born.year == known.born.year else "other"
        found.append(
            Found("birth", level, using.bits("birth", level), profile.born.isoformat(), known.born.isoformat())
        )
    return [one for one in found if one is not None]


def _best[T](
    field: Field, ours: Sequence[T], theirs: Sequence[T], level_of: Callable[[T, T], str], using: Weights
) -> Found | None:
    best: Found | None = None
    if not ours or not theirs:
        return None
    for one in ours:
        for other in theirs:
            level = level_of(one, other)
            bits = using.bits(field.key, level)
            if best is None or bits > best.bits:
                best = Found(field.key, level, bits, str(one), str(other))
    return best


def name_level(one: Name, other: Name) -> str:
    """How alike two names are; "" when one of them is missing half."""
    if not (one.given and one.family and other.given and other.family):
        return ""
    if one.family == other.family:
        return _given_level(one.given, other.given)
    if one.given == other.family and one.family == other.given:
        return "swapped"
    is_alike = JaroWinkler.similarity(one.family, other.family) >= ALIKE_FAMILY
    if one.given == other.given:
        return "family_alike" if is_alike else "given"
    return "both_alike" if is_alike and _given_level(one.given, other.given) != "family" else "other"


def _given_level(one: str, other: str) -> str:
    if one == other:
        return "full"
    if same_given_name(one, other):
        return "nickname"
    if min(len(one), len(other)) == 1 and one[0] == other[0]:
        return "initial"
    return "given_alike" if JaroWinkler.similarity(one, other) >= ALIKE_GIVEN else "family"


def _name(ours: Iterable[Name], theirs: Iterable[Name], census: Census, using: Weights) -> Found | None:
    best: Found | None = None
    theirs = tuple(theirs)
    for one in ours:
        for other in theirs:
            level = name_level(one, other)
            if not level:
                continue
            of = WEIGHED_BY.get(level)
            key = one.full if of == "full" else f"{one.family} "
            rarity = census.rarity(key, using.usual[of]) if of else 0.0
            bits = using.bits("name", level) + rarity
            if best is None or bits > best.bits:
                best = Found("name", level, bits, one.full, other.full, rarity)
    return best


def _email_level(one: str, other: str) -> str:
    if one == other:
        return "same"
    local = local_of(one)
    if local and local == local_of(other):
        return "local"
    if one[0] == other[0] and DamerauLevenshtein.distance(one, other, score_cutoff=1) == 1:
        return "slip"
    company = company_of(one)
    return "company" if company and company == company_of(other) else "other"


def _same(one: str, other: str) -> str:
    return "same" if one == other else "other"


def _handle(ours: Sequence[Handle], theirs: Sequence[Handle], using: Weights) -> Found | None:
    found = _best(HANDLE, ours, theirs, _handle_level, using)
    if found is None:
        return None
    return Found("handle", found.level, found.bits)


def _handle_level(one: Handle, other: Handle) -> str:
    if one.name != other.name:
        return "other"
    return "same" if one.network and one.network == other.network else "elsewhere"


def _organization_level(one: str, other: str) -> str:
    if one == other:
        return "same"
    return "alike" if JaroWinkler.similarity(one, other) >= ALIKE_COMPANY else "other"


def _organization(ours: Sequence[str], theirs: Sequence[str], census: Census, using: Weights) -> Found | None:
    found = _best(ORGANIZATION, ours, theirs, _organization_level, using)
    if found is None or found.level != "same":
        return found
    rarity = census.rarity(f"|{found.ours}", using.usual["organization"])
    return replace(found, bits=found.bits + rarity, rarity=rarity)


def _place(profile: Parts, known: Parts, census: Census, using: Weights) -> Found | None:
    if set(profile.postcodes) & set(known.postcodes):
        return Found("place", "postcode", using.bits("place", "postcode"))
    if not (profile.place and known.place):
        return None
    level = _same(profile.place, known.place)
    rarity = census.rarity(f"@{profile.place}", using.usual["place"]) if level == "same" else 0.0
    return Found("place", level, using.bits("place", level) + rarity, profile.place, known.place, rarity)
