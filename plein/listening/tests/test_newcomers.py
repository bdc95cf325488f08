# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who became interesting: a new follower near something that is going on."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from plein.core.ids import now
from plein.listening.queries import newcomers
from plein.relations.actions import add_tie
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.testing.factories import make_person, make_todo
from plein.trust.circles import only_me
from plein.trust.models import Seat, User
from plein.trust.seats import Entrance, entered

pytestmark = pytest.mark.django_db
type SignIn = Callable[[User], Client]


def tied(actor: Entrance, one: Relation, other: Relation, kind: str, *, days: int = 3) -> None:
    starts_on = timezone.localdate(now()) - timedelta(days=days)
    add_tie(actor=actor, one=one, other=other, kind=kind, starts_on=starts_on)


def test_a_new_follower_two_ties_from_something_is_interesting_and_a_hidden_tie_tells_nothing(
    cast: Cast, signed_in: SignIn
) -> None:
    with entered(cast.alice) as actor:
        seat = Seat.objects.get(user=cast.alice)
        alice = Relation.objects.filter(seat_id=seat.id).first() or make_person("Alice", is_ours=True, seat_id=seat.id)
        near, far, old, hidden = (make_person(name) for name in ("Nel Near", "Fem Far", "Odo Old", "Hid Den"))
        buyer, between = make_person("Ben Buyer"), make_person("Bea Between")
        secret = make_person("Sec Ret", circle_id=only_me())
        make_todo("Offerte maken", relation=buyer)
        for follower in (near, far, hidden):
            tied(actor, follower, alice, "follows")
        tied(actor, old, alice, "follows", days=60)
        for one, other in ((near, buyer), (old, buyer), (far, between), (between, buyer), (hidden, secret)):
            tied(actor, one, other, "knows", days=400)
        tied(actor, secret, buyer, "knows", days=400)
        mine = {one.person.name: one.ties for one in newcomers()}
    with entered(cast.bob):
        theirs = [(one.person.name, one.ties, one.between) for one in newcomers()]

    assert mine == {"Nel Near": 1, "Fem Far": 2, "Hid Den": 2}
    assert [(name, ties, one.name if one else "") for name, ties, one in theirs] == [
        ("Nel Near", 1, ""),
        ("Fem Far", 2, "Bea Between"),
    ]
    client = signed_in(cast.bob)
    client.get("/listening/interesting/")
    with within_budget(__file__, "interesting"):
        page = client.get("/listening/interesting/").text
    assert "They know Bea Between, who knows Ben Buyer: something is to be done for them." in page
    assert "Sec Ret" not in page and "Hid Den" not in page
