# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of who asks and of who is asked, and the same by program."""

import re

import pytest

from plein.api.tests.conftest import Calling, calling
from plein.core.ids import new_id
from plein.moments.models import ToDo
from plein.questions.models import Answer, Question, Turn
from plein.questions.tests.conftest import PUMPS, SignIn, Square, work
from plein.testing.budgets import within_budget
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
__all__ = ["calling"]


def test_one_asks_from_today_looks_who_gets_it_and_takes_somebody_out(square: Square, signed_in: SignIn) -> None:
    square.wrote("bob", "De warmtepomp draait."), square.wrote("dana", "Een warmtepomp gezien.", kind="call")
    square.wrote("bob", "Nog een warmtepomp.")
    client = signed_in(square.users["alice"])
    today = client.get("/")
    assert "Shout it across the square" in today.text and 'action="/questions/new/"' in today.text

    with within_budget(__file__, "preview"):
        page = client.post("/questions/new/", {"text": PUMPS, "step": "look"})
    assert page.status_code == 200 and "These may know" in page.text
    month = page.text.split("last in ")[1].split("<")[0]
    assert re.search(r"Wrote about warmtepompen 2 times, last in \w+", page.text) and month
    assert "De warmtepomp draait" not in page.text
    with entered(square.users["alice"]):
        assert not Question.objects.exists()

    sent = {"text": PUMPS, "circle": "everyone", "step": "ask", "people": [str(square.people["bob"].id)]}
    asked = client.post("/questions/new/", sent)
    with entered(square.users["alice"]):
        question = Question.objects.get()
    assert asked.status_code == 302 and asked["Location"] == f"/questions/{question.id}/"
    assert square.asked(question) == {"bob"}


def test_what_was_asked_before_is_shown_before_one_asks_again(square: Square, signed_in: SignIn) -> None:
    question = square.ask("alice", PUMPS, "bob")
    square.answer("bob", question, "Nefit weet alles.")
    page = signed_in(square.users["jet"]).get("/questions/new/", {"text": "Wie kent warmtepompen?"})
    assert "This was asked before" in page.text and "Nefit weet alles." in page.text


def test_who_is_asked_answers_and_the_best_is_kept(square: Square, signed_in: SignIn) -> None:
    question = square.ask("alice", PUMPS, "bob", "dana")
    work()
    bob, alice = signed_in(square.users["bob"]), signed_in(square.users["alice"])
    address = f"/questions/{question.id}/"
    assert "your turn" in bob.get("/questions/").text
    with within_budget(__file__, "question"):
        page = bob.get(address)
    assert "Do you know?" in page.text and "Whom you asked" not in page.text

    assert bob.post(f"{address}answer/", {"text": " "}).status_code == 422
    long = bob.post(f"{address}answer/", {"text": "w" * 20_001})
    assert long.status_code == 422 and "w" * 20_001 in long.text
    assert bob.post(f"{address}answer/", {"text": "Nefit"}).status_code == 302
    twice = bob.post(f"{address}answer/", {"text": "Nog een keer dit"})
    assert twice.status_code == 409 and "Nog een keer dit" in twice.text

    with entered(square.users["alice"]):
        answer = Answer.objects.get()
    with within_budget(__file__, "own"):
        mine = alice.get(address)
    assert "Nefit" in mine.text and "Whom you asked" in mine.text and "Keep as the answer" in mine.text
    assert bob.post(f"{address}best/{answer.id}/").status_code == 409
    assert alice.post(f"{address}best/{answer.id}/").status_code == 302
    assert "Bob had the answer." in alice.get("/questions/").text
    jet = signed_in(square.users["jet"])
    jet.get("/questions/")
    with within_budget(__file__, "list"):
        listed = jet.get("/questions/")
    assert "What others asked" in listed.text
    assert alice.post(f"{address}withdraw/").status_code == 409


def test_who_is_asked_passes_it_on_or_puts_it_aside(square: Square, signed_in: SignIn) -> None:
    question = square.ask("alice", PUMPS, "bob", "dana")
    address = f"/questions/{question.id}/"
    bob, dana = signed_in(square.users["bob"]), signed_in(square.users["dana"])
    assert bob.post(f"{address}pass/", {"person": "nobody"}).status_code == 422
    to_alice = bob.post(f"{address}pass/", {"person": str(square.people["alice"].id)})
    assert to_alice.status_code == 422
    assert bob.post(f"{address}pass/", {"person": str(square.people["jet"].id), "remark": "Jij?"}).status_code == 302
    assert "Bob thought that you may know." in signed_in(square.users["jet"]).get(address).text
    assert dana.post(f"{address}decline/").status_code == 302
    assert dana.post(f"{address}decline/").status_code == 409


