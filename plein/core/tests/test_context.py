# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from django.db import ProgrammingError, connection

from plein.core.isolation import ContextMissing, current, no_workspace, nowhere
from plein.core.operations import operation
from plein.relations.models import Relation
from plein.testing.factories import make_person
from plein.trust.models import Seat, User
from plein.trust.seats import NoSeat, entered


def test_a_query_without_context_raises(db: None) -> None:
    with nowhere(), pytest.raises(ContextMissing):
        Relation.objects.count()
    with nowhere(), pytest.raises(ContextMissing), connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_records_need_a_workspace(db: None) -> None:
    with no_workspace("test"), pytest.raises(ContextMissing):
        Relation.objects.count()


def test_a_raw_query_outside_any_workspace_sees_nothing(alice: User) -> None:
    with entered(alice):
        make_person()

    with no_workspace("test"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM relations_relation")
        assert cursor.fetchone() == (0,)


def test_the_context_of_before_comes_back(alice: User, charlie: User) -> None:
    with entered(alice):
        make_person("Henk")
        outside = current()
        with entered(charlie):
            assert Relation.objects.count() == 0
        assert current() == outside
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM relations_relation")
            assert cursor.fetchone() == (1,)


def test_the_context_ends_with_the_transaction(alice: User, transactional_db: None) -> None:
    with entered(alice):
        make_person("Henk")

    with no_workspace("test"), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('plein.workspace', true), count(*) FROM relations_relation")
        assert cursor.fetchone() in {("", 0), (None, 0)}


def test_somebody_without_a_seat_is_not_let_in(alice: User, charlie: User) -> None:
    with entered(alice) as seat:
        here = seat.workspace_id

    with pytest.raises(NoSeat), entered(charlie, here):
        pass


def test_nobody_gives_themselves_a_seat_somewhere_else(alice: User, charlie: User) -> None:
    with entered(alice) as seat:
        here = seat.workspace_id

    with entered(charlie), pytest.raises(ProgrammingError, match="row-level security"), operation("break_in"):
        Seat.objects.create(workspace_id=here, user=charlie, role="owner")
