# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who of the people one sees a profile may be: by certain keys first, then by what all that is alike weighs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from plein.core.isolation import current, workspace_id
from plein.identity.comparing import Census, Found, Weights, compare, weights
from plein.identity.profiles import Handle, Name, Parts, Profile, local_of, parts_of, place_core, without_postcode
from plein.identity.queries.apart import apart_keys
from plein.identity.queries.thresholds import PLEIN, Thresholds

#: So many candidates are told of, and none that is less likely than this.
TOLD, LEAST = 10, -10.0
#: Fields of which the same value is a strong key; and those that, beside a name, say anything at all.
STRONG = {"email": "same", "phone": "same", "handle": "same", "place": "postcode"}
#: Strong keys that one person alone has: who uses it is that person.
CERTAIN = frozenset(["email", "phone", "handle"])
TELLING = frozenset([*CERTAIN, "organization", "birth"])
#: Levels of the name that do not speak against it.
_UNLIKE = frozenset(["other", "given"])
_CANDIDATES = "SELECT relation, name, place, circle, keys, is_apart FROM plein_identity_candidates(%s, %s)"
_NEAR = "SELECT plein_identity_near(%s, %s, %s, %s)"
#: With the thresholds of the company, where it has its own: one question less.
_BEARERS = """
    SELECT b.value, b.people, s.automatic, s.strong, s.ahead, s.review FROM plein_identity_bearers(%s, %s) b
      LEFT JOIN identity_settings s ON s.workspace_id = %s
"""


