# SPDX-License-Identifier: AGPL-3.0-or-later
from plein.core.operations import operation
from plein.listening.models import Search
from plein.moments.models import Topic, TopicSuggestion
from plein.trust.seats import Entrance


def make_search(actor: Entrance, words: str = "noise") -> Search:
    """Something that everybody listens for."""
    with operation("save_search"):
        made: Search = Search.objects.create(name="Noise", words=words, owner_id=actor.seat_id)
    return made


def make_topic(actor: Entrance, name: str = "Levering", examples: str = "Waar blijft mijn pakket?") -> Topic:
    """Something that texts are about."""
    with operation("save_topic"):
        made: Topic = Topic.objects.create(name=name, examples=examples, owner_id=actor.seat_id)
    return made


def make_suggestion() -> TopicSuggestion:
    """Texts that may be a topic."""
    with operation("suggest_topics"):
        made: TopicSuggestion = TopicSuggestion.objects.create(moments=[])
    return made
