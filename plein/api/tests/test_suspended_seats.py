# SPDX-License-Identifier: AGPL-3.0-or-later
from plein.api.tests.bodies import carry_out
from plein.api.tests.conftest import Calling
from plein.api.tests.test_permissions import operations
from plein.api.tests.world import fill
from plein.testing.cast import Cast
from plein.trust.actions import change_seat
from plein.trust.models import Seat
from plein.trust.seats import entered


def test_a_suspended_seat_is_refused_by_every_operation(cast: Cast, calling: Calling) -> None:
    world = fill(cast.alice)
    caller = calling(cast.bob, "all")
    with entered(cast.alice) as alice:
        change_seat(actor=alice, seat=Seat.objects.get(user=cast.bob), role="member", is_active=False)

    for method, path, name in operations():
        assert carry_out(caller, method, path, name, world).status_code == 401, name