class Verdict(StrEnum):
    """What is to be done with what was found."""

    AUTOMATIC = "automatic"
    REVIEW = "review"
    SUGGESTION = "suggestion"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody it may be: `bits` is the prior and the bits of each field together."""

    id: UUID
    name: str
    circle_id: int
    prior: float
    reasons: tuple[Found, ...]
    is_certain: bool = False

    @property
    def bits(self) -> float:
        return self.prior + sum(one.bits for one in self.reasons)

    @property
    def probability(self) -> float:
        """From 0 to 1."""
        return float(1 / (1 + 2.0 ** min(-self.bits, 500.0)))

    @property
    def strong(self) -> tuple[Found, ...]:
        """The keys that are the same and few share."""
        return tuple(one for one in self.reasons if STRONG.get(one.field) == one.level)

    @property
    def unique(self) -> tuple[Found, ...]:
        """Those of them that belong to one person."""
        return tuple(one for one in self.reasons if one.field in CERTAIN and STRONG[one.field] == one.level)

    @property
    def is_by_name_alone(self) -> bool:
        """Whether nothing but a name, and perhaps a place, speaks for it."""
        return not any(one.bits > 0 and (one.field in TELLING or one.level == "postcode") for one in self.reasons)


@dataclass(frozen=True, slots=True)
class Match:
    """What was found: what to do, and whom it may be, the likeliest first."""

    verdict: Verdict
    candidates: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate | None:
        return self.candidates[0] if self.candidates else None


def match(
    profile: Profile,
    *,
    using: Weights | None = None,
    at: Thresholds | None = None,
    circles: Sequence[int] | None = None,
) -> Match:
    """Who of the people that the reader sees this may be; two queries. `circles` are fewer than the reader's:
    of whom others must not learn through what is done with the answer.
    """
    among = list(current().circles if circles is None else circles)
    parts = parts_of(profile)
    if parts.is_empty:
        return Match(Verdict.NONE, ())
    known = _candidates(parts, without_postcode(profile.place), among)
    if not known:
        return Match(Verdict.NONE, ())
    using = using or weights()
    places = (place for _id, _name, place, _circle, theirs in known if theirs.place == parts.place)
    census, own = _census(parts, places, among)
    prior = using.prior(census.people)
    found = [
        Candidate(relation, name, circle, prior, tuple(compare(parts, theirs, census, using)))
        for relation, name, _place, circle, theirs in known
    ]
    return _judged(found, at or own)


def worth_a_look(profiles: Sequence[Profile], circles: Sequence[int]) -> list[bool]:
    """Of each profile whether anybody in these circles has its surname with the first letter of its first name, its
    name on a network, or what stands before the at sign: one query for all, before one looks at each.
    """
    wanted = [
        (place, begin[0], begin[2:]) for place, one in enumerate(profiles) for begin in keys_of(parts_of(one))["begins"]
    ]
    if not wanted:
        return [False] * len(profiles)
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, [list(circles), *(list(column) for column in zip(*wanted, strict=True))])
        near = {row[0] for row in cursor.fetchall()}
    return [place in near for place in range(len(profiles))]


def _judged(found: Iterable[Candidate], at: Thresholds) -> Match:
    ranked = sorted((not one.is_certain, -one.bits, one.id.int, one) for one in _with_certain(list(found)))
    told = tuple(one for is_unsure, less, _id, one in ranked if not is_unsure or -less >= LEAST)[:TOLD]
    return Match(_verdict(told, at), told)


def _with_certain(found: list[Candidate]) -> list[Candidate]:
    """Somebody is certain who alone has a key that few share, and whose name does not speak against it."""
    uniques = [one.unique for one in found]
    if not any(uniques):
        return found
    holders: dict[tuple[str, str], set[UUID]] = {}
    for one, reasons in zip(found, uniques, strict=True):
        for reason in reasons:
            holders.setdefault((reason.field, reason.ours), set()).add(one.id)
    return [
        replace(one, is_certain=True)
        if _is_named_alike(one) and any(len(holders[reason.field, reason.ours]) == 1 for reason in reasons)
        else one
        for one, reasons in zip(found, uniques, strict=True)
    ]


def _is_named_alike(one: Candidate) -> bool:
    return not any(reason.field == "name" and reason.level in _UNLIKE for reason in one.reasons)


def _verdict(ranked: Sequence[Candidate], at: Thresholds) -> Verdict:
    if not ranked:
        return Verdict.NONE
    best = ranked[0]
    is_ahead = len(ranked) == 1 or best.bits - max(one.bits for one in ranked[1:]) >= at.ahead
    if best.is_certain and (is_ahead or sum(one.is_certain for one in ranked) == 1):
        return Verdict.AUTOMATIC
    if best.is_by_name_alone:
        return Verdict.SUGGESTION
    if is_ahead and best.bits >= (at.strong if best.strong else at.automatic) and _is_named_alike(best):
        return Verdict.AUTOMATIC
    return Verdict.REVIEW if best.bits >= at.review else Verdict.SUGGESTION


def keys_of(parts: Parts, place: str = "") -> dict[str, list[Any]]:
    """The keys by which candidates are looked for: whole ones, beginnings of some, and sounds of surnames."""
    exact = [f"e {one}" for one in parts.emails]
    exact += [f"p {one}" for one in parts.phones]
    exact += [f"z {one}" for one in parts.postcodes]
    begins = [f"e {local}@" for one in parts.emails if (local := local_of(one))]
    begins += [f"h {one.name} " for one in parts.handles]
    whole = [one for one in parts.names if one.given and one.family]
    for one in whole:
        exact += [f"n {one.full}", f"n {one.given} {one.family}"]
        begins.append(f"n {one.family} {one.given[0]}")
        for company in parts.organizations:
            exact += [f"c {company}|{one.given}", f"d {company}|{one.family}"]
    sounds = [[one.family, one.given] for one in whole]
    placed = [[place, f"{one.family} {one.given[0]}"] for one in whole if place]
    return {"exact": exact, "begins": begins, "sounds": sounds, "placed": placed, "apart": apart_keys(parts)}


type _Known = tuple[UUID, str, str, int, Parts]


def _candidates(parts: Parts, place: str, circles: list[int]) -> list[_Known]:
    """Who has a key in common and was not said to be somebody else: id, name, place as it stands, circle, what is
    compared."""
    wanted: list[Any] = [circles, Jsonb(keys_of(parts, place))]
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, wanted)
        rows = cursor.fetchall()
    # Most of those who may be meant live in a few places.
    cores = {place: place_core(place) for place in {row[2] for row in rows}}
    return [
        (relation, name, place, circle, parts_from(keys, cores[place]))
        for relation, name, place, circle, keys, is_apart in rows
        if not is_apart
    ]


def parts_from(keys: Iterable[str], place: str, born: date | None = None) -> Parts:
    """What is compared of somebody we know, from the keys one sees of them, and their place without its postcode."""
    values: dict[str, list[str]] = {}
    for key in sorted(keys):
        values.setdefault(key[0], []).append(key[2:])
    told = values.get
    return Parts(
        names=tuple(Name(given, family) for family, _space, given in (one.partition(" ") for one in told("n", ()))),
        emails=tuple(told("e", ())),
        phones=tuple(told("p", ())),
        handles=tuple(Handle(name, network) for name, _space, network in (one.partition(" ") for one in told("h", ()))),
        organizations=tuple(dict.fromkeys(one.partition("|")[0] for one in told("c", ()))),
        place=place,
        postcodes=tuple(told("z", ())),
        born=born,
    )


def _census(parts: Parts, places: Iterable[str], circles: list[int]) -> tuple[Census, Thresholds]:
    asked = [key for one in parts.names if one.given and one.family for key in (one.full, f"{one.family} ")]
    asked += [f"|{one}" for one in parts.organizations] + [f"@{one}" for one in set(places) if one]
    with connection.cursor() as cursor:
        cursor.execute(_BEARERS, [circles, list(dict.fromkeys(asked)), workspace_id()])
        rows = cursor.fetchall()
    found, chosen = {row[0]: row[1] for row in rows}, rows[0][2:]
    people = found.pop("")
    spelled = [count for key, count in found.items() if key.startswith("@")]
    census = Census(people, found | ({f"@{parts.place}": sum(spelled)} if spelled else {}))
    return census, (PLEIN if chosen[0] is None else Thresholds(*chosen))
