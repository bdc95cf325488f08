# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable

import pytest
from django.test import Client

from plein.core.models import Operation
from plein.relations.actions import delete_relation, edit_relation
from plein.testing.budgets import within_budget
from plein.testing.factories import make_membership, make_moment, make_organization, make_person, make_todo
from plein.trust.models import User
from plein.trust.seats import entered

SignIn = Callable[[User], Client]
PAGES = {
    "relation": "/relations/{relation}/",
    "people": "/people/",
    "organizations": "/organizations/",
    "history": "/history/",
    "audit log": "/audit/",
    "my history": "/history/?who=me",
    "operation": "/history/{operation}/",
    "history of a relation": "/relations/{relation}/history",
    "history of a moment": "/moments/{moment}/history",
    "bin": "/bin/",
    "search": "/search/?q=dijk",
    "profile": "/settings/",
    "security": "/settings/security/",
    "tokens": "/settings/tokens/",
    "roles": "/settings/roles/",
    "ways to sign in": "/settings/sign-in/",
    "users": "/settings/users/",
    "teams": "/settings/teams/",
    "company": "/settings/workspace/",
}


@pytest.fixture
def ids(alice: User) -> dict[str, object]:
    """Twenty of everything, so that a query for each of them would show."""
    with entered(alice) as actor:
        organization = make_organization()
        for number in range(20):
            person = make_person(f"Henk van Dijk {number}", place="Zwolle")
            make_membership(person, organization)
            moment = make_moment(person, organization, title=f"Offerte {number}")
            make_todo(f"Bel {number}", relation=person)
            delete_relation(actor=actor, relation=make_person(f"Weg {number}"))
        edit_relation(actor=actor, relation=person, changes={"place": "Hattem"}, based_on=person.version)
        operation = Operation.objects.latest("started_at")
        return {"relation": person.id, "moment": moment.id, "operation": operation.id}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_few_questions_of_the_database(
    name: str, ids: dict[str, object], alice: User, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    client.get("/settings/")

    with within_budget(__file__, name):
        assert client.get(PAGES[name].format(**ids)).status_code == 200
