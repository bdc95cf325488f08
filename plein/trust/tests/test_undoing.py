# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest
from django.core.exceptions import PermissionDenied

from plein.core.models import Operation
from plein.core.operations import CannotUndo
from plein.testing.cast import Cast
from plein.testing.factories import make_person
from plein.trust.actions import change_seat, give_seat, make_user, turn_back, undo_operation
from plein.trust.models import Role, Seat, User
from plein.trust.seats import entered


def seat_of(user: User) -> Seat:
    return Seat.objects.get(user=user)


def last(verb: str) -> Operation:
    found = Operation.objects.filter(verb=verb).order_by("-id").first()
    assert found is not None
    return found


def test_a_member_turns_back_their_own_and_nobody_elses(cast: Cast) -> None:
    with entered(cast.alice):
        make_person("Van Alice")
        of_alice = last("create_person")
    with entered(cast.bob) as bob:
        make_person("Van Bob")
        undone = undo_operation(actor=bob, operation_id=last("create_person").id)
        with pytest.raises(PermissionDenied):
            undo_operation(actor=bob, operation_id=of_alice.id)

    assert undone.turned_back > 0


def test_a_manager_who_was_an_administrator_cannot_undo_that_they_no_longer_are(cast: Cast) -> None:
    maria = make_user(email="maria@plein.example", name="Maria")
    given = give_seat(workspace=cast.here, user=maria, role=Role.ADMINISTRATOR)
    with entered(cast.alice) as alice:
        change_seat(actor=alice, seat=given, role=Role.MANAGER, is_active=True)
    with entered(maria) as actor, pytest.raises(PermissionDenied):
        undo_operation(actor=actor, operation_id=last("change_seat").id)
    with entered(cast.alice):
        assert seat_of(maria).role == Role.MANAGER


def test_an_administrator_cannot_undo_that_somebody_lost_the_ownership(cast: Cast) -> None:
    maria = make_user(email="maria@plein.example", name="Maria")
    given = give_seat(workspace=cast.here, user=maria, role=Role.OWNER)
    with entered(cast.alice) as alice:
        change_seat(actor=alice, seat=given, role=Role.ADMINISTRATOR, is_active=True)
    with entered(maria) as actor, pytest.raises(PermissionDenied):
        undo_operation(actor=actor, operation_id=last("change_seat").id)


def test_turning_back_never_leaves_a_workspace_without_an_owner(cast: Cast) -> None:
    with entered(cast.charlie):
        given = Operation.objects.filter(verb="give_seat").order_by("id")[0]
        with pytest.raises(CannotUndo, match="owner"):
            turn_back(given.id)
        assert seat_of(cast.charlie).is_active
