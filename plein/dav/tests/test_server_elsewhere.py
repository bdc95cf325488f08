# SPDX-License-Identifier: AGPL-3.0-or-later
"""Contacts and calendars on a server elsewhere: taken over once, each side's changes on the other, nothing lost."""

from collections.abc import Iterator
from typing import Any

import pytest

from plein.channels.actions import HearingWishes, add_connection
from plein.channels.connectors.dav.tests.fake import AGENDA, BOOK, FakeDav, card
from plein.channels.connectors.icalfeed.tests.samples import calendar
from plein.channels.models import Connection
from plein.core.operations import undo
from plein.dav.models import Mirrored
from plein.dav.tests.test_elsewhere import meeting, titles, visit
from plein.dav.writing_back import write_back
from plein.moments.actions import begin_hearing, edit_moment
from plein.moments.intake.tests.mailboxes import row_counts
from plein.moments.models import Gives, Moment
from plein.moments.vocabulary import State
from plein.relations.actions import add_contact_point, edit_relation
from plein.relations.models import ContactPointLink, Relation
from plein.testing.cast import Cast
from plein.testing.peers import running
from plein.trust.circles import describe
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True)
ANNA = card("Anna Bos", "anna", "EMAIL;TYPE=WORK:anna@bos.example", "X-ODD;A=b:kept", "ORG:Bos BV", "NOTE:Likes nets")


@pytest.fixture
def fake() -> FakeDav:
    made = FakeDav()
    made.put(f"{BOOK}anna.vcf", ANNA)
    made.put(f"{AGENDA}a.ics", calendar(meeting("a", "Training")).decode())
    return made


@pytest.fixture
def url(fake: FakeDav) -> Iterator[str]:
    with running(fake) as peer:
        yield peer.url


def connected(user: User, url: str, **wishes: Any) -> Connection:
    with entered(user) as actor:
        settings = {"server": url, "user_name": "us", "password": "app-word"}
        made = add_connection(actor=actor, connector="dav", name="Cloud", settings=settings, is_inside=True)
        chosen = HearingWishes(**({"policy": "nobody", "circle": "me"} | wishes))
        return begin_hearing(actor=actor, connection=made, wishes=chosen, gives=Gives.EVERYTHING)


def points(user: User) -> set[str]:
    with entered(user):
        links = ContactPointLink.objects.filter(relation__name__startswith="Anna", revoked_at__isnull=True)
        return set(links.values_list("contact_point__value", flat=True))


def test_contacts_and_appointments_come_in_once_for_their_owner_alone(cast: Cast, fake: FakeDav, url: str) -> None:
    connection = visit(cast.alice, connected(cast.alice, url))
    visit(cast.alice, connection)

    assert (connection.problem, connection.counts["heard"], connection.counts["refused"]) == ("", 2, 0)
    assert titles(cast.alice) == [("Training", State.PLANNED)]
    with entered(cast.alice):
        anna = Relation.objects.get(name="Anna Bos")
        assert anna.about == "Likes nets"
        assert (
            describe(anna.circle_id) == describe(Relation.objects.get(name="Bos BV").circle_id) == "Only you see this"
        )
        assert Mirrored.objects.count() == 2
    with entered(cast.bob):
        assert not Relation.objects.filter(name__in=["Anna Bos", "Bos BV"]).exists()
        assert not Mirrored.objects.exists()


def test_what_changes_there_changes_here_and_who_is_gone_there_stays(cast: Cast, fake: FakeDav, url: str) -> None:
    connection = visit(cast.alice, connected(cast.alice, url))

    fake.put(f"{BOOK}anna.vcf", ANNA.replace("anna@bos", "ab@bos").replace("FN:Anna Bos", "FN:Anna Bos-Vis"))
    fake.drop(f"{AGENDA}a.ics")
    visit(cast.alice, connection)
    assert points(cast.alice) == {"ab@bos.example"}
    assert titles(cast.alice) == [("Training", State.CANCELLED)]

    fake.drop(f"{BOOK}anna.vcf")
    visit(cast.alice, connection)
    with entered(cast.alice):
        assert Relation.objects.filter(name="Anna Bos-Vis").exists()
        assert set(Mirrored.objects.values_list("is_gone", flat=True)) == {True}


def test_whom_one_has_in_the_same_circle_already_is_the_same_person(cast: Cast, fake: FakeDav, url: str) -> None:
    visit(cast.alice, connected(cast.alice, url))
    other = FakeDav()
    other.put(f"{BOOK}x.vcf", card("A. Bos", "x", "EMAIL:anna@bos.example", "TEL;TYPE=PREF:+31612345678", "NOTE:Other"))
    with running(other) as peer:
        visit(cast.alice, connected(cast.alice, peer.url))

    assert points(cast.alice) == {"anna@bos.example", "+31612345678"}
    with entered(cast.alice):
        assert Relation.objects.get(name="Anna Bos").about == "Likes nets"
        assert not Relation.objects.filter(name="A. Bos").exists()


