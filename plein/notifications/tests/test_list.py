# SPDX-License-Identifier: AGPL-3.0-or-later
import json
import re
from collections.abc import Callable

import pytest
from django.test import Client

from plein.core.ids import new_id
from plein.moments import actions as moments
from plein.notifications.models import Notification
from plein.notifications.queries.lines import PAGE
from plein.notifications.tests.at_work import lines, seat_id_of, unread, work
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.testing.factories import make_person
from plein.trust.models import User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def henk(alice: User) -> Relation:
    with entered(alice):
        return make_person()


@pytest.fixture
def mentioned(alice: User, bob: User, henk: Relation) -> None:
    """Bob was named three times."""
    for number in range(3):
        with entered(alice) as actor:
            part = moments.Part(henk.id, "about")
            text = f"Nummer {number} voor @Bob"
            moments.record_moment(actor=actor, kind="note", participants=[part], text=text)
    work()


@pytest.mark.usefixtures("mentioned")
def test_the_list_shows_what_concerns_me_and_nobody_elses(
    alice: User, bob: User, gina: User, charlie: User, signed_in: SignIn
) -> None:
    seen = signed_in(bob).get("/notifications/").text

    assert seen.count("Alice names you in what was written about Henk van Dijk</a>") == 3
    assert "Nummer 2 voor @Bob" in seen
    for somebody in (alice, gina, charlie):
        assert "Nothing for you yet" in signed_in(somebody).get("/notifications/").text


@pytest.mark.usefixtures("mentioned")
def test_one_line_is_read_and_unread_again(bob: User, signed_in: SignIn) -> None:
    client, line = signed_in(bob), lines(bob)[0]
    read = client.post(f"/notifications/{line.id}/read/", {"read": "1"}, headers=HTMX)

    assert read.status_code == 200
    assert "Mark as new" in read.text and "<html" not in read.text
    assert unread(bob) == 2
    assert client.get("/notifications/?show=unread").text.count('name="read" value="1"') == 2

    again = client.post(f"/notifications/{line.id}/read/", {"read": "0"})
    assert again.status_code == 302
    assert unread(bob) == 3


@pytest.mark.usefixtures("mentioned")
def test_all_are_read_and_the_toast_turns_it_back(bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)
    done = client.post("/notifications/read/", headers=HTMX)
    undo = json.loads(done.headers["HX-Trigger"])["plein:toast"]["undo"]

    assert done.status_code == 204
    assert unread(bob) == 0
    assert "It is quiet on the square" in client.get("/notifications/?show=unread").text

    assert client.post(undo).status_code == 204
    assert unread(bob) == 3
    assert client.post(undo).status_code == 404


@pytest.mark.usefixtures("mentioned")
def test_nobody_reads_or_unreads_what_is_somebody_elses(
    alice: User, bob: User, gina: User, charlie: User, signed_in: SignIn
) -> None:
    line = lines(bob)[0]
    done = signed_in(bob).post("/notifications/read/", headers=HTMX)
    undo = json.loads(done.headers["HX-Trigger"])["plein:toast"]["undo"]

    for somebody in (alice, gina, charlie):
        client = signed_in(somebody)
        assert client.post(f"/notifications/{line.id}/read/").status_code == 404
        assert client.get(f"/notifications/{line.id}/words/").status_code == 404
        assert client.post(undo).status_code == 404
        assert client.post("/notifications/read/").status_code == 302
    assert unread(bob) == 0


@pytest.mark.usefixtures("mentioned")
def test_what_a_device_asks_for_is_told_to_its_reader_only_while_unread(bob: User, signed_in: SignIn) -> None:
    client, line = signed_in(bob), lines(bob)[0]

    words = client.get(f"/notifications/{line.id}/words/").json()
    assert words["title"] == "Alice names you in what was written about Henk van Dijk"
    assert words["href"].startswith("/moments/")
    client.post(f"/notifications/{line.id}/read/")
    assert client.get(f"/notifications/{line.id}/words/").status_code == 404
    assert client.get(f"/notifications/{new_id()}/words/").status_code == 404


def test_a_long_list_comes_in_pages_without_gaps(alice: User, bob: User, henk: Relation, signed_in: SignIn) -> None:
    bobs = seat_id_of(bob)
    with entered(bob):
        Notification.objects.bulk_create(
            Notification(seat_id=bobs, kind="followed", what="owner", act=new_id(), about=new_id(), relation_id=henk.id)
            for _number in range(PAGE * 2 + 5)
        )
    client, address, seen = signed_in(bob), "/notifications/", list[str]()
    while address:
        page = client.get(address).text
        seen += re.findall(r'id="line-([0-9a-f-]+)"', page)
        more = re.search(r'class="button" href="(/notifications/\?after=[^"]+)"', page)
        address = more.group(1).replace("&amp;", "&") if more else ""

    assert len(seen) == len(set(seen)) == PAGE * 2 + 5
    assert client.get("/notifications/?after=nonsense~x").status_code == 200
    assert unread(bob) == PAGE * 2 + 5


@pytest.mark.usefixtures("mentioned")
def test_looking_at_the_list_marks_nothing_and_asks_little(bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)
    client.get("/notifications/")
    with within_budget(__file__, "list"):
        client.get("/notifications/")
    with within_budget(__file__, "unread"):
        client.get("/notifications/?show=unread")
    with within_budget(__file__, "settings"):
        client.get("/settings/notifications/")
    with within_budget(__file__, "colleagues"):
        client.get("/notifications/colleagues/?q=a", headers=HTMX)

    assert unread(bob) == 3


def test_following_is_a_button_and_mine_alone(
    alice: User, bob: User, charlie: User, henk: Relation, signed_in: SignIn
) -> None:
    client, address = signed_in(bob), f"/relations/{henk.id}/follow/"
    on = client.post(address, {"follow": "1"}, headers=HTMX)

    assert 'aria-pressed="true"' in on.text and 'data-command="follow"' in on.text
    assert 'id="follow"' in client.get(f"/relations/{henk.id}/").text
    others = signed_in(alice).get(f"/relations/{henk.id}/").text
    assert re.search(r'aria-pressed="false"[^>]*title="Hear of', others)
    assert signed_in(charlie).post(address, {"follow": "1"}).status_code == 404

    off = client.post(address, {"follow": "0"})
    assert off.status_code == 302
    assert re.search(r'aria-pressed="false"[^>]*title="Hear of', client.get(f"/relations/{henk.id}/").text)
