# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from plein.channels.actions import ServerFacts, set_mail_server
from plein.channels.letters import Mailbox
from plein.core.ids import now
from plein.outbox import actions
from plein.outbox.actions import Content
from plein.outbox.models import Mail
from plein.outbox.tasks import deliver
from plein.relations.models import Relation
from plein.testing.factories import make_contact_point, make_person
from plein.testing.mail_server import Box, mail_server
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
ADDRESS = "henk@vandijk.example"


@pytest.fixture
def henk(alice: User) -> Relation:
    """A person with an address."""
    with entered(alice):
        person = make_person(given_name="Henk", family_name="Dijk", infix="van")
        make_contact_point(person, "email", ADDRESS, is_primary=True)
        return person


@pytest.fixture
def box(alice: User) -> Iterator[Box]:
    """A mail server that Alice's company sends through."""
    with mail_server() as running:
        facts = ServerFacts("localhost", running.port, "none", "", "plein@plein.example", "", is_inside=True)
        with entered(alice) as actor:
            set_mail_server(actor=actor, facts=facts)
        yield running


def write(user: User, relation: Relation, **changes: object) -> Mail:
    """A mail that is not sent yet."""
    usual = {"to": (Mailbox(ADDRESS, "Henk van Dijk"),), "subject": "Offerte", "text": "Dag **Henk**,\n\nZie."}
    with entered(user) as actor:
        return actions.keep_mail(actor=actor, content=Content(**{**usual, "relation_id": relation.id, **changes}))  # type: ignore[arg-type]


def send(user: User, mail: Mail) -> UUID:
    """Send it, and return the operation by which it is taken back."""
    with entered(user) as actor:
        done = actions.send_mail(actor=actor, mail=mail)
    assert done is not None
    return done.id


def ten_seconds_later(user: User, mail: Mail) -> None:
    """The time to take it back is over."""
    with entered(user):
        Mail.objects.filter(id=mail.id).update(send_at=now() - timedelta(seconds=1))


def work(user: User, mail: Mail) -> Mail:
    """What the worker does when the time has come; the mail as it is then."""
    ten_seconds_later(user, mail)
    with entered(user) as actor:
        here = actor.workspace_id
    deliver(workspace=here, user=str(user.id), mail_id=str(mail.id))
    return fresh(user, mail)


def fresh(user: User, mail: Mail) -> Mail:
    """The mail as it is now."""
    with entered(user):
        return Mail.objects.get(id=mail.id)
