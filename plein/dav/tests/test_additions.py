# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody adds here goes to their book and calendar elsewhere where they said so: once, and no more than that."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from plein.channels.connectors.dav.tests.fake import AGENDA, BOOK, TASKS, FakeDav, card, todo
from plein.channels.models import Connection, ConnectionProblem
from plein.core.ids import now
from plein.dav.models import Mirrored
from plein.dav.tests.test_elsewhere import titles, visit
from plein.dav.tests.test_new_cards import PIXEL
from plein.dav.tests.test_server_elsewhere import connected, wrote
from plein.moments.actions import Plan, create_todo, edit_todo, plan_appointment, tick_todo
from plein.moments.models import Moment, ToDo
from plein.moments.vocabulary import MomentKind
from plein.relations.actions import add_contact_point, create_person, remove_photo, set_photo
from plein.relations.models import Relation
from plein.relations.vocabulary import Source
from plein.testing.cast import Cast
from plein.testing.peers import running
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fake() -> FakeDav:
    return FakeDav()


@pytest.fixture
def url(fake: FakeDav) -> Iterator[str]:
    with running(fake) as peer:
        yield peer.url


def adding(user: User, url: str) -> Connection:
    """A connection to which goes what its owner adds for themselves."""
    return visit(user, connected(user, url, additions=("Friends", "Work")))


def add_some(user: User) -> None:
    with entered(user) as actor:
        added = create_person(actor=actor, name="Nora Vis", circle_key="me")
        add_contact_point(actor=actor, relation=added, text="nora@vis.example")
        create_person(actor=actor, name="Everybodys", circle_key="everyone")
        create_person(actor=actor, name="Brought In", circle_key="me", source=Source.IMPORT)
        when = now() + timedelta(days=3)
        for title, repeat in (("Lunch", ""), ("Training", "FREQ=WEEKLY;COUNT=4")):
            plan_appointment(
                actor=actor,
                plan=Plan(repeat=repeat),
                kind=MomentKind.MEETING,
                participants=[],
                occurred_at=when,
                ends_at=when + timedelta(hours=1),
                subject=title,
                circle="me",
            )


def said(fake: FakeDav, folder: str, name: str) -> list[str]:
    """What stands in the objects of a folder under a name, in the order of their addresses."""
    texts = [text.replace("\r\n ", "") for path, text in sorted(fake.objects.items()) if path.startswith(folder)]
    return [line for text in texts for line in re.findall(rf"^{name}[:;](.*?)\r$", text, re.MULTILINE)]


def test_what_one_adds_goes_there_once_and_follows_what_changes(cast: Cast, fake: FakeDav, url: str) -> None:
    with entered(cast.alice) as actor:
        create_person(actor=actor, name="From Before", circle_key="me")
    connection = visit(cast.alice, connected(cast.alice, url, additions=("Friends", "Lost", "Work")))
    add_some(cast.alice)

    assert wrote(cast.alice, connection) == 3
    with entered(cast.alice):
        assert "does not go to Lost" in ConnectionProblem.objects.get().reason
    assert said(fake, BOOK, "FN") == ["Nora Vis"]
    assert sorted(said(fake, AGENDA, "SUMMARY")) == ["Lunch", "Training"]
    assert said(fake, AGENDA, "RRULE") == ["FREQ=WEEKLY;COUNT=4"]
    assert wrote(cast.alice, connection) == 0
    before = titles(cast.alice)
    visit(cast.alice, connection)
    assert wrote(cast.alice, connection) == 0
    assert titles(cast.alice) == before
    with entered(cast.alice) as actor:
        add_contact_point(actor=actor, relation=Relation.objects.get(name="Nora Vis"), text="+31612345678")
    assert wrote(cast.alice, connection) == 1
    assert said(fake, BOOK, "TEL") == ["TYPE=PREF:+31612345678"]


def test_nothing_goes_there_unless_its_owner_said_so(cast: Cast, fake: FakeDav, url: str) -> None:
    connection = visit(cast.alice, connected(cast.alice, url))
    add_some(cast.alice)

    assert wrote(cast.alice, connection) == 0
    assert fake.puts == []


