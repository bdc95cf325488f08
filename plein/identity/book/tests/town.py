# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small town whose truth is known: everybody once, and some of them twice, as others wrote them down."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from plein.identity.profiles import Handle, Name, Parts

_GIVEN = "jan piet kees anna els marie henk wim fatima lotte bram daan noor iris tom lars".split()  # noqa: SIM905
_FAMILY = [one + end for one in ("jan", "pieter", "berg", "hof", "veld", "bos", "brug", "zand", "wijk", "dam", "kroon")
           for end in ("sen", "stra", "man", "huis", "ema", "inga")]  # fmt: skip
_PLACES = "utrecht zwolle ede assen breda venlo".split()  # noqa: SIM905
PEOPLE, TWICE = 600, 120


def somebody(number: int) -> Parts:
    """One of them, always the same."""
    given, family = _GIVEN[number * 7 % len(_GIVEN)], _FAMILY[number * 13 % len(_FAMILY)]
    company = f"{_FAMILY[number * 5 % 41]} bouw"
    return Parts(
        names=(Name(given, family),),
        emails=(f"{given}.{family}{number}@{company.replace(' ', '')}.nl",),
        phones=(f"+316{10_000_000 + number * 7919}",),
        handles=(Handle(f"{given}{family}{number % 97}"),) if number % 3 else (),
        organizations=(company,),
        place=_PLACES[number % len(_PLACES)],
        born=date(1950 + number % 50, 1 + number % 12, 1 + number % 28) if number % 2 else None,
    )


def as_heard(number: int) -> Parts:
    """The same one, not quite as we have them."""
    whole = somebody(number)
    name = whole.names[0]
    match number % 4:
        case 0:
            return replace(whole, names=(Name(name.given[0], name.family),), phones=(), handles=())
        case 1:
            slip = name.family[:2] + name.family[3:]
            return replace(whole, names=(Name(name.given, slip),), emails=(), organizations=())
        case 2:
            return replace(whole, names=(Name(name.family, name.given),), phones=(), born=None)
    return replace(whole, emails=(f"{name.given}@{name.family}.nl",), organizations=("elders",), handles=())


def town() -> Iterator[tuple[int, int, Parts]]:
    """Everybody, and the second times; the truth of a second time is its number less PEOPLE, times 5."""
    for number in range(PEOPLE):
        yield number, 0, somebody(number)
    for place in range(TWICE):
        yield PEOPLE + place, 0, as_heard(place * 5)


def truth(number: int) -> int:
    """Who a number is."""
    return (number - PEOPLE) * 5 if number >= PEOPLE else number
