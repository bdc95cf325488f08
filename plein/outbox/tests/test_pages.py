# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable

import pytest
from django.test import Client

from plein.moments.models import Moment
from plein.outbox.actions import IdentityFacts, TemplateFacts, keep_identity, keep_template
from plein.outbox.tests.conftest import send, write
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.testing.factories import make_contact_point, make_membership, make_organization, make_person
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


@pytest.fixture
def furnished(alice: User, henk: Relation) -> Relation:
    """A relation with colleagues, templates, senders and mails."""
    with entered(alice) as actor:
        company = make_organization()
        for number in range(4):
            person = make_person(f"Piet {number}")
            make_contact_point(person, "email", f"piet{number}@vandijk.example")
            make_membership(person, company)
        make_membership(henk, company)
        keep_identity(actor=actor, facts=IdentityFacts("Alice", actor.user.email, "Groet"))
        for number in range(5):
            keep_template(
                actor=actor, facts=TemplateFacts("template", f"T{number}", "Dag {{person.name}}", circle="everyone")
            )
    for _number in range(3):
        send(alice, write(alice, henk))
    return henk


def test_an_answer_costs_few_statements(alice: User, furnished: Relation, signed_in: SignIn) -> None:
    with entered(alice):
        moment = Moment.objects.latest("id")
    client = signed_in(alice)
    client.get(f"/moments/{moment.id}/reply/")
    with within_budget(__file__, "reply"):
        assert client.get(f"/moments/{moment.id}/reply/").status_code == 200


@pytest.mark.parametrize(
    ("name", "path"),
    [("letter", "/relations/{henk}/mail/"), ("outbox", "/outbox/?show=waiting"), ("outbox_all", "/outbox/?who=all"),
     ("identities", "/settings/identities/"), ("templates", "/settings/templates/"), 
     ("people", "/outbox/people/?to=Pi")],
)  # fmt: skip
def test_a_page_costs_few_statements(alice: User, furnished: Relation, signed_in: SignIn, name: str, path: str) -> None:
    client = signed_in(alice)
    client.get(path.format(henk=furnished.id))
    with within_budget(__file__, name):
        assert client.get(path.format(henk=furnished.id)).status_code == 200
