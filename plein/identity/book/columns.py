# SPDX-License-Identifier: AGPL-3.0-or-later
"""People as columns: what the engine compares, of each person as many faces as they have addresses."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from plein.identity.profiles import Parts, company_of, given_roots, local_of

COLUMNS = {
    "fn": "VARCHAR",
    "last_core": "VARCHAR",
    "fn_roots": "VARCHAR[]",
    "email": "VARCHAR",
    "email_local": "VARCHAR",
    "email_domain": "VARCHAR",
    "phone": "VARCHAR",
    "handle": "VARCHAR",
    "company_core": "VARCHAR",
    "place_core": "VARCHAR",
    "postcode": "VARCHAR",
    "birth_date": "VARCHAR",
}
#: Somebody with more addresses than this is compared by the first ones.
MOST_FACES = 4
_roots = lru_cache(maxsize=20_000)(given_roots)


def columns_of(people: Iterable[tuple[int, int, Parts]]) -> dict[str, list[Any]]:
    """People, each with their number, the circle that is counted apart (0 for everyone's) and what is known of them."""
    made: dict[str, list[Any]] = {name: [] for name in ("unique_id", "person", "circle", *COLUMNS)}
    columns = list(made.values())
    for person, circle, parts in people:
        for face, values in enumerate(_faces(parts)):
            row = (person * MOST_FACES + face, person, circle, *values)
            for column, value in zip(columns, row, strict=True):
                column.append(value)
    return made


def _faces(parts: Parts) -> Iterable[tuple[Any, ...]]:
    lists = (parts.names, parts.emails, parts.phones, parts.handles, parts.organizations)
    rest = (
        parts.place or None,
        parts.postcodes[0] if parts.postcodes else None,
        parts.born.isoformat() if parts.born else None,
    )
    for face in range(min(max(map(len, lists)) or 1, MOST_FACES)):
        name, email, handle = _nth(parts.names, face), _nth(parts.emails, face), _nth(parts.handles, face)
        yield (
            (name.given or None) if name else None,
            (name.family or None) if name else None,
            _roots(name.given) if name else [],
            email,
            (local_of(email) or None) if email else None,
            (company_of(email) or None) if email else None,
            _nth(parts.phones, face),
            handle.name if handle else None,
            _nth(parts.organizations, face),
            *rest,
        )


def _nth[T](values: tuple[T, ...], face: int) -> T | None:
    """The value for this face; the first one where there are not that many."""
    return values[face] if face < len(values) else values[0] if values else None
