# SPDX-License-Identifier: AGPL-3.0-or-later
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app

from plein.channels.actions import ServerFacts, set_mail_server
from plein.core.isolation import no_workspace
from plein.mypage.actions import link_of_subject
from plein.mypage.actions.ways import begun_subject
from plein.relations.models import Relation
from plein.testing.factories import make_contact_point, make_membership, make_organization, make_person
from plein.testing.mail_server import Box, mail_server
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
ADDRESS = "henk@vandijk.example"
LINK = re.compile(r"http://[^/\s]+(/my/open/[\w-]{43}/)")


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


@pytest.fixture
def box(alice: User) -> Iterator[Box]:
    """The mail server of Noorderlicht."""
    with mail_server() as running:
        facts = ServerFacts("localhost", running.port, "none", "", "plein@plein.example", "", is_inside=True)
        with entered(alice) as actor:
            set_mail_server(actor=actor, facts=facts)
        yield running


def work() -> None:
    """What the worker does for these pages."""
    with no_workspace("test"), connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'cancelled' WHERE status = 'todo' "
                       "RETURNING task_name, args")  # fmt: skip
        jobs = [(name, args if isinstance(args, dict) else json.loads(args)) for name, args in cursor.fetchall()]
    for name, args in jobs:
        if name.startswith("mypage."):
            app.tasks[name].func(**args)


def words_of(box: Box) -> str:
    """The text of the last letter."""
    letter = message_from_bytes(box.kept[-1].data, policy=policy.default)
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def path_in(box: Box) -> str:
    """The link in the last letter."""
    found = LINK.search(words_of(box))
    assert found is not None
    return found[1]
