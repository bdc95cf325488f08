# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of who asks and of who is asked, and the same by program."""

from typing import Any

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.asking.models import IntroductionRequest, Turn
from plein.asking.tests.conftest import People, SignIn, answer, ask, by_mail, reply, turn_of, work
from plein.core.ids import new_id
from plein.mypage.tests.conftest import visitor
from plein.network.models import Refusal
from plein.testing.budgets import within_budget
from plein.testing.mail_server import Box
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
__all__ = ["calling"]


def way(*people: Any) -> str:
    return ",".join(str(one.id) for one in people)


def test_one_asks_from_the_bar_below_the_chosen_way(alice: User, bob: User, people: People, signed_in: SignIn) -> None:
    client = signed_in(alice)
    page = client.get("/network/", {"to": str(people.rik.id)})
    assert "Ask Bob" in page.text and "I would like to meet Rik Jansen." in page.text

    whole = way(people.alice, people.bob, people.rik)
    form = client.get("/introductions/new/", {"to": str(people.rik.id), "people": whole})
    assert form.status_code == 200 and "Bob finds it on their list." in form.text

    sent = client.post(
        "/introductions/new/", {"to": str(people.rik.id), "people": whole, "text": "Mag ik?", "purpose": "Warmte"}
    )
    assert sent.status_code == 302 and sent["Location"] == "/introductions/"
    assert turn_of(bob).text == "Mag ik?"
    assert "It is with Bob." in client.get("/introductions/").text


def test_a_form_that_cannot_be_keeps_what_was_written(alice: User, people: People, signed_in: SignIn) -> None:
    client, whole = signed_in(alice), way(people.alice, people.bob, people.rik)
    sent = {"to": str(people.rik.id), "people": whole, "text": "Mag ik even?"}
    assert client.post("/introductions/new/", sent).status_code == 302

    again = client.post("/introductions/new/", sent)
    assert again.status_code == 422 and "already" in again.text and "Mag ik even?" in again.text
    gone = client.post("/introductions/new/", sent | {"people": way(people.alice, people.rik)})
    assert gone.status_code == 422 and "no such way" in gone.text
    with entered(alice):
        assert IntroductionRequest.objects.count() == 1
    assert client.get("/introductions/new/").status_code == 302
    assert client.get("/introductions/new/", {"to": "rik"}).status_code == 404


def test_nobody_else_reads_a_request_or_a_turn(
    alice: User, bob: User, charlie: User, gina: User, people: People, signed_in: SignIn
) -> None:
    made = ask(alice, people.rik, people.alice, people.bob, people.rik)
    turn = turn_of(bob)

    assert signed_in(alice).get(f"/introductions/requests/{made.id}/").status_code == 200
    assert signed_in(bob).get(f"/introductions/{turn.id}/").status_code == 200
    for other in (bob, gina, charlie):
        assert signed_in(other).get(f"/introductions/requests/{made.id}/").status_code == 404
    for other in (alice, gina, charlie):
        assert signed_in(other).get(f"/introductions/{turn.id}/").status_code == 404
        assert signed_in(other).post(f"/introductions/{turn.id}/", {"answer": "made"}).status_code == 404
    for other in (bob, charlie):
        assert signed_in(other).post(f"/introductions/requests/{made.id}/withdraw/").status_code == 404
    assert signed_in(gina).post("/introductions/new/", {"to": str(people.rik.id)}).status_code == 403
    assert turn_of(bob).state == "asked"


def test_a_colleague_answers_on_the_page_and_may_be_asked_again(
    alice: User, bob: User, people: People, signed_in: SignIn
) -> None:
    ask(alice, people.rik, people.alice, people.bob, people.rik)
    client, turn = signed_in(bob), turn_of(bob)
    page = client.get(f"/introductions/{turn.id}/")
    assert "Ask the next person" not in page.text and "Never ask me about this person" in page.text

    assert client.post(f"/introductions/{turn.id}/", {}).status_code == 422
    assert client.post(f"/introductions/{turn.id}/", {"answer": "passed"}).status_code == 422
    assert client.post(f"/introductions/{turn.id}/", {"answer": "not_this"}).status_code == 302
    assert client.post(f"/introductions/{turn.id}/", {"answer": "made"}).status_code == 409

    assert "About whom you are not asked" in client.get("/introductions/").text
    assert client.post(f"/introductions/about/{people.rik.id}/again/").status_code == 302
    with entered(bob):
        assert not Refusal.objects.filter(seat__isnull=True).exists()


