# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address of the pages, by everybody, in every circle, with every verb of HTTP, against a reviewed table."""

import os
import subprocess
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from django.test import Client
from django.urls import resolve

from plein.testing.addresses import World, every_address
from plein.testing.cast import Cast, sign_in
from plein.testing.database import TestDatabase
from plein.testing.figures import Judge, Note
from plein.testing.home import ROOT
from plein.tests.matrix.ground import (
    HIDDEN,
    METHODS,
    NOBODY,
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
from plein.tests.matrix.table import ONESELF, OPEN, Line, expected
from plein.tests.test_url_walk import ENDLESS, OTHER_DOORS
from plein.trust.models import Role

pytestmark = pytest.mark.django_db(transaction=True)
#: Per commit one cell of so many, always the same; every night all.
ONE_OF = 1 if os.environ.get("PLEIN_NIGHTLY") else 64
#: Of what changed lately all cells are asked, but not more than so many besides.
MOST_LATELY = 500
#: With the API over 25,000.
GOAL = 12_500
ROUTES = sorted(set(every_address(leaving_out=OTHER_DOORS)) - ENDLESS)
#: A form may say that it is not filled in before anybody asks who sent it.
NOT_LET_IN = (403, 400, 422)


@dataclass(frozen=True)
class Cell:
    """One question of the matrix."""

    line: Line
    who: str
    place: str
    method: str
    path: str

    @property
    def key(self) -> str:
        return f"{self.method} {self.line.route} by {self.who}, {self.place}"

    @property
    def is_there(self) -> bool:
        """Whether what the address names is there for who asks."""
        if self.line.ids == "-":
            return True
        if self.place == NOWHERE or self.who == STRANGER or self.line.ids == "own":
            return False
        return self.place in SEEN or self.line.ids == "workspace"

    def wrong(self, status: int, changed: bool) -> str:
        """What is wrong with an answer, or nothing."""
        if status >= 500:
            return "broke"
        if OPEN in self.line.asks.values():
            return ""
        if self.who in (NOBODY, SUSPENDED):
            return "" if status == 302 and not changed else "did not send to sign in"
        if not self.line.takes(self.method) or (self.method == "HEAD" and status == 405):
            return "" if status == 405 and not changed else "took a verb it does not have"
        role = Role.OWNER.value if self.who == STRANGER else self.who
        if not self.is_there:
            alike = (204,) if self.line.note.startswith("204") else ()
            return "" if status in (404, *NOT_LET_IN, *alike) and not changed else "showed what is hidden"
        if not self.line.lets_in(self.method, role):
            told = (302,) if self.line.note.startswith("says no") else ()
            return "" if status in (404, *NOT_LET_IN, *told) and not changed else "let in who may not"
        if self.method in ("GET", "HEAD") and changed:
            return "wrote while it was looked at"
        return "kept out who may" if status in (401, 403, 405) or (status == 404 and not self.line.note) else ""


def changed_lately() -> frozenset[str]:
    """The files of the last commit and since: what they answer is asked in full."""
    listed = subprocess.run(
        ["git", "diff", "--name-only", "HEAD~1"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    return frozenset(str(Path(ROOT, name)) for name in listed.stdout.split())


def cells(world: World) -> list[Cell]:
    lately = changed_lately()
    found, besides = [], []
    for route in ROUTES:
        line = expected()[route]
        path = world.path(route)
        code = getattr(getattr(resolve(path).func, "__wrapped__", resolve(path).func), "__code__", None)
        is_new = code and code.co_filename in lately
        for place in (*SEEN, *HIDDEN, NOWHERE) if line.ids != "-" else SEEN[:1]:
            where = world.path(route, nowhere=True) if place == NOWHERE else path
            for who in (NOBODY, *Role.values, SUSPENDED, STRANGER):
                for method in METHODS:
                    # A verb that is not taken is refused before anybody looks where things are: one place is enough.
                    cell = Cell(line, who, place, method, where)
                    if not line.takes(method) and place != SEEN[0]:
                        continue
                    if crc32(cell.key.encode()) % ONE_OF == 0:
                        found.append(cell)
                    elif is_new:
                        besides.append(cell)
    return found + besides[:: len(besides) // MOST_LATELY + 1]


def clients_of(ground: Ground) -> dict[str, Client]:
    clients = {}
    for who, user in ground.askers.items():
        clients[who] = Client(raise_request_exception=False)
        if user is not None:
            sign_in(clients[who], user)
    return clients


def answered(cell: Cell, client: Client, before: str) -> tuple[int, bool]:
    """The status, and whether anything changed; all of it is taken back."""
    cookies = deepcopy(client.cookies)
    with taken_back():
        response: Any = getattr(client, cell.method.lower())(cell.path)
        if response.streaming and not response.is_async:
            b"".join(response)
        client.cookies = cookies
        return response.status_code, has_written() and checksum() != before


def test_every_address_has_its_line() -> None:
    assert set(ROUTES) == expected().keys()


def test_the_lines_name_what_there_is() -> None:
    for line in expected().values():
        assert ("<uuid:" in line.route) == (line.ids != "-"), line.route
        assert line.ids in ("-", "circle", "workspace", "own"), line.route
    assert {OPEN, ONESELF} <= {asked for line in expected().values() for asked in line.asks.values()}


@pytest.mark.timeout(7_200)
def test_everybody_gets_what_the_table_says(
    cast: Cast, world: World, test_database: TestDatabase, note: Note, judge: Judge
) -> None:
    wrong, statuses, asked = [], Counter[str](), cells(world)
    with ground_of(test_database, cast) as ground:
        for place in (*SEEN, *HIDDEN, NOWHERE):
            if place != NOWHERE:
                ground.put(place)
            # At night a place takes minutes, and a proof of who one is does not last through all of them.
            clients = clients_of(ground)
            with taken_back():
                before = checksum()
            for cell in (one for one in asked if one.place == place):
                status, changed = answered(cell, clients[cell.who], before)
                statuses[str(status)] += 1
                if said := cell.wrong(status, changed):
                    wrong.append(f"{cell.key}: {said} ({status}{', changed' if changed else ''})")
    note(cells_of_pages=len(asked), wrong=len(wrong), answers=dict(sorted(statuses.items())))
    if ONE_OF == 1:
        is_good = not wrong and len(asked) >= GOAL
        measured = f"{len(wrong)} of {len(asked):,}"
        judge("permission matrix of pages: wrong cells", goal=f"0 of >= {GOAL:,}", measured=measured, is_good=is_good)
    assert not wrong, f"{len(wrong)} of {len(asked)}\n" + "\n".join(wrong[:60])
    assert ONE_OF > 1 or len(asked) >= GOAL
