# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where both sides changed the same, its owner says which holds, on a page, and nobody else does."""

from collections.abc import Callable

import pytest
from django.test import Client

from plein.channels.connectors.dav.tests.fake import AGENDA, BOOK, FakeDav
from plein.channels.connectors.icalfeed.tests.samples import calendar
from plein.channels.models import Connection
from plein.core.models import Operation
from plein.core.operations import undo
from plein.dav.models import Mirrored
from plein.dav.queries.mirrored import waiting
from plein.dav.tests.test_elsewhere import meeting, titles, visit
from plein.dav.tests.test_server_elsewhere import ANNA, anna, connected, fake, url, wrote
from plein.moments.actions import edit_moment
from plein.moments.models import Moment
from plein.moments.vocabulary import State
from plein.relations.actions import edit_relation
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["fake", "url"]

pytestmark = pytest.mark.django_db(transaction=True)
type SignIn = Callable[[User], Client]


@pytest.fixture
def connection(cast: Cast, fake: FakeDav, url: str) -> Connection:
    """An account of alice, in which she and the other side changed a note and a title each to something else."""
    made = visit(cast.alice, connected(cast.alice, url))
    with entered(cast.alice) as actor:
        one = Relation.objects.get(name="Anna Bos")
        edit_relation(actor=actor, relation=one, changes={"about": "Ours"}, based_on=one.version)
        moment = Moment.objects.get(subjects__title="Training")
        edit_moment(actor=actor, moment=moment, changes={"title": "Our training"}, based_on=moment.version)
    fake.put(f"{BOOK}anna.vcf", ANNA.replace("Likes nets", "Theirs").replace("anna@bos", "ab@bos"))
    fake.put(f"{AGENDA}a.ics", calendar(meeting("a", "Their training", "LOCATION:Field 9")).decode())
    return visit(cast.alice, made)


def address(connection: Connection) -> str:
    return f"/settings/connections/{connection.id}/elsewhere/"


def decide(user: User, client: Client, connection: Connection, keep: str) -> None:
    with entered(user):
        ids = list(waiting(connection.id).values_list("id", flat=True))
    assert ids
    for one in ids:
        assert client.post(f"{address(connection)}{one}/", {"keep": keep}).status_code == 302


def about(user: User) -> str:
    with entered(user):
        return str(Relation.objects.get(name="Anna Bos").about)


def test_both_are_shown_to_its_owner_alone(cast: Cast, connection: Connection, signed_in: SignIn) -> None:
    client = signed_in(cast.alice)
    client.get(address(connection))
    with within_budget(__file__, "elsewhere"):
        page = client.get(address(connection)).text
    assert "Here “Ours”, there “Theirs”." in page
    assert "Here “Our training”, there “Their training”." in page
    notice = client.get(address(connection), headers={"HX-Request": "true"}).text
    assert "2 things wait for your decision" in notice and "Ours" not in notice
    assert signed_in(cast.bob).get(address(connection)).status_code == 404


def test_theirs_holds(cast: Cast, connection: Connection, signed_in: SignIn, fake: FakeDav) -> None:
    decide(cast.alice, signed_in(cast.alice), connection, "theirs")

    assert about(cast.alice) == "Theirs"
    assert titles(cast.alice) == [("Their training", State.PLANNED)]
    assert wrote(cast.alice, connection) == 0
    assert "Nothing waits" in signed_in(cast.alice).get(address(connection)).text


def test_ours_holds_and_what_they_changed_besides_comes_along(
    cast: Cast, connection: Connection, signed_in: SignIn, fake: FakeDav
) -> None:
    decide(cast.alice, signed_in(cast.alice), connection, "mine")
    assert wrote(cast.alice, connection) == 2

    assert about(cast.alice) == "Ours"
    assert {"NOTE:Ours", "EMAIL;TYPE=WORK:ab@bos.example", "X-ODD;A=b:kept"} <= set(anna(fake))
    event = fake.objects[f"{AGENDA}a.ics"]
    assert "SUMMARY:Our training" in event and "LOCATION:Field 9" in event
    visit(cast.alice, connection)
    assert wrote(cast.alice, connection) == 0


def test_what_was_decided_is_turned_back(cast: Cast, connection: Connection, signed_in: SignIn, fake: FakeDav) -> None:
    decide(cast.alice, signed_in(cast.alice), connection, "theirs")
    with entered(cast.alice):
        for done in Operation.objects.filter(verb="decide_elsewhere"):
            undo(done.id)
        assert Mirrored.objects.exclude(theirs="").count() == 2
    assert about(cast.alice) == "Ours"

    fake.drop(f"{BOOK}anna.vcf")
    visit(cast.alice, connection)
    decide(cast.alice, signed_in(cast.alice), connection, "theirs")
    with entered(cast.alice):
        assert not Mirrored.objects.filter(relation__isnull=False).exists()
        undo(Operation.objects.get(verb="leave_elsewhere").id)
        assert Mirrored.objects.get(relation__isnull=False).is_gone
        assert Relation.objects.filter(name="Anna Bos").exists()