def test_a_form_that_cannot_be_keeps_what_was_written(square: Square, signed_in: SignIn) -> None:
    client = signed_in(square.users["alice"])
    for step in ("look", "ask"):
        long = client.post("/questions/new/", {"text": "woord " * 2000, "step": step})
        assert long.status_code == 422 and "woord woord" in long.text and "4000 letters" in long.text
    assert client.post("/questions/new/", {"text": "", "step": "ask"}).status_code == 422
    nobody = client.post("/questions/new/", {"text": PUMPS, "step": "ask"})
    assert nobody.status_code == 422 and "at least one" in nobody.text and PUMPS in nobody.text
    alone = client.post("/questions/new/", {"text": PUMPS, "circle": "me", "step": "look"})
    assert alone.status_code == 200 and "nobody else here" in alone.text
    wrong = client.post("/questions/new/", {"text": PUMPS, "step": "ask", "people": ["x"]})
    assert wrong.status_code == 422
    with entered(square.users["alice"]):
        assert not Question.objects.exists()


def test_nobody_else_sees_it_and_a_guest_may_not_ask(
    square: Square, charlie: User, gina: User, signed_in: SignIn, calling: Calling
) -> None:
    question = square.ask("alice", PUMPS, "bob", circle="people:" + str(square.people["bob"].seat_id))
    address = f"/questions/{question.id}/"
    for user in (square.users["dana"], charlie):
        client = signed_in(user)
        assert client.get(address).status_code == 404
        for act in ("answer/", "pass/", "decline/", "withdraw/", f"best/{new_id()}/"):
            assert client.post(address + act, {"text": "Ik"}).status_code == 404
    assert signed_in(square.users["bob"]).post(f"{address}withdraw/").status_code == 404
    assert signed_in(gina).post("/questions/new/", {"text": PUMPS}).status_code == 403
    assert "Shout it" not in signed_in(gina).get("/").text
    with entered(square.users["bob"]):
        assert Turn.objects.get().state == "asked" and Question.objects.get().state == "underway"


def test_everything_also_goes_by_program(square: Square, calling: Calling) -> None:
    square.wrote("bob", "warmtepomp")
    alice, bob = calling(square.users["alice"], "all"), calling(square.users["bob"], "all")
    found = alice.get(f"/questions/suggestions?text={PUMPS}").json()
    assert [one["person"]["name"] for one in found["items"]] == ["Bob"] and "warmtepompen" in found["items"][0][
        "reason"
    ]
    made = alice.send("POST", "/questions", json={"text": PUMPS})
    assert made.status_code == 201 and [one["name"] for one in made.json()["asked"]] == ["Bob"]
    path = f"/questions/{made.json()['id']}"

    [waiting] = bob.get("/questions/asked").json()["items"]
    assert waiting["is_open"] and waiting["question"] == made.json()["id"]
    assert bob.get(path).json()["asked"] == []
    assert bob.send("POST", f"{path}/answer", json={"text": ""}).status_code == 422
    answered = bob.send("POST", f"{path}/answer", json={"text": "Nefit"}).json()
    assert bob.send("POST", f"{path}/answer", json={"text": "Nefit"}).status_code == 409
    assert bob.send("POST", f"{path}/pass", json={}).status_code == 409
    assert bob.send("POST", f"{path}/decline").status_code == 409
    assert bob.send("POST", f"{path}/withdraw").status_code == 404
    best = alice.send("POST", f"{path}/best/{answered['answers'][0]['id']}").json()
    assert best["state"] == "answered" and best["answers"][0]["is_best"]
    assert alice.send("POST", f"{path}/withdraw").status_code == 409
    assert [one["id"] for one in bob.get("/questions/answered").json()["items"]] == [made.json()["id"]]
    assert len(alice.get("/questions").json()["items"]) == 1
    assert alice.send("POST", "/questions", json={"text": "a" * 4001}).status_code == 422
    assert alice.send("POST", "/questions", json={"text": PUMPS, "circle": "team:nowhere"}).status_code == 422


def test_the_palette_offers_to_shout_what_it_did_not_find(square: Square, signed_in: SignIn) -> None:
    client = signed_in(square.users["alice"])
    found = client.get("/palette/", {"q": "keeperhandschoen"}, headers={"HX-Request": "true"})
    assert "/questions/new/?text=keeperhandschoen" in found.text
    assert "Shout" not in client.get("/palette/", {"q": "Bob"}, headers={"HX-Request": "true"}).text
    assert "/questions/new/?text=keeperhandschoen" in client.get("/search/", {"q": "keeperhandschoen"}).text


def test_a_workspace_with_nobody_else_says_so(charlie: User, signed_in: SignIn) -> None:
    page = signed_in(charlie).post("/questions/new/", {"text": PUMPS, "step": "look"})
    assert page.status_code == 200 and "nobody else here" in page.text
    with entered(charlie):
        assert not ToDo.objects.exists()
