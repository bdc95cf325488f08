# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable

import pytest
from django.test import Client

from plein.consent.models import Decision, Purpose
from plein.consent.queries import purpose_called
from plein.relations.models import Relation
from plein.testing.factories import make_contact_point, make_decision, make_person
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
ADDRESS = "henk@vandijk.example"


@pytest.fixture
def henk(alice: User) -> Relation:
    """A person with an address and a number."""
    with entered(alice) as actor:
        person = make_person(owner_id=actor.seat_id)
        make_contact_point(person, "email", ADDRESS, is_primary=True)
        make_contact_point(person, "phone", "+31612345678")
        return person


def purpose(user: User, key: str) -> Purpose:
    """A purpose by its key."""
    with entered(user):
        found = purpose_called(key)
        assert found is not None
        return found


def decide(user: User, relation: Relation, key: str, state: str, **more: object) -> Decision:
    """Note what somebody said."""
    with entered(user) as actor:
        return make_decision(actor, relation, key, state, **more)
