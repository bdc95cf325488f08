# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from plein.mypage.actions import link_of_subject
from plein.mypage.actions.ways import begun_subject
from plein.relations.models import Relation
from plein.testing.factories import make_contact_point, make_membership, make_organization, make_person
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
ADDRESS = "henk@vandijk.example"


@pytest.fixture
def henk(alice: User) -> Relation:
    """A person with two addresses and a job."""
    with entered(alice) as actor:
        person = make_person(owner_id=actor.seat_id, language="en")
        make_contact_point(person, "email", ADDRESS, is_primary=True)
        make_contact_point(person, "email", "henk@thuis.example")
        make_membership(person, make_organization(name="Bakkerij Van Dijk"), role="baker")
        return person


def link(user: User, relation: Relation, lifetime: timedelta = timedelta(hours=1)) -> str:
    """A path that opens somebody's page."""
    with entered(user) as actor:
        subject = begun_subject(actor, relation)
        return "/my/" + link_of_subject(subject=subject.id, lifetime=lifetime).partition("/my/")[2]


def visitor(user: User, relation: Relation) -> Client:
    """A client that has opened the page of this person."""
    client = Client()
    assert client.post(link(user, relation)).status_code == 302
    return client
