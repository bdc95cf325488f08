# SPDX-License-Identifier: AGPL-3.0-or-later
"""Topics of a company: told by examples, words and corrections, silent when unsure, and never by what is hidden."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.core.models import Operation
from plein.core.operations import undo
from plein.moments.actions import correct_recognition, remove_topic, save_topic, suggest_topics
from plein.moments.models import Topic, TopicSuggestion
from plein.moments.queries import heard_in, moments_about, weeks_about
from plein.moments.queries.topics import lessons_of_topics
from plein.moments.recogniser import Recogniser
from plein.moments.tests.recognised import make_recognised
from plein.recognition.model import LIGHT
from plein.relations.refusals import Refused
from plein.testing.budgets import within_budget
from plein.testing.factories import make_moment
from plein.trust.circles import only_me
from plein.trust.models import User
from plein.trust.seats import Entrance, entered

__all__ = ["calling"]
type SignIn = Callable[[User], Client]
DELIVERY = (
    "Waar blijft mijn pakket?",
    "De koerier stond voor een dichte deur.",
    "Kan de levering ook op zaterdag?",
    "Volgens de track and trace ligt het nog in het depot.",
)
ABOUT = "Het was een mooie vakantie. Wanneer wordt ons pakket bezorgd? De tuin staat in bloei."
ELSE = "Mijn zoon heeft de griep en kan vrijdag niet naar voetbal."


def delivery(actor: Entrance, **changes: str) -> Topic:
    return save_topic(actor=actor, **({"name": "Levering", "examples": "\n".join(DELIVERY)} | changes))


def came_in(text: str, **changes: str) -> UUID:
    found: UUID = make_moment(text=text, kind="email", direction="inbound", **changes).id
    return found


def about(user: User, *moments: UUID) -> list[list[str]]:
    with entered(user):
        heard = heard_in(moments)
        return [heard[one].topics if one in heard else [] for one in moments]


def test_what_came_in_is_filed_under_a_topic_that_is_named_later_and_undo_takes_it_off(alice: User) -> None:
    with entered(alice) as actor:
        moments = came_in(ABOUT), came_in(ELSE)
    Recogniser(alice, actor.workspace_id).run(tier=LIGHT)
    assert about(alice, *moments) == [[], []]

    with entered(alice) as actor:
        topic = delivery(actor)
    assert Recogniser(alice, actor.workspace_id).run(tier=LIGHT) == 2
    assert about(alice, *moments) == [[str(topic.id)], []]
    with entered(alice) as actor:
        assert [line.id for line in moments_about(topic.id)] == [moments[0]]
        assert weeks_about(topic.id)[-1].count == 1 and sum(week.count for week in weeks_about(topic.id)) == 1
        undo(Operation.objects.get(verb="save_topic").id)
        assert not Topic.objects.exists()


def test_a_word_that_tells_is_enough_and_only_as_a_word(alice: User) -> None:
    with entered(alice) as actor:
        moments = came_in("De xq-400 piept."), came_in("De axq-4001 piept.")
        topic = delivery(actor, examples="", words="XQ-400")
    Recogniser(alice, actor.workspace_id).run(tier=LIGHT)
    assert about(alice, *moments) == [[str(topic.id)], []]


def test_what_a_colleague_says_goes_first_and_teaches_what_everybody_may_read(alice: User) -> None:
    with entered(alice) as actor:
        topic = delivery(actor)
        said = make_moment(text="De bus met onze spullen", kind="email", direction="inbound")
        hidden = make_moment(text="Geheim", kind="email", direction="inbound", circle_id=only_me())
        for one, value in ((said, "yes"), (hidden, "no")):
            correct_recognition(actor=actor, moment=one, about=f"topic:{topic.id}", value=value)
        assert [one.said for one in lessons_of_topics()] == [(("De bus met onze spullen", True),)]
        assert heard_in([said.id])[said.id].topics == [str(topic.id)]
        remove_topic(actor=actor, topic=topic)
        with pytest.raises(Refused):
            correct_recognition(actor=actor, moment=said, about=f"topic:{topic.id}", value="yes")


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "levering"}, "name"),
        ({"name": "Nieuw", "examples": ""}, "examples"),
        ({"name": "Nieuw", "words": "!"}, "words"),
    ],
)
def test_what_is_no_topic_is_refused_with_what_to_do(alice: User, words: dict[str, str], field: str) -> None:
    with entered(alice) as actor:
        delivery(actor)
        with pytest.raises(Refused) as refusal:
            delivery(actor, **words)
        assert refusal.value.field == field


def test_alike_texts_without_a_topic_are_suggested_once_and_never_hidden_ones(alice: User) -> None:
    with entered(alice) as actor:
        for number in range(9):
            noise = make_moment(text=f"De warmtepomp bromt 's nachts, al {number} dagen lang.", direction="inbound")
            secret = make_moment(text=f"Het ontslag van {number} mensen", direction="inbound", circle_id=only_me())
            for one in (noise, secret, make_moment(text=ELSE if number else ABOUT, direction="inbound")):
                make_recognised(actor, one)
        assert suggest_topics(actor=actor) == 1
        assert len(TopicSuggestion.objects.get().moments) == 9
        suggest_topics(actor=actor)
        assert Operation.objects.filter(verb="suggest_topics").count() == 1, "what is the same is no news"
        undo(Operation.objects.get(verb="suggest_topics").id)
        assert not TopicSuggestion.objects.exists()


def test_the_pages_show_the_picture_the_table_and_what_may_be_a_topic(
    alice: User, bob: User, charlie: User, signed_in: SignIn
) -> None:
    with entered(alice) as actor:
        for number in range(9):
            make_recognised(actor, make_moment(text=f"De pomp bromt dag {number}", direction="inbound"))
        suggest_topics(actor=actor)
        topic = delivery(actor)
        make_recognised(actor, make_moment(text=ABOUT, direction="inbound"), topics={str(topic.id): 0.93})
    client, stranger = signed_in(bob), signed_in(charlie)
    client.get("/settings/topics/")
    with within_budget(__file__, "topics"):
        overview = client.get("/settings/topics/").text
    with within_budget(__file__, "topic"):
        page = client.get(f"/settings/topics/{topic.id}/").text

    assert "Levering" in overview and "9 texts" in overview and "pomp" in overview
    assert "topic-weeks" in page and "<caption" in page and "bezorgd" in page
    assert stranger.get(f"/settings/topics/{topic.id}/").status_code == 404
    assert client.post(f"/settings/topics/{topic.id}/remove/").status_code == 403
    sent = {"name": "Geluid", "examples": "De pomp bromt", "words": ""}
    assert client.post("/settings/topics/new/", sent | {"examples": ""}).status_code == 422
    assert client.post("/settings/topics/new/", sent)["Location"].startswith("/settings/topics/")


def test_programs_name_read_and_tell_topics(alice: User, calling: Calling) -> None:
    caller = calling(alice, "all")
    made = caller.write("POST", "/topics", {"name": "Levering", "examples": list(DELIVERY), "words": ["xq-400"]})
    told = caller.write("POST", "/recognise", {"text": "Hoe gaat het met de XQ-400?", "tier": "light"})

    assert told["topics"] == {"Levering": 0.9}
    assert caller.read(f"/topics/{made['id']}")["weeks"][-1]["count"] == 0
    with entered(alice):
        moment = came_in(ABOUT)
    caller.write("POST", f"/moments/{moment}/corrections", {"about": f"topic:{made['id']}", "value": "yes"})
    assert caller.read(f"/topics/{made['id']}")["moments"] == [str(moment)]
    assert caller.read(f"/moments/{moment}/recognition")["topics"] == {made["id"]: 1.0}
    wrong = caller.send("PATCH", f"/topics/{made['id']}", json={"version": 1, "name": ""})
    assert wrong.status_code == 422
