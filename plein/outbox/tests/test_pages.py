# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client

from plein.channels.letters import Mailbox
from plein.moments.actions import IncomingFile, change_file_circle, change_subject_circle
from plein.moments.models import Attachment, Moment
from plein.outbox.actions import IdentityFacts, TemplateFacts, add_files, keep_identity, keep_template
from plein.outbox.models import Mail
from plein.outbox.tests.conftest import ADDRESS, send, write
from plein.relations.actions import change_circle
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


def test_a_mail_tells_no_more_than_its_moment(alice: User, bob: User, henk: Relation, signed_in: SignIn) -> None:
    both = (Mailbox(ADDRESS, "Henk van Dijk"), Mailbox("rik@elders.example", "Rik"))
    mail = write(alice, henk, to=both)
    with entered(alice) as actor:
        stays = IncomingFile("prijs.txt", 3, BytesIO(b"abc")), IncomingFile("marge.txt", 3, BytesIO(b"def"))
        add_files(actor=actor, mail=mail, files=stays)
    send(alice, mail)
    with entered(alice) as actor:
        Mail.objects.filter(id=mail.id).update(
            refused={ADDRESS: "unknown", "rik@elders.example": "full"}, reason=f"550 {ADDRESS} unknown"
        )
    pages = ("/outbox/?show=waiting&who=all", f"/outbox/{mail.id}/")
    told = [signed_in(bob).get(one).text for one in pages]
    assert all("Henk van Dijk" in one and "Offerte" in one for one in told) and "marge.txt" in told[1]

    with entered(alice) as actor:
        moment = Moment.objects.get()
        change_circle(actor=actor, relation=henk, circle_key="me")
        change_subject_circle(actor=actor, moment=moment, circle="me")
        change_file_circle(actor=actor, file=Attachment.objects.get(name="marge.txt"), circle="me")
    told = [signed_in(bob).get(one).text for one in pages]
    for hidden in ("Henk van Dijk", ADDRESS, "Offerte", "marge.txt", str(henk.id)):
        assert not any(hidden in one for one in told), hidden
    assert "Rik" in told[0] and "prijs.txt" in told[1] and "rik@elders.example: full" in told[1]
    assert ADDRESS in signed_in(alice).get(pages[1]).text
