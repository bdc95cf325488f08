# SPDX-License-Identifier: AGPL-3.0-or-later
"""People from outside are asked only by name, only by who asked, only when they let us, and by mail."""

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.asking.tests.conftest import box, text_of, work
from plein.consent.actions import set_steps
from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import CannotUndo, undo
from plein.moments.models import Moment, Participant
from plein.mypage.tests.conftest import visitor
from plein.outbox.models import Mail
from plein.questions.actions import ask_outside, note_answer
from plein.questions.models import Answer, Asked, Question
from plein.questions.queries import question_of
from plein.questions.refusals import CannotAsk
from plein.questions.tests.conftest import PUMPS, SignIn, Square, due, over
from plein.questions.tests.conftest import work as work_here
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.testing.factories import make_contact_point, make_decision, make_moment, make_person
from plein.testing.mail_server import Box
from plein.trust.models import User
from plein.trust.seats import entered

pytestmark = pytest.mark.django_db
__all__ = ["box", "calling"]


@pytest.fixture
def henk(square: Square) -> Relation:
    """Henk, who has an address of his own and spoke of heat pumps."""
    with entered(square.users["alice"]):
        person = make_person("Henk Vos", language="en")
        make_contact_point(person, "email", "henk@vos.example", is_primary=True)
        make_moment(person, title="Over de warmtepomp", kind="visit")
        return person


def suggested(client: Client, question: Question) -> str:
    return client.get(f"/questions/{question.id}/outside/").text


def send(user: User, question: Question, *people: Relation) -> None:
    with entered(user) as actor:
        ask_outside(actor=actor, question=question, people=[one.id for one in people])


def test_one_asks_somebody_outside_by_mail_and_notes_the_answer(
    square: Square, henk: Relation, box: Box, signed_in: SignIn
) -> None:
    question, client = square.ask("alice", PUMPS, "bob"), signed_in(square.users["alice"])
    assert "Ask people outside too" in client.get(f"/questions/{question.id}/").text
    with within_budget(__file__, "outside"):
        page = client.get(f"/questions/{question.id}/outside/")
    assert "Henk Vos" in page.text and "Was there once for warmtepompen" in page.text and " checked" not in page.text

    sent = client.post(f"/questions/{question.id}/outside/", {"people": [str(henk.id)]})
    assert sent.status_code == 302
    with entered(square.users["alice"]):
        Mail.objects.update(send_at=now())
    work("outbox.")
    assert PUMPS in text_of(box) and "Hello Henk Vos," in text_of(box)
    assert "Henk Vos" not in suggested(client, question)

    noted = {"person": str(henk.id), "text": "Nefit, zegt hij."}
    assert client.post(f"/questions/{question.id}/note/", noted | {"text": ""}).status_code == 422
    assert client.post(f"/questions/{question.id}/note/", noted | {"person": str(question.id)}).status_code == 422
    with within_budget(__file__, "note"):
        assert "Henk Vos" in client.get(f"/questions/{question.id}/note/").text
    assert client.post(f"/questions/{question.id}/note/", noted).status_code == 302
    with entered(square.users["jet"]) as jet:
        standing = question_of(question.id, jet.seat_id)
        assert standing is not None and [(one.name, one.text) for one in standing.answers] == [
            ("Henk Vos", "Nefit, zegt hij.")
        ]
        moment = Moment.objects.get(id=standing.answers[0].answer.moment_id)
        assert moment.kind == "note" and Participant.objects.get(moment=moment, relation=henk).role == "about"


def test_who_does_not_let_us_is_not_suggested_and_not_asked(
    square: Square, henk: Relation, box: Box, signed_in: SignIn
) -> None:
    alice, question = square.users["alice"], square.ask("alice", PUMPS, "bob")
    client = signed_in(alice)
    with entered(alice) as actor:
        set_steps(actor=actor, steps="consent")
    assert "Henk Vos" not in suggested(client, question)
    with pytest.raises(CannotAsk, match="has not said yes"):
        send(alice, question, henk)
    with entered(alice) as actor:
        make_decision(actor, henk, "introductions", "given")
    assert "Henk Vos" in suggested(client, question)
    with entered(alice) as actor:
        set_steps(actor=actor, steps="objection")
        make_decision(actor, henk, "introductions", "refused")
    assert "Henk Vos" not in suggested(client, question)
    with pytest.raises(CannotAsk, match="does not want"):
        send(alice, question, henk)
    assert client.post(f"/questions/{question.id}/outside/", {"people": [str(henk.id)]}).status_code == 422
    assert client.post(f"/questions/{question.id}/outside/", {"people": ["x"]}).status_code == 422
    assert client.post(f"/questions/{question.id}/outside/", {}).status_code == 422
    with entered(alice):
        assert not Mail.objects.exists() and Asked.objects.count() == 1