def test_withdrawing_and_the_days(alice: User, bob: User, people: People, signed_in: SignIn) -> None:
    made = ask(alice, people.rik, people.alice, people.bob, people.rik)
    client = signed_in(alice)
    assert client.post(f"/introductions/requests/{made.id}/withdraw/").status_code == 302
    assert client.post(f"/introductions/requests/{made.id}/withdraw/").status_code == 409

    assert client.post("/settings/introduction-requests/", {"days": "30"}).status_code == 302
    assert client.post("/settings/introduction-requests/", {"days": "0"}).status_code == 422
    assert 'value="30"' in client.get("/settings/introduction-requests/").text
    assert signed_in(bob).post("/settings/introduction-requests/", {"days": "5"}).status_code == 403


def test_looking_writes_nothing(alice: User, bob: User, people: People, box: Box, signed_in: SignIn) -> None:
    made = by_mail(alice, people)
    for path in ("/introductions/", f"/introductions/requests/{made.id}/", f"/introductions/new/?to={people.rik.id}"):
        assert signed_in(alice).get(path).status_code == 200
    with entered(alice):
        assert IntroductionRequest.objects.count() == 1


def test_it_is_all_there_by_program(alice: User, bob: User, people: People, calling: Calling) -> None:
    mine, theirs = calling(alice, "all"), calling(bob, "all")
    whole = [str(one.id) for one in (people.alice, people.bob, people.rik)]

    made = mine.send("POST", "/introduction-requests", json={"to": whole[-1], "people": whole, "purpose": "Warmte"})
    assert made.status_code == 201 and made.json()["stands"] == "It is with Bob."
    assert mine.get("/introduction-requests").json()["items"][0]["id"] == made.json()["id"]
    [turn] = theirs.get("/introduction-requests/asked").json()["items"]
    assert turn["target"]["name"] == "Rik Jansen" and "Warmte" in turn["text"]
    answered = theirs.send("POST", f"/introduction-requests/{made.json()['id']}/answer", json={"answer": "declined"})
    assert answered.status_code == 200
    assert (
        theirs.send("POST", f"/introduction-requests/{turn['id']}/answer", json={"answer": "made"}).status_code == 409
    )
    assert mine.get(f"/introduction-requests/{made.json()['id']}").json()["state"] == "ended"
    wrong = mine.send("POST", "/introduction-requests", json={"to": str(new_id())})
    assert wrong.status_code == 404
    none = mine.send("POST", "/introduction-requests", json={"to": str(people.henk.id)})
    assert none.status_code == 422 and "yourself" in str(none.json())


def test_somebody_reads_on_their_own_page_that_they_were_asked(alice: User, people: People, box: Box) -> None:
    by_mail(alice, people)
    reply(box, "not_this")

    page = visitor(alice, people.henk).get("/my/")
    assert "When you were asked something" in page.text and "Alice asked you" in page.text
    assert "said no" in page.text and "About one person you asked never to be asked" in page.text
    assert "Rik" not in page.text


@pytest.mark.parametrize("name", ["list", "ask", "request", "turn", "network"])
def test_statements(name: str, alice: User, bob: User, people: People, signed_in: SignIn) -> None:
    made = ask(alice, people.rik, people.alice, people.bob, people.rik)
    work()
    turn = turn_of(bob)
    answer(bob, "not_this")
    paths = {
        "list": (bob, "/introductions/"),
        "ask": (alice, f"/introductions/new/?to={people.ans.id}"),
        "request": (alice, f"/introductions/requests/{made.id}/"),
        "turn": (bob, f"/introductions/{turn.id}/"),
        "network": (alice, f"/network/?to={people.ans.id}"),
    }
    user, path = paths[name]
    client: Client = signed_in(user)
    client.get(path)
    with within_budget(__file__, name):
        assert client.get(path).status_code == 200
    with entered(bob):
        assert Turn.objects.count() == 1
