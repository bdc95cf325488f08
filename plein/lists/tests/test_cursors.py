# SPDX-License-Identifier: AGPL-3.0-or-later
"""A cursor comes from the list it is brought to, or it is refused in words."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from plein.lists.query import ViewQuery, open_view, page
from plein.relations.models import Relation
from plein.testing.factories import make_person
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
#: One of each type, and some that are none: in the place of a value they are errors of the database or of Python.
VALUES: list[Any] = [
    *("sx", "s", "t2026-01-01T00:00:00+00:00", "t0001-01-01T00:00:00+23:59", "t9999-12-31T23:59:59-23:59"),
    *("d2026-01-01", "c10:00", "n5", "n1e999999", "i5", "i" + "9" * 40, "b1", "b", 5, None, [], {}),
]


@pytest.fixture
def people(alice: User) -> list[Relation]:
    with entered(alice):
        return [make_person(f"Persoon {number}", place="Zwolle") for number in range(3)]


def written(sealed: bytes, *plain: object) -> str:
    return base64.urlsafe_b64encode(sealed + json.dumps(plain).encode()).decode().rstrip("=")


@pytest.mark.parametrize("sort", ["name", "-changed", "place"])
def test_a_value_of_any_type_that_the_list_did_not_hand_out_is_refused(
    alice: User, people: list[Relation], signed_in: SignIn, sort: str
) -> None:
    client = signed_in(alice)
    with entered(alice) as actor:
        segments = open_view(ViewQuery("person", sort=sort), actor).segments
    tried = [
        written(sealed, number, *(f"u{people[0].id}" if column == "id" else value for column, _falls in segment.order))
        for sealed in (b"", b"x" * 12)
        for number, segment in enumerate(segments)
        for value in VALUES
    ]

    assert {client.get("/people/", {"sort": sort, "cursor": one}).status_code for one in tried} == {400}


def test_a_cursor_is_good_where_it_came_from_and_nowhere_else(
    alice: User, people: list[Relation], signed_in: SignIn
) -> None:
    client = signed_in(alice)
    with entered(alice) as actor:
        following = page(open_view(ViewQuery("person", sort="name"), actor), limit=1).next
    broken = following[:-3] + ("A" if following[-3] != "A" else "B") + following[-2:]

    assert client.get("/people/", {"sort": "name", "cursor": following}).status_code == 200
    for asked in ({"sort": "-name", "cursor": following}, {"sort": "place", "cursor": following}, {"cursor": broken}):
        assert client.get("/people/", asked).status_code == 400