def test_a_day_of_it_is_turned_back_whole(cast: Cast, fake: FakeDav, url: str) -> None:
    connection = connected(cast.alice, url, circle="everyone")
    before = row_counts(cast.alice)
    heard = visit(cast.alice, connection)

    with entered(cast.alice):
        assert heard.operation_id
        undo(heard.operation_id)
    assert row_counts(cast.alice) == before


def anna(fake: FakeDav) -> list[str]:
    return fake.objects[f"{BOOK}anna.vcf"].replace("\r\n ", "").split("\r\n")


def add_phone(user: User, text: str) -> None:
    with entered(user) as actor:
        add_contact_point(actor=actor, relation=Relation.objects.get(name="Anna Bos"), text=text)


def wrote(user: User, connection: Connection) -> int:
    return write_back(user, connection.workspace_id, connection.id)


def test_what_changes_here_is_written_there_and_all_else_stays_as_it_was(cast: Cast, fake: FakeDav, url: str) -> None:
    connection = visit(cast.alice, connected(cast.alice, url))
    assert wrote(cast.alice, connection) == 0
    add_phone(cast.alice, "+31612345678")
    with entered(cast.alice) as actor:
        mine = Moment.objects.get(subjects__title="Training")
        edit_moment(actor=actor, moment=mine, changes={"location": "Field 3"}, based_on=mine.version)

    assert wrote(cast.alice, connection) == 2
    assert set(anna(fake)) - set(ANNA.split("\r\n")) == {"TEL;TYPE=PREF:+31612345678"}
    assert set(ANNA.split("\r\n")) <= set(anna(fake))
    assert "LOCATION:Field 3" in fake.objects[f"{AGENDA}a.ics"]
    visit(cast.alice, connection)
    assert wrote(cast.alice, connection) == 0
    assert len(fake.puts) == 2


def test_what_both_sides_changed_differently_comes_together(cast: Cast, fake: FakeDav, url: str) -> None:
    connection = visit(cast.alice, connected(cast.alice, url))
    add_phone(cast.alice, "+31612345678")
    fake.put(f"{BOOK}anna.vcf", ANNA.replace("anna@bos", "ab@bos").replace("NOTE:Likes nets", "NOTE:Likes goals"))

    assert wrote(cast.alice, connection) == 0
    assert wrote(cast.alice, connection) == 1

    assert points(cast.alice) == {"ab@bos.example", "+31612345678"}
    assert {"TEL;TYPE=PREF:+31612345678", "EMAIL;TYPE=WORK:ab@bos.example", "NOTE:Likes goals"} <= set(anna(fake))


def test_the_same_changed_on_both_sides_waits_for_a_decision(cast: Cast, fake: FakeDav, url: str) -> None:
    connection = visit(cast.alice, connected(cast.alice, url))
    with entered(cast.alice) as actor:
        one = Relation.objects.get(name="Anna Bos")
        edit_relation(actor=actor, relation=one, changes={"about": "Ours"}, based_on=one.version)
    theirs = ANNA.replace("NOTE:Likes nets", "NOTE:Theirs")
    fake.put(f"{BOOK}anna.vcf", theirs)
    visit(cast.alice, connection)

    assert wrote(cast.alice, connection) == 0
    assert fake.objects[f"{BOOK}anna.vcf"] == theirs
    with entered(cast.alice):
        assert Relation.objects.get(name="Anna Bos").about == "Ours"
        assert "NOTE:Theirs" in Mirrored.objects.get(relation__isnull=False).theirs


def test_a_crash_after_writing_does_nothing_twice(
    cast: Cast, fake: FakeDav, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = visit(cast.alice, connected(cast.alice, url))
    add_phone(cast.alice, "+31612345678")
    with monkeypatch.context() as broken:
        broken.setattr("plein.dav.writing_back.operation_of_today", lambda _one: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            wrote(cast.alice, connection)
    assert len(fake.puts) == 1

    visit(cast.alice, connection)
    assert wrote(cast.alice, connection) == 0
    assert len(fake.puts) == 1
    assert [line for line in anna(fake) if line.startswith("TEL")] == ["TEL;TYPE=PREF:+31612345678"]
    with entered(cast.alice):
        assert Mirrored.objects.get(relation__isnull=False).theirs == ""
