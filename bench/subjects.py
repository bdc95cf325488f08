# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom and what to ask for, taken from the data: the same for the same data."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

MANY = 12
LONG_ENOUGH = 7


@dataclass(frozen=True, slots=True)
class Subjects:
    """Records and words to measure with; `common` is a surname that many bear, `rare` ones that few do."""

    person: str
    organization: str
    others: list[str]
    common: list[str]
    rare: list[str]
    typos: list[str]
    digits: list[str]
    places: list[str]
    words: list[str]


def _column(admin: psycopg.Connection, statement: str, *parameters: Any) -> list[str]:
    return [str(row[0]) for row in admin.execute(statement, parameters)]


def mistyped(words: Sequence[str]) -> Iterator[str]:
    """Each word with two letters in its middle exchanged, or one left out, in turn."""
    for number, word in enumerate(words):
        middle = len(word) // 2
        if number % 2:
            yield word[:middle] + word[middle + 1 :]
        else:
            yield word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]


def find_subjects(admin: psycopg.Connection) -> Subjects:
    """Look for subjects in a workspace that `plein generate` filled."""
    # The generator makes person 0 and organization 0, who have the long stories, before all others.
    person, organization = (
        _column(
            admin,
            "SELECT id FROM relations_relation WHERE kind = %s AND source = 'import' ORDER BY id LIMIT 1",
            kind,
        )[0]
        for kind in ("person", "organization")
    )
    names = admin.execute(
        "SELECT token, count(*) FROM core_search_token WHERE kind = 'person' AND length(token) >= %s"
        " AND token !~ '[0-9]' GROUP BY 1 ORDER BY 2 DESC, 1",
        [LONG_ENOUGH],
    ).fetchall()
    chance = random.Random(1)  # noqa: S311 — the same choice each time is the point
    people = _column(admin, "SELECT id FROM relations_relation WHERE kind = 'person' ORDER BY id DESC LIMIT 2000")
    phones = _column(
        admin, "SELECT value FROM relations_contact_point WHERE kind = 'phone' ORDER BY value LIMIT %s OFFSET 500", 2000
    )
    return Subjects(
        person=person,
        organization=organization,
        others=chance.sample(people, min(len(people), 40)),
        common=[name for name, _count in names[:MANY]],
        rare=[name for name, count in names if count > 1][-MANY:],
        typos=list(mistyped([name for name, _count in chance.sample(names, min(len(names), 2 * MANY))])),
        digits=[phone[-6:] for phone in chance.sample(phones, min(len(phones), MANY))],
        places=_column(
            admin,
            "SELECT place FROM relations_relation WHERE place <> '' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT %s",
            MANY,
        ),
        words=["warmtepomp", "storing", "renewal", "subsidieloket", "sporthal", "offerte levering"],
    )