def test_its_owner_says_so_when_they_choose_and_takes_it_back_later(
    cast: Cast, fake: FakeDav, url: str, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(cast.alice)
    account = {"server": url, "user_name": "us", "password": "app-word", "writes_back": "on"}
    added = client.post(reverse("moments:connection_new", args=["dav"]), account | {"name": "Cloud", "is_inside": "on"})
    page = added["Location"]
    assert 'name="additions" value="Friends"' in " ".join(client.get(page).content.decode().split())
    with entered(cast.alice):
        one = Connection.objects.get()
    begin = {"folders": ["Friends", "Work"], "additions": ["Friends"], "circle": "me"}
    assert client.post(reverse("moments:connection_start", args=[one.id]), begin).status_code == 302
    assert additions_of(cast.alice) == ["Friends"]
    assert "Friends" in client.get(page).content.decode()

    changed = client.post(reverse("moments:connection_account", args=[one.id]), account | {"password": ""})
    assert (changed.status_code, additions_of(cast.alice)) == (302, [])


def additions_of(user: User) -> list[str]:
    with entered(user):
        found: list[str] = Connection.objects.get().settings["additions"]
        return found


@pytest.mark.parametrize("is_heard_first", [True, False])
def test_a_crash_on_the_way_brings_nothing_there_twice(
    cast: Cast, fake: FakeDav, url: str, monkeypatch: pytest.MonkeyPatch, is_heard_first: bool
) -> None:
    connection = adding(cast.alice, url)
    with entered(cast.alice) as actor:
        create_person(actor=actor, name="Nora Vis", circle_key="me")
    with monkeypatch.context() as broken:
        broken.setattr("plein.dav.writing_back._as_it_stands", lambda *_all: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            wrote(cast.alice, connection)
    assert len(fake.puts) == 1
    [path] = fake.objects
    fake.put(path, fake.objects[path].replace("END:VCARD", "NOTE:Added there\r\nEND:VCARD"))

    if is_heard_first:
        visit(cast.alice, connection)
    assert wrote(cast.alice, connection) == 0
    visit(cast.alice, connection)

    assert len(fake.puts) == 1 and len(fake.objects) == 1
    with entered(cast.alice):
        assert Relation.objects.get(name="Nora Vis").about == "Added there"
        assert not Mirrored.objects.get().is_waiting


def test_what_is_ours_there_is_ours_under_any_name_and_in_any_connection(cast: Cast, fake: FakeDav, url: str) -> None:
    connection = adding(cast.alice, url)
    add_some(cast.alice)
    wrote(cast.alice, connection)
    for path, text in list(fake.objects.items()):
        fake.drop(path)
        fake.put(path.replace(path.rsplit("/", 1)[1], f"renamed-{path.rsplit('/', 1)[1]}"), text)
    with entered(cast.alice):
        counts = Relation.objects.count(), Moment.objects.count()

    visit(cast.alice, connection)
    again = adding(cast.alice, url)
    assert wrote(cast.alice, connection) == wrote(cast.alice, again) == 0

    with entered(cast.alice):
        assert (Relation.objects.count(), Moment.objects.count()) == counts
        assert set(Mirrored.objects.values_list("is_gone", flat=True)) == {False}


def todos(user: User) -> list[tuple[str, str, bool]]:
    with entered(user):
        return [(one.title, one.note, one.done_at is not None) for one in ToDo.objects.order_by("title")]


def test_todos_go_both_ways_and_each_is_done_on_both_sides(cast: Cast, fake: FakeDav, url: str) -> None:
    long_ago = "COMPLETED:20200101T090000Z"
    fake.put(f"{TASKS}a.ics", todo("a", "Call Anna", "DUE;VALUE=DATE:20261224", "X-ODD:kept"))
    fake.put(f"{TASKS}b.ics", todo("b", "Write Bram"))
    fake.put(f"{TASKS}c.ics", todo("c", "Long done", "STATUS:COMPLETED", long_ago))
    connection = visit(cast.alice, connected(cast.alice, url, additions=("Tasks",)))
    assert (connection.problem, connection.counts["refused"]) == ("", 0)
    assert todos(cast.alice) == [("Call Anna", "", False), ("Write Bram", "", False)]
    assert wrote(cast.alice, connection) == 0

    with entered(cast.alice) as actor:
        tick_todo(actor=actor, todo=ToDo.objects.get(title="Call Anna"))
        create_todo(actor=actor, title="Ours", circle="me")
        create_todo(actor=actor, title="Of everybody", circle="everyone")
    fake.put(f"{TASKS}b.ics", todo("b", "Write Bram", "DESCRIPTION:About nets", "STATUS:COMPLETED"))
    visit(cast.alice, connection)
    assert wrote(cast.alice, connection) == 2
    visit(cast.alice, connection)
    assert wrote(cast.alice, connection) == 0

    assert sorted(said(fake, TASKS, "SUMMARY")) == ["Call Anna", "Long done", "Ours", "Write Bram"]
    assert "STATUS:COMPLETED" in fake.objects[f"{TASKS}a.ics"] and "X-ODD:kept" in fake.objects[f"{TASKS}a.ics"]
    assert ("Write Bram", "About nets", True) in todos(cast.alice)


def test_a_todo_that_both_sides_changed_waits_for_a_decision(
    cast: Cast, fake: FakeDav, url: str, signed_in: Callable[[User], Client]
) -> None:
    fake.put(f"{TASKS}a.ics", todo("a", "Call Anna"))
    connection = visit(cast.alice, connected(cast.alice, url))
    with entered(cast.alice) as actor:
        one = ToDo.objects.get()
        edit_todo(actor=actor, todo=one, changes={"title": "Mail Anna"}, based_on=one.version)
    fake.put(f"{TASKS}a.ics", todo("a", "Visit Anna", "DESCRIPTION:Soon"))
    visit(cast.alice, connection)
    assert wrote(cast.alice, connection) == 0

    client = signed_in(cast.alice)
    page = client.get(reverse("dav:elsewhere", args=[connection.id])).content.decode()
    assert "Here “Mail Anna”, there “Visit Anna”." in page and str(one.id) in page
    with entered(cast.alice):
        waits = Mirrored.objects.exclude(theirs="").get()
    assert client.post(reverse("dav:decide", args=[connection.id, waits.id]), {"keep": "mine"}).status_code == 302
    assert todos(cast.alice) == [("Mail Anna", "Soon", False)]
    assert wrote(cast.alice, connection) == 1
    assert said(fake, TASKS, "SUMMARY") == ["Mail Anna"] and said(fake, TASKS, "DESCRIPTION") == ["Soon"]


def test_a_photo_goes_there_and_one_that_is_not_kept_there_stays_here(cast: Cast, fake: FakeDav, url: str) -> None:
    fake.put(f"{BOOK}anna.vcf", card("Anna Bos", "anna"))
    connection = visit(cast.alice, connected(cast.alice, url))

    def photo(data: bytes) -> Relation:
        with entered(cast.alice) as actor:
            return set_photo(actor=actor, relation=Relation.objects.get(name="Anna Bos"), data=data)

    photo(PIXEL)
    assert wrote(cast.alice, connection) == 1
    assert len(said(fake, BOOK, "PHOTO")) == 1
    visit(cast.alice, connection)
    assert wrote(cast.alice, connection) == 0
    with entered(cast.alice) as actor:
        remove_photo(actor=actor, relation=Relation.objects.get(name="Anna Bos"))
    assert wrote(cast.alice, connection) == 1
    assert said(fake, BOOK, "PHOTO") == []

    fake.keeps_photos = False
    shown = photo(PIXEL + b"1").photo
    assert wrote(cast.alice, connection) == 1
    visit(cast.alice, connection)
    assert wrote(cast.alice, connection) == 0
    with entered(cast.alice):
        assert Relation.objects.get(name="Anna Bos").photo == shown
