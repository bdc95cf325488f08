# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every path of the API, by every role and scope, in every circle, with every verb of HTTP."""

import os
import re
from collections import Counter
from dataclasses import dataclass
from zlib import crc32

import pytest

from plein.api.tests.bodies import carry_out
from plein.api.tests.conftest import Caller, Calling
from plein.api.tests.test_permissions import EXPECTED, SCOPES, is_as_expected, operations
from plein.api.tests.world import World, fill
from plein.core.ids import new_id
from plein.testing.cast import Cast
from plein.testing.database import TestDatabase
from plein.testing.figures import Judge, Note
from plein.tests.matrix.ground import (
    HIDDEN,
    METHODS,
    NOWHERE,
    SEEN,
    STRANGER,
    SUSPENDED,
    Ground,
    checksum,
    ground_of,
    has_written,
    taken_back,
)
from plein.trust.models import Role

pytestmark = pytest.mark.django_db(transaction=True)
#: Per commit one cell of so many, always the same; every night all.
ONE_OF = 1 if os.environ.get("PLEIN_NIGHTLY") else 64
#: With the pages over 25,000.
GOAL = 12_500
PLACES = (*SEEN, *HIDDEN, NOWHERE)
#: What is written in an address as a word, and is no id.
WORDS = {"kind", "act", "mark", "key", "thing", "about"}
#: Ids of what is the whole workspace's, not a circle's; and words.
OF_ALL = WORDS | {"seat_id", "team_id"}
#: Operations whose address names nothing that is hidden, but whose body does.
NAMES_IN_BODY = {"begin_act"}
ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Cell:
    """One question: which verb of which path, who asks with which scope, and where the things are."""

    method: str
    path: str
    name: str
    who: str
    scope: str
    place: str

    @property
    def key(self) -> str:
        return f"{self.method} {self.path} by {self.who} ({self.scope}), {self.place}"

    @property
    def ids(self) -> set[str]:
        return set(re.findall(r"{(\w+)}", self.path))

    @property
    def is_there(self) -> bool:
        if self.place == NOWHERE:
            return not self.ids - WORDS
        return self.place in SEEN or not self.ids - OF_ALL

    @property
    def as_who(self) -> str:
        """Who sees nothing of what the body names hears what a stranger hears."""
        is_hidden = self.name in NAMES_IN_BODY and self.place not in SEEN
        return STRANGER if is_hidden and self.who in EXPECTED[self.name].roles else self.who

    def wrong(self, status: int, changed: bool) -> str:
        """What is wrong with an answer, or nothing."""
        if status >= 500:
            return "broke"
        if not self.name:
            return "" if status in (401, 405) and not changed else "took a verb it does not have"
        if self.is_there:
            fits = is_as_expected(self.name, self.as_who, self.scope, status)
            return "" if fits and not (status >= 400 and changed) else "is not as it was written down"
        refused = (401,) if self.who in (ANONYMOUS, SUSPENDED) else (403, 404)
        return "" if status in refused and not changed else "showed what is hidden"


def cells() -> list[Cell]:
    named = {(method, path): name for method, path, name in operations()}
    callers = [(role, "all") for role in Role.values]
    callers += [("owner", scope) for scope in SCOPES[:-1]] + [(STRANGER, "all"), (SUSPENDED, "all"), (ANONYMOUS, "")]
    found = []
    for path in sorted({path for _method, path in named}):
        for method in METHODS:
            # A verb that is not taken is refused before anybody looks where things are: one place is enough.
            places = PLACES if "{" in path and (method, path) in named else SEEN[:1]
            for who, scope in callers:
                for place in places:
                    cell = Cell(method, path, named.get((method, path), ""), who, scope, place)
                    if crc32(cell.key.encode()) % ONE_OF == 0:
                        found.append(cell)
    return found


def callers_of(ground: Ground, calling: Calling) -> dict[tuple[str, str], Caller]:
    people = {who: user for who, user in ground.askers.items() if user is not None}
    callers = {(who, scope): calling(user, scope) for who, user in people.items() for scope in SCOPES}
    return callers | {(ANONYMOUS, ""): Caller("")}


def answered(cell: Cell, caller: Caller, world: World, before: str) -> tuple[int, bool]:
    """The status, and whether anything changed; all of it is taken back."""
    nowhere = {name: new_id() for name in cell.ids if cell.place == NOWHERE and name not in WORDS}
    with taken_back():
        answer = carry_out(caller, cell.method, cell.path, cell.name, world, **nowhere)
        return answer.status_code, has_written() and checksum() != before


@pytest.mark.timeout(7_200)
def test_everybody_gets_what_was_written_down(
    cast: Cast, calling: Calling, test_database: TestDatabase, note: Note, judge: Judge
) -> None:
    world, asked = fill(cast.alice), cells()
    wrong, statuses = [], Counter[str]()
    with ground_of(test_database, cast) as ground:
        callers = callers_of(ground, calling)
        for place in PLACES:
            if place != NOWHERE:
                ground.put(place)
            with taken_back():
                before = checksum()
            for cell in (one for one in asked if one.place == place):
                status, changed = answered(cell, callers[cell.who, cell.scope], world, before)
                statuses[str(status)] += 1
                if said := cell.wrong(status, changed):
                    wrong.append(f"{cell.key}: {said} ({status}{', changed' if changed else ''})")
    note(cells_of_the_api=len(asked), wrong=len(wrong), answers=dict(sorted(statuses.items())))
    if ONE_OF == 1:
        is_good = not wrong and len(asked) >= GOAL
        measured = f"{len(wrong)} of {len(asked):,}"
        judge("permission matrix of the API: wrong cells", goal=f"0 of >= {GOAL:,}", measured=measured, is_good=is_good)
    assert not wrong, f"{len(wrong)} of {len(asked)}\n" + "\n".join(wrong[:60])
    assert {name for _method, _path, name in operations()} == EXPECTED.keys()
    assert ONE_OF > 1 or len(asked) >= GOAL
