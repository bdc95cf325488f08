# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every place where a question of the finder says for whom it looks is opened by itself, and must be missed.

The finder is not held by circles of the database: what it may look at stands in its statements alone.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pytest

from plein.api.tests.conftest import Calling
from plein.core.finding import finder
from plein.core.finding.search import Hits, search, suggest
from plein.core.ids import now
from plein.metadata.actions import ensure_indexed, set_values
from plein.moments.actions import IncomingFile, attach_files
from plein.relations.models import RelationValues
from plein.testing.cast import Cast
from plein.testing.factories import (
    make_contact_point,
    make_field,
    make_group,
    make_moment,
    make_person,
    make_todo,
)
from plein.testing.figures import Judge
from plein.tests.guards import replaced
from plein.trust.circles import only_me
from plein.trust.seats import entered

WORD = "zilverspar"
#: Beginnings, pieces, typos, addresses, numbers: each step of the finder is taken by one of them.
QUERIES = (
    WORD,
    WORD[:6],
    WORD[3:],
    "zilverspat",
    "zilvrspar",
    "piet zilverspat",
    f"piet@{WORD}.example",
    f"{WORD}.example",
    "0612345678",
    "12345678",
    "jichtlijder",
    "besproken",
    "bellen",
)
#: What is one letter off a name that everybody sees, and off many that nobody else sees and that would crowd it out.
MISTYPED = "wilgenroz"


class Places:
    """Stands for the pattern of scopes: notes each place in each statement, and leaves one of them open."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.open = ""

    def search(self, statement: str) -> re.Match[str] | None:
        return finder_scope.search(statement)

    def sub(self, scope: Callable[[re.Match[str]], str], statement: str) -> str:
        # Known by the text around it: a statement repeats itself for each word that was typed.
        plain = re.sub(r"\d+", "#", statement)

        def written(found: re.Match[str]) -> str:
            start = len(re.sub(r"\d+", "#", statement[: found.start()]))
            place = plain[max(start - 60, 0) : start + 40]
            self.known.add(place)
            return "true" if place == self.open else scope(found)

        return finder_scope.sub(written, statement)


finder_scope = finder.SCOPE


@contextmanager
def watched() -> Iterator[Places]:
    places = Places()
    with replaced(finder, "SCOPE", places):
        yield places


@pytest.mark.django_db
def test_every_scope_of_the_finder_is_missed(cast: Cast, calling: Calling, judge: Judge) -> None:
    with entered(cast.alice) as alice:
        mine = only_me()
        person = make_person(f"Piet {WORD.title()}", circle_id=mine)
        make_contact_point(person, "email", f"piet@{WORD}.example", circle_id=mine)
        make_contact_point(person, "phone", "+31612345678", circle_id=mine)
        make_moment(make_person("Sanne Wilgenroos"), title="Brood", text="Brood.", occurred_at=now())
        for letter in "abcdefghij":
            make_person(f"Sanne Wilgenroz{letter}", circle_id=mine)
        make_person("Sanne Piet Wilgenroos", circle_id=mine)
        moment = make_moment(person, title=WORD, text=f"Besproken met {WORD}.", circle_id=mine)
        make_todo(f"{WORD} bellen", circle_id=mine)
        attach_files(actor=alice, moment=moment, files=[IncomingFile(f"{WORD}.txt", 1, BytesIO(b"a"))])
        field = make_field("text", make_group(), key="kwaal")
        ensure_indexed([field])
        set_values(actor=alice, values_model=RelationValues, record=person, values={"kwaal": "jichtlijder"})

    def asked() -> list[Any]:
        with entered(cast.bob):
            crowded = [search(MISTYPED), suggest(f"sanne {MISTYPED}")]
            return crowded + [look(query) for query in QUERIES for look in (search, suggest)]

    with watched() as places:
        closed = asked()
        assert all(one in (Hits(), []) for one in closed[2:])
        assert closed[0].relations and closed[1]
        unnoticed = []
        for place in sorted(places.known):
            places.open = place
            if asked() == closed:
                unnoticed.append(place)
        found = len(places.known)
    judge(
        "sabotage: scopes of the finder caught",
        goal="all",
        measured=f"{found - len(unnoticed)} of {found}",
        is_good=not unnoticed,
    )
    assert found >= 8, places.known
    assert unnoticed == [], "\n".join(unnoticed)