def test_nobody_outside_is_asked_three_times_a_week_or_by_a_job(square: Square, henk: Relation, box: Box) -> None:
    for name in ("alice", "bob"):
        send(square.users[name], square.ask(name, PUMPS, "dana"), henk)
    third = square.ask("erik", PUMPS, "fleur")
    with pytest.raises(CannotAsk, match="twice this week"):
        send(square.users["erik"], third, henk)
    with entered(square.users["erik"]):
        assert not Mail.objects.exists()

    other = square.ask("gijs", PUMPS, "hanna")
    over(square.users["gijs"], other, ring_until=now())
    due("widen")
    work_here()
    with entered(square.users["gijs"]):
        assert Asked.objects.count() > 1 and not Asked.objects.filter(person__seat__isnull=True).exists()


def test_what_was_asked_outside_and_noted_is_turned_back(square: Square, henk: Relation, box: Box) -> None:
    alice, question = square.users["alice"], square.ask("alice", PUMPS, "bob")

    def turn_back(verb: str) -> None:
        with entered(alice):
            undo(Operation.objects.filter(verb=verb).latest("started_at").id)

    send(alice, question, henk)
    turn_back("ask_outside")
    with entered(alice):
        assert not Mail.objects.exists() and Asked.objects.count() == 1
    send(alice, question, henk)
    with pytest.raises(CannotAsk, match="already"):
        send(alice, question, henk)
    with entered(alice) as actor:
        note_answer(actor=actor, question=question, person=henk.id, text="Nefit")
    turn_back("note_answer")
    with entered(alice):
        assert not Answer.objects.exists() and not Moment.objects.filter(kind="note").exists()
        Mail.objects.update(send_at=now())
    work("outbox.")
    with pytest.raises(CannotUndo):
        turn_back("ask_outside")


def test_their_own_page_tells_that_they_were_asked(square: Square, henk: Relation, box: Box) -> None:
    send(square.users["alice"], square.ask("alice", PUMPS, "bob"), henk)
    page = visitor(square.users["alice"], henk).get("/my/").text
    assert "When you were asked something" in page and "Alice asked you" in page and "a question, by mail" in page
    assert PUMPS not in page


def test_only_who_asked_may_and_it_goes_by_program_too(
    square: Square, henk: Relation, box: Box, signed_in: SignIn, calling: Calling
) -> None:
    question = square.ask("alice", PUMPS, "bob")
    bob = signed_in(square.users["bob"])
    for part in ("outside", "note"):
        assert bob.get(f"/questions/{question.id}/{part}/").status_code == 404
        assert bob.post(f"/questions/{question.id}/{part}/", {"people": [str(henk.id)]}).status_code == 404
    alice = calling(square.users["alice"], "all")
    [found] = alice.get(f"/questions/{question.id}/outside").json()["items"]
    asked = alice.send("POST", f"/questions/{question.id}/outside", json={"people": [found["person"]["id"]]}).json()
    assert [one["name"] for one in asked["asked"]] == ["Bob", "Henk Vos"]
    noted = {"person": str(henk.id), "text": "Nefit"}
    told = alice.send("POST", f"/questions/{question.id}/noted", json=noted).json()
    assert told["answers"][0]["name"] == "Henk Vos"
    again = alice.send("POST", f"/questions/{question.id}/outside", json={"people": [str(henk.id)]})
    assert again.status_code == 422
    wrong = alice.send("POST", f"/questions/{question.id}/noted", json=noted | {"person": str(question.id)})
    assert wrong.status_code == 422
