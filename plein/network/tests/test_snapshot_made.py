# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a snapshot is made from: the ties of everyone here, as who makes it may read them."""

from datetime import UTC, datetime, timedelta
from itertools import batched
from uuid import UUID

import pytest
from django.db import connection, transaction

from plein.core.isolation import default_circle_id, no_workspace
from plein.network.queries.numbering import halves_of
from plein.network.snapshot.graph import ALWAYS, NEVER, NO, UNTIL, YES
from plein.network.tests.snapshots import seen, snapshots
from plein.network.tests.test_snapshot_in_step import people, taken, tie
from plein.testing.cast import Cast
from plein.trust.circles import only_me
from plein.trust.seats import entered

FIRST = UUID(int=0)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures(snapshots.__name__)]
__all__ = ["people"]


def ends(circle: int, *, after: UUID = FIRST, most: int = 10) -> list[UUID]:
    """Who has ties of a circle, as whoever makes a snapshot reads it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT near FROM plein_network_whole(%s, current_date, %s, %s)", [circle, after, most])
        return [UUID(bytes=bytes(one)) for one in batched(bytes(cursor.fetchone()[0] or b""), 16)]


def test_all_ties_of_a_circle_are_for_who_belongs_to_it(cast: Cast, people: list[UUID]) -> None:
    with entered(cast.alice):
        here, mine = default_circle_id(), only_me()
        tie(people[0], people[2], own_circle_id=mine)
    row = sorted(people)

    with entered(cast.alice):
        assert ends(here) == row
        assert ends(here, after=row[1], most=2) == row[2:4]
        assert ends(mine) == sorted([people[0], people[2]])
    with entered(cast.bob):
        assert ends(here) == row
        assert ends(mine) == []
    with entered(cast.charlie):
        assert ends(here) == ends(mine) == []
    with no_workspace("test"), transaction.atomic():
        assert ends(here) == []


def test_up_to_when_somebody_may_be_asked_is_in_it(cast: Cast, people: list[UUID]) -> None:
    at = datetime(2031, 5, 6, 7, 8, 9, 10, UTC)
    with entered(cast.alice), connection.cursor() as cursor:
        change = "UPDATE network_half SET asked_until = %s WHERE far_id = %s"
        cursor.executemany(change, [(at, people[1]), ("-infinity", people[3])])
    taken(cast.alice)

    with entered(cast.bob):
        found = seen()
        assert found is not None and not found.marked.any()
        graph, numbers = found.graph, found.graph.numbers(halves_of(map(str, people)))
        micros = (at - datetime(2000, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        assert graph.asked[numbers].tolist() == [ALWAYS, micros, ALWAYS, NEVER, ALWAYS]
        assert graph.may[numbers].tolist() == [YES, UNTIL, YES, NO, YES]
        assert graph.is_askable(numbers, micros - 1).tolist() == [True, True, True, False, True]
        assert graph.is_askable(numbers, micros).tolist() == [True, False, True, False, True]
