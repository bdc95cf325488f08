# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was recognised shows on the page of a moment and on timelines, and colleagues may say that it is otherwise."""

from collections.abc import Callable

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.core.models import Operation
from plein.core.operations import operation, undo
from plein.moments.models import Correction, Moment, MomentText, Recognised
from plein.moments.queries import heard_in
from plein.moments.tests.recognised import make_recognised
from plein.relations.models import Relation
from plein.testing.budgets import within_budget
from plein.testing.factories import make_moment, make_person
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]
type SignIn = Callable[[User], Client]
TEXT = "Hoe was Rome? Wat kost dat dak bij Vechtdal?"


@pytest.fixture
def henk(alice: User) -> Relation:
    with entered(alice):
        return make_person()


@pytest.fixture
def mail(alice: User, henk: Relation) -> Moment:
    """A mail with small talk, a question and the name of an organization."""
    with entered(alice) as actor:
        made = make_moment(henk, title="Dak", text=TEXT, kind="email", direction="inbound")
        make_recognised(
            actor,
            made,
            labels={"question": 0.93, "buying_intent": 0.61},
            small_talk=[[0, 13]],
            mentions=[["organization", 35, 43]],
            reasons={"question": [[14, 17]], "buying_intent": [[18, 22]]},
        )
        return made


def talk(alice: User, *people: Relation, text: str, relevance: str = "small_talk") -> Moment:
    with entered(alice) as actor:
        made = make_moment(*people, title="Rome", text=text, kind="email", direction="inbound")
        make_recognised(actor, made, relevance=relevance)
        return made


def said(user: User, moment: Moment) -> dict[str, str]:
    with entered(user):
        return {about: one.value for about, one in heard_in([moment.id])[moment.id].said.items()}


def correct(client: Client, moment: Moment, about: str, value: str) -> int:
    return client.post(f"/moments/{moment.id}/recognised", {"about": about, "value": value}).status_code


def test_the_page_tells_what_it_looks_like_and_marks_the_words(bob: User, mail: Moment, signed_in: SignIn) -> None:
    client = signed_in(bob)
    client.get(f"/moments/{mail.id}/")
    with within_budget(__file__, "moment"):
        page = client.get(f"/moments/{mail.id}/").text

    assert page.index("Question") < page.index("Wants to buy") and "sure" in page and "probably" in page
    assert '<mark class="talk">Hoe was Rome?</mark>' in page
    assert 'data-leads="question">Wat</mark> <mark class="leads" data-leads="buying_intent">kost</mark>' in page
    assert '<mark class="names is-organization" title="an organization">Vechtdal</mark>' in page
    assert 'data-command="label-1"' in page and 'data-command="worth"' in page


def test_one_key_says_that_a_kind_is_wrong_and_undo_takes_it_back(
    alice: User, bob: User, mail: Moment, signed_in: SignIn
) -> None:
    client = signed_in(bob)
    assert correct(client, mail, "question", "no") == 302
    page = client.get(f"/moments/{mail.id}/").text

    assert said(alice, mail) == {"question": "no"} and "you said" in page
    assert "a colleague said" in signed_in(alice).get(f"/moments/{mail.id}/").text
    with entered(bob):
        assert "question" not in heard_in([mail.id])[mail.id].labels
        undo(Operation.objects.filter(verb="correct_recognition").latest("started_at").id)
        assert heard_in([mail.id])[mail.id].labels == ["question", "buying_intent"]


def test_what_is_said_again_is_changed_and_never_doubled(alice: User, mail: Moment, signed_in: SignIn) -> None:
    client = signed_in(alice)
    for value in ("negative", "positive", "positive"):
        assert correct(client, mail, "sentiment", value) == 302

    with entered(alice):
        assert [one.value for one in Correction.objects.all()] == ["positive"]


def test_nobody_says_what_a_text_cannot_be(alice: User, mail: Moment, signed_in: SignIn) -> None:
    client = signed_in(alice)

    assert correct(client, mail, "colour", "red") == 422 and correct(client, mail, "question", "perhaps") == 422
    assert said(alice, mail) == {}


