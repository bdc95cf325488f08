# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guards around the inbox: how to take each away, and the short suite that then turns red."""

from plein.core.ids import new_id
from plein.inbox.actions import assign_message, handling
from plein.inbox.models import Message
from plein.inbox.queries import message_of
from plein.inbox.refusals import CannotDo
from plein.moments.actions import record_moment
from plein.testing.cast import Cast
from plein.tests.guards import Guard, replaced
from plein.trust.models import Seat
from plein.trust.seats import entered


def come(cast: Cast, circle: str) -> Message:
    """Something that came in, for Alice or for everybody."""
    with entered(cast.alice) as actor:
        moment = record_moment(
            actor=actor, kind="email", direction="inbound", participants=[], text=f"Dag {new_id()}", circle=circle
        )
        message = message_of(moment.id)
        assert message is not None
        return message


def who_may_not_see_it_is_not_given_it(cast: Cast) -> None:
    message = come(cast, "me")
    with entered(cast.alice) as actor:
        try:
            assign_message(actor=actor, message=message, seat_id=Seat.objects.get(user=cast.bob).id)
        except CannotDo:
            return
    raise AssertionError("Bob was given what he may not see")


INBOX_GUARDS: list[Guard] = [
    Guard(
        "a message is given to who may see it",
        lambda: replaced(handling, "seats_within", lambda circles, seats: set(seats)),
        who_may_not_see_it_is_not_given_it,
    ),
]
