# SPDX-License-Identifier: AGPL-3.0-or-later
"""A language model is asked where Plein is not sure and somebody agreed, about no more than that."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from plein.consent.actions import restrict
from plein.core import outside
from plein.core.ids import now
from plein.core.isolation import no_workspace
from plein.core.operations import operation
from plein.moments.actions import correct_recognition
from plein.moments.models import Moment, MomentText, Recognised
from plein.moments.queries import heard_in
from plein.moments.queries.recognised import Heard
from plein.moments.recogniser import Recogniser
from plein.moments.tests.recognised import make_recognised
from plein.opinions.actions import set_endpoint, try_endpoint
from plein.opinions.models import Endpoint, Spending
from plein.opinions.tests.conftest import TEXT, UNSURE, Facts, saying, turn, unsure
from plein.testing.cast import Cast
from plein.testing.factories import make_contact_point, make_moment, make_person
from plein.testing.peers import Peer
from plein.trust.circles import only_me
from plein.trust.models import Role, Seat, User
from plein.trust.seats import entered

type SignIn = Callable[[User], Client]


def heard(user: User, moment: Moment) -> Heard:
    with entered(user):
        return heard_in([moment.id])[moment.id]


def waiting_jobs() -> int:
    with no_workspace("count jobs"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'opinions.ask_unsure'")
        return int((cursor.fetchone() or [0])[0])


def test_without_anybody_agreeing_nothing_goes_out_at_all(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    monkeypatch.setattr(outside, "connect", lambda host, *_more, **_facts: tried.append(host))
    with entered(alice) as actor:
        workspace = actor.workspace_id
        made = make_moment(text=TEXT, kind="email", direction="inbound")
    assert Recogniser(alice, workspace).run(tier="light") == 1
    unsure(alice)

    assert (turn(alice), tried, waiting_jobs()) == (0, [], 0)
    assert heard(alice, made).opinion_by == ""


def test_it_is_asked_about_what_is_unsure_and_its_word_is_told_as_its_own(
    alice: User, agreed: None, model: Peer, signed_in: SignIn
) -> None:
    made = unsure(alice)
    assert waiting_jobs() == 1 and turn(alice) == 1 and turn(alice) == 0

    [asked] = model.asked
    sent = json.loads(asked.body)
    message = json.loads(sent["messages"][1]["content"])["message"]
    assert asked.headers["authorization"] == "Bearer sk-secret" and asked.path == "/v1/chat/completions"
    assert "zoeken wij een ander" in message and "Karin" not in message and "Mirjam" not in message
    assert "churn_threat" in sent["messages"][0]["content"] and "praise" not in sent["messages"][0]["content"]
    found = heard(alice, made)
    assert found.labels == ["churn_threat"] and found.opined == {"churn_threat", "complaint"}
    assert [TEXT[start:end] for start, end in found.reasons["churn_threat"]] == ["zoeken wij een ander"]
    page = signed_in(alice).get(f"/moments/{made.id}/").text
    assert "a language model thinks so" in page and "asked a language model: tiny." in page


def test_what_plein_or_a_colleague_is_sure_of_stays(alice: User, agreed: None, model: Peer) -> None:
    sure = unsure(alice, recognised={"labels": {"churn_threat": 0.02, "complaint": 0.95}})
    said = unsure(alice)
    with entered(alice) as actor:
        for about in ("churn_threat", "complaint"):
            correct_recognition(actor=actor, moment=said, about=about, value="no")
    assert turn(alice) == 0 and model.asked == []

    late = unsure(alice)
    assert turn(alice) == 1
    with entered(alice) as actor:
        correct_recognition(actor=actor, moment=late, about="churn_threat", value="no")
    assert heard(alice, late).labels == [] and heard(alice, sure).labels == ["complaint"]


def test_reading_a_text_again_keeps_its_word_only_while_plein_is_unsure(alice: User, agreed: None) -> None:
    made = unsure(alice)
    turn(alice)
    with entered(alice) as actor:
        make_recognised(actor, made, labels=UNSURE)
    assert heard(alice, made).chance("churn_threat") == 0.95
    with entered(alice) as actor:
        make_recognised(actor, made, labels=UNSURE | {"churn_threat": 0.9})
    assert heard(alice, made).chance("churn_threat") == 0.9 and heard(alice, made).opined == {"complaint"}
    with entered(alice) as actor, operation("edit_moment"):
        MomentText.objects.filter(moment=made).update(text="Dank je wel!")
        make_recognised(actor, made, labels=UNSURE)
    assert heard(alice, made).opinion_by == "" and turn(alice) == 1


def test_what_it_is_worth_is_decided_where_plein_could_not(alice: User, agreed: None, model: Peer) -> None:
    model.behaviour = lambda _request: saying({"labels": {"business": 0.97, "small_talk": 0.02}})
    made = unsure(alice, recognised={"labels": {}, "relevance": "unsure"})
    assert turn(alice) == 1 and heard(alice, made).relevance == "business"


def test_only_texts_of_the_circles_that_were_chosen_go(cast: Cast, agreed: None, facts: Facts, model: Peer) -> None:
    with entered(cast.alice):
        mine = only_me()
    with entered(cast.bob):
        his = only_me()
    unsure(cast.alice, circle_id=mine)
    unsure(cast.bob, circle_id=his)
    assert turn(cast.alice) == 0 and turn(cast.bob) == 0 and model.asked == []

    with entered(cast.alice) as actor:
        set_endpoint(actor=actor, facts=facts(audiences=("everyone", "me")))
    assert turn(cast.alice) == 0, "what came in before is not asked about"
    unsure(cast.alice, circle_id=mine)
    assert turn(cast.alice) == 1 and len(model.asked) == 1


def test_of_somebody_whose_data_are_not_used_nothing_goes(cast: Cast, agreed: None, model: Peer) -> None:
    with entered(cast.bob) as actor:
        hidden = make_person("Henk van Dijk", circle_id=only_me())
        point = make_contact_point(hidden, "email", "henk@vandijk.example").contact_point
    with entered(cast.alice) as actor:
        shown = make_person("Truus Bos")
        restrict(actor=actor, relation=shown, reason="asked")
    unsure(cast.alice, people=[shown])
    other = unsure(cast.alice)
    with entered(cast.bob) as actor, operation("test"):
        Moment.objects.get(id=other.id).participants.create(
            role="from", contact_point=point, occurred_at=other.occurred_at
        )
        restrict(actor=actor, relation=hidden, reason="asked")
    assert turn(cast.alice) == 0 and model.asked == []


def test_what_is_spent_is_spent_until_tomorrow(alice: User, facts: Facts, model: Peer) -> None:
    with entered(alice) as actor:
        set_endpoint(actor=actor, facts=facts(per_day=2, per_month=3))
    made = [unsure(alice) for _one in range(4)]
    assert turn(alice) == 2 and turn(alice) == 0
    assert [heard(alice, one).opinion_by for one in made] == ["", "", "tiny", "tiny"]
    with entered(alice):
        Spending.objects.update(day=now().date() - timedelta(days=1))
    is_first = now().day == 1
    assert turn(alice) == (2 if is_first else 1) and len(model.asked) == (4 if is_first else 3)


def test_tokens_are_set_aside_before_and_counted_after(alice: User, facts: Facts, model: Peer) -> None:
    with entered(alice) as actor:
        set_endpoint(actor=actor, facts=facts(unit="tokens", per_day=1200, per_month=100_000))
    for _one in range(5):
        unsure(alice)
    turn(alice)
    with entered(alice):
        row = Spending.objects.get()
    assert row.calls == len(model.asked) and row.tokens == 120 * row.calls and 0 < row.calls < 5


@pytest.mark.parametrize(("mood", "least", "most"), [("500", 20, 40), ("garbage", 20, 40), ("hang-up", 20, 40)])
def test_after_trouble_it_is_left_alone_for_a_while(
    alice: User, agreed: None, model: Peer, mood: str, least: int, most: int
) -> None:
    model.moods = [mood]
    made = unsure(alice)
    unsure(alice)
    assert turn(alice) == 0 and turn(alice) == 0 and len(model.asked) == 1
    with entered(alice):
        found = Endpoint.objects.get()
        assert found.problem and found.next_try_at is not None
        assert least <= (found.next_try_at - now()).total_seconds() <= most
        Endpoint.objects.update(next_try_at=now())
    assert turn(alice) == 2 and heard(alice, made).opinion_by == "tiny"
    with entered(alice):
        assert Endpoint.objects.get().problem == "" and Spending.objects.get().calls == 3


def test_whoever_agreed_must_still_be_an_owner(cast: Cast, agreed: None, model: Peer) -> None:
    unsure(cast.alice)
    with entered(cast.alice), operation("change_seat"):
        Seat.objects.filter(user=cast.alice).update(role=Role.ADMINISTRATOR)
    assert turn(cast.alice) == 0 and model.asked == []


def test_what_it_thought_is_kept_as_numbers_and_places_alone(alice: User, agreed: None) -> None:
    unsure(alice)
    turn(alice)
    with entered(alice) as actor:
        kept = Recognised.objects.get().opinion
        assert set(kept) == {"by", "labels", "reasons"} and "ander" not in json.dumps(kept)
        assert try_endpoint(actor=actor).tokens == 120