def test_strangers_and_guests_of_a_narrower_circle_say_nothing(
    alice: User, bob: User, charlie: User, henk: Relation, signed_in: SignIn
) -> None:
    with entered(alice) as actor:
        hidden = make_moment(henk, text=TEXT, circle_id=only_me())
        make_recognised(actor, hidden, labels={"complaint": 0.9})

    for stranger in (bob, charlie):
        client = signed_in(stranger)
        assert correct(client, hidden, "complaint", "no") == 404
        assert client.post(f"/threads/{hidden.thread_id}/refile", {"relevance": "business"}).status_code == 404
        with entered(stranger):
            assert not Recognised.objects.exists() and heard_in([hidden.id]) == {}
    assert said(alice, hidden) == {}


def test_what_was_recognised_moves_along_with_its_text(alice: User, bob: User, mail: Moment) -> None:
    with entered(alice), operation("change_text_circle"):
        MomentText.objects.filter(moment=mail).update(own_circle_id=only_me())
        Correction.objects.create(moment=mail, text=MomentText.objects.get(moment=mail), about="praise", value="yes")

    with entered(bob):
        assert not Recognised.objects.exists() and not Correction.objects.exists()
    with entered(alice):
        assert Recognised.objects.exists() and Correction.objects.exists()


def test_of_another_text_nothing_holds(alice: User, mail: Moment) -> None:
    with entered(alice):
        with operation("edit_moment"):
            MomentText.objects.filter(moment=mail).update(text="Nee")

        assert heard_in([mail.id])[mail.id].version == "" and heard_in([mail.id])[mail.id].mentions == ()


def test_small_talk_folds_away_on_the_timeline_and_is_found_all_the_same(
    alice: User, bob: User, henk: Relation, mail: Moment, signed_in: SignIn
) -> None:
    for number in range(3):
        talk(alice, henk, text=f"Het was heerlijk in Toscane, dag {number}")
    talk(alice, henk, text="Uw wekelijkse aanbieding", relevance="filed")
    client = signed_in(bob)
    page = client.get(f"/relations/{henk.id}/timeline").text

    assert "3 small-talk messages" in page and "1 message filed itself" in page
    assert page.index("Wat kost dat dak") < page.index("3 small-talk messages") < page.index("Toscane, dag 1")
    assert "Toscane" in client.get("/search/?q=Toscane").text


def test_a_conversation_is_filed_anew_with_one_click_and_a_trace(
    alice: User, bob: User, henk: Relation, signed_in: SignIn
) -> None:
    first = talk(alice, henk, text="Leuk dat je belde")
    with entered(alice) as actor:
        second = make_moment(henk, text="Dat dak dus", thread_id=first.thread_id, kind="email")
        make_recognised(actor, second, relevance="small_talk")
    client = signed_in(bob)
    assert "2 small-talk" not in client.get(f"/relations/{henk.id}/timeline").text
    answer = client.post(f"/threads/{first.thread_id}/refile", {"relevance": "business", "back": str(first.id)})

    assert answer.status_code == 302 and str(first.id) in answer["Location"]
    assert said(alice, first) == said(alice, second) == {"relevance": "business"}
    assert "small-talk" not in client.get(f"/relations/{henk.id}/timeline").text
    assert "Filed a conversation anew" in client.get("/history/").text
    with entered(bob):
        undo(Operation.objects.filter(verb="refile_thread").latest("started_at").id)
    assert said(alice, first) == said(alice, second) == {}


def test_programs_read_and_correct_it_too(bob: User, mail: Moment, calling: Calling) -> None:
    caller = calling(bob, "all")
    before = caller.read(f"/moments/{mail.id}/recognition")
    after = caller.write("POST", f"/moments/{mail.id}/corrections", {"about": "relevance", "value": "small_talk"})

    assert before["labels"] == ["question", "buying_intent"] and before["small_talk_spans"] == [[0, 13]]
    assert before["reasons"]["question"] == [[14, 17]] and before["relevance"] == "business"
    assert after["relevance"] == "small_talk"
    assert caller.read(f"/moments/{mail.id}")["relevance"] == "small_talk"
    assert caller.send("DELETE", f"/moments/{mail.id}/corrections/relevance").status_code == 204
    assert caller.read(f"/moments/{mail.id}/recognition")["relevance"] == "business"
