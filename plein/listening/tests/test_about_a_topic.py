# SPDX-License-Identifier: AGPL-3.0-or-later
"""A search about a topic: by its name and words in both languages, after a rename too, and by what is said of posts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from plein.api.tests.conftest import Calling, calling
from plein.core.ids import new_id
from plein.core.models import Operation
from plein.core.operations import undo
from plein.listening.actions import save_search
from plein.listening.models import Search
from plein.listening.queries import heard_by, searches
from plein.listening.tests.test_searches import heard, listen, post
from plein.moments.actions import change_topic, correct_recognition, remove_topic, save_topic
from plein.moments.models import Moment, Topic
from plein.moments.tests.recognised import make_recognised
from plein.testing.budgets import within_budget
from plein.testing.cast import Cast
from plein.trust.models import User
from plein.trust.seats import entered

__all__ = ["calling"]
pytestmark = pytest.mark.django_db
type SignIn = Callable[[User], Client]


@pytest.fixture
def topic(cast: Cast) -> Topic:
    with entered(cast.alice) as actor:
        return save_topic(
            actor=actor, name="Oplevering", words="levertijd\ndelivered late", examples="Wanneer komt het?"
        )


def about(user: User, topic: Topic, **values: Any) -> Search:
    with entered(user) as actor:
        wanted = {"name": "Het leveren", "words": "", "circle": "everyone"} | values
        return save_search(actor=actor, topic=topic, **wanted)


def test_it_hears_name_and_words_in_both_languages_and_follows_a_rename(cast: Cast, topic: Topic) -> None:
    post(cast.alice, "Wat een levertijden daar", days=1)
    post(cast.alice, "They deliver later than late", days=2)
    post(cast.alice, "De opleveringen lopen uit", days=3)
    post(cast.alice, "Afbouw duurt lang", days=4)
    post(cast.alice, "Niets van dit alles, wel geluid", days=5)
    about(cast.alice, topic, words="geluid")
    assert heard(cast.bob) == [
        "Wat een levertijden daar",
        "They deliver later than late",
        "De opleveringen lopen uit",
        "Niets van dit alles, wel geluid",
    ]
    with entered(cast.alice) as actor:
        change_topic(actor=actor, topic=topic, based_on=topic.version, name="Afbouw", words="levertijd")
    found = heard(cast.bob)
    assert "Afbouw duurt lang" in found and "De opleveringen lopen uit" not in found
    assert "They deliver later than late" not in found


def test_it_hears_what_is_recognised_and_said_and_not_what_was_said_to_be_no_part_of_it(
    cast: Cast, topic: Topic
) -> None:
    texts = ("Wanneer komt mijn dak?", "Eindelijk geplaatst", "Een levertijd in een film", "Iets anders")
    told = {text: post(cast.alice, text, days=day) for day, text in enumerate(texts, start=1)}

    def say(text: str, value: str) -> None:
        with entered(cast.alice) as actor:
            moment = Moment.objects.get(id=told[text].id)
            correct_recognition(actor=actor, moment=moment, about=f"topic:{topic.id}", value=value)

    with entered(cast.alice) as actor:
        make_recognised(actor, told["Wanneer komt mijn dak?"], topics={str(topic.id): 0.9})
        make_recognised(actor, told["Iets anders"], topics={str(topic.id): 0.2})
    one = about(cast.alice, topic)
    listen(cast.alice, name="Geluid", words="dak")
    assert set(heard(cast.bob)) == {"Wanneer komt mijn dak?", "Een levertijd in een film"}
    say("Eindelijk geplaatst", "yes")
    say("Een levertijd in een film", "no")
    with entered(cast.bob):
        found = heard_by(searches())
        assert found.by[one.id] == [told["Wanneer komt mijn dak?"].id, told["Eindelijk geplaatst"].id]
        assert found.ids == found.by[one.id]
    never = about(cast.alice, topic, name="Zonder", never="dak")
    with entered(cast.bob):
        assert heard_by(searches()).by[never.id] == [told["Eindelijk geplaatst"].id]


def test_the_pages_and_programs_make_it_and_it_goes_with_the_topic(
    cast: Cast, topic: Topic, signed_in: SignIn, calling: Calling
) -> None:
    post(cast.alice, "De levertijd valt mee")
    client, new = signed_in(cast.alice), f"/listening/new/?topic={topic.id}"
    assert new in client.get(f"/settings/topics/{topic.id}/").text
    assert "Plein listens for what is about Oplevering" in client.get(new).text
    sent = {"name": "Levering", "about": "subject", "words": "", "circle": "me", "topic": str(topic.id)}
    made = client.post("/listening/new/", sent)
    assert made.status_code == 302
    client.get(made["Location"])
    with within_budget(__file__, "search"):
        page = client.get(made["Location"]).text
    assert "Oplevering</a>" in page and "Heard in half a year: 1" in page
    with within_budget(__file__, "overview"):
        client.get("/listening/")
    assert 'value="me" selected' in client.get(f"{made['Location']}change/").text
    for wrong in ("nonsense", str(new_id())):
        assert client.post("/listening/new/", sent | {"topic": wrong}).status_code == 404

    caller = calling(cast.alice, "write")
    told = caller.write("POST", "/listening", {"name": "Ook", "topic": str(topic.id), "circle": "everyone"})
    assert told["topic"] == str(topic.id) and told["words"] == []
    with entered(cast.alice) as actor:
        remove_topic(actor=actor, topic=topic)
        assert not Search.objects.exists()
        undo(Operation.objects.filter(verb="remove_topic").get().id)
        assert {one.topic for one in searches()} == {topic}
