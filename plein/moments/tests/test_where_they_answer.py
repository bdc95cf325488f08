# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where somebody answers is counted by channel and network, from what the reader may see."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client

from plein.core.ids import new_id, now
from plein.core.operations import operation
from plein.moments.answer_words import speed_of
from plein.moments.models import Moment
from plein.moments.queries.answering import InTouch, ways_in_touch
from plein.relations.models import ContactPoint, Relation
from plein.testing.factories import make_contact_point, make_moment, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def conversation(person: Relation, kind: str, *hours: float, circle_id: int | None = None) -> None:
    """We, they, we, they: each so many hours after the one before."""
    thread, at = new_id(), now() - timedelta(days=20)
    for place, later in enumerate((0, *hours)):
        at += timedelta(hours=later)
        more: dict[str, Any] = {"circle_id": circle_id} if circle_id else {}
        way = "inbound" if place % 2 else "outbound"
        moment = make_moment(person, kind=kind, direction=way, occurred_at=at, **more)
        with operation("test"):
            Moment.objects.filter(id=moment.id).update(thread_id=thread)


def test_the_channel_they_use_most_comes_first_with_the_middle_of_their_answers(
    alice: User, bob: User, charlie: User, signed_in: SignIn
) -> None:
    with entered(alice):
        henk = make_person()
        point = make_contact_point(henk, "handle", "in/henk").contact_point
        with operation("test"):
            ContactPoint.objects.filter(id=point.id).update(network="linkedin")
        conversation(henk, "email", 2, 1, 4, 1, 60)
        conversation(henk, "chat", 0.25, 1, 0.5)
        conversation(henk, "call", 24 * 40)
        conversation(henk, "email", 1, 1, 1, circle_id=only_me())

    with entered(bob):
        mail, chat, call = ways_in_touch(henk.id)
    assert (mail.kind, mail.theirs, mail.ours, mail.answers) == ("email", 3, 3, 3)
    assert (chat.kind, call.kind) == ("chat", "call")
    assert speed_of(mail.waited) == "answers mostly after 4 hours"
    assert speed_of(chat.waited) == "answers mostly within an hour"
    # Forty days later is no answer, and one would tell no speed.
    assert (call.theirs, call.answers, call.waited) == (1, 0, None)
    with entered(alice):
        own: InTouch = ways_in_touch(henk.id)[0]
    assert (own.theirs, speed_of(own.waited)) == (5, "answers mostly after 2 hours")

    address = f"/relations/{henk.id}/answers/"
    page = signed_in(bob).get(address).text
    assert "answers mostly after 4 hours" in page and "Also on: LinkedIn" in page
    assert signed_in(charlie).get(address).status_code == 404
    assert address in signed_in(bob).get(f"/relations/{henk.id}/", follow=True).text
