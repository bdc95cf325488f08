# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from plein.testing.cast import Cast
from plein.trust.actions import change_seat
from plein.trust.circles import UnknownCircle, circle_for, circle_key, circle_of_people, people_key
from plein.trust.models import Role, Seat
from plein.trust.seats import entered


def test_a_circle_stays_where_things_go_when_somebody_in_it_left(cast: Cast) -> None:
    with entered(cast.alice) as actor:
        bob, gina = (Seat.objects.get(user=user) for user in (cast.bob, cast.gina))
        circle = circle_of_people([actor.seat_id, bob.id])
        change_seat(actor=actor, seat=bob, role=Role.MEMBER, is_active=False)

        assert circle_for(circle_key(circle)) == circle
        with pytest.raises(UnknownCircle):
            circle_for(people_key([actor.seat_id, bob.id, gina.id]))
    with entered(cast.gina), pytest.raises(UnknownCircle):
        circle_for(people_key([actor.seat_id, bob.id]))
