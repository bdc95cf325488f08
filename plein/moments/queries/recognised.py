# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is in the text of a moment, as a model sees it and as colleagues say it is."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connection

from plein.core.finding.finder import scoped
from plein.moments.recognised_words import (
    HOLDS,
    LABEL_WORDS,
    NO,
    RELEVANCE,
    SENTIMENT,
    URGENCY,
    YES,
)
from plein.recognition.topics import HOLDS as TOPIC_HOLDS

type Span = tuple[int, int]
#: What a correction about a topic is about: this, and the id of the topic.
TOPIC = "topic:"
#: What holds of a text is what a colleague said last, else what a model made of the text as it stands.
WORTH = """
LEFT JOIN LATERAL (
    SELECT coalesce((SELECT k.value FROM moments_correction k
                      WHERE {k} AND k.text_id = t.id AND k.about = 'relevance'
                      ORDER BY k.said_at DESC, k.id DESC LIMIT 1),
                    (SELECT h.relevance FROM moments_recognised h
                      WHERE {h} AND h.text_id = t.id AND h.print = t.print)) AS relevance) worth ON true
"""
_HEARD = """
SELECT DISTINCT ON (t.moment_id) t.moment_id, t.id, r.made_by, r.tier, r.language, r.labels, r.sentiment, r.urgency,
       r.mentions, r.small_talk, r.reasons, r.relevance, r.filed_as, r.topics, r.opinion, said.corrections
  FROM moments_text t
  LEFT JOIN moments_recognised r ON {r} AND r.text_id = t.id AND r.print = hashtext(t.text)
  LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_array(c.about, c.value, c.seat_id) ORDER BY c.said_at, c.id) AS corrections
        FROM moments_correction c WHERE {c} AND c.text_id = t.id) said ON true
 WHERE {t} AND t.moment_id = ANY (%(moments)s)
 ORDER BY t.moment_id, t.id
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What a colleague says of one thing about a text."""

    value: str
    seat_id: UUID | None


@dataclass(frozen=True)
class Heard:
    """What is in a text. `version` is "" where no model looked yet; what colleagues say goes first."""

    moment_id: UUID
    text_id: UUID
    version: str = ""
    tier: str = ""
    language: str = ""
    probabilities: Mapping[str, float] = field(default_factory=dict)
    guessed_sentiment: str = ""
    guessed_urgency: int = 0
    mentions: tuple[tuple[str, int, int], ...] = ()
    small_talk: tuple[Span, ...] = ()
    reasons: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    guessed_relevance: str = ""
    filed_as: str = ""
    guessed_topics: Mapping[str, float] = field(default_factory=dict)
    said: Mapping[str, Said] = field(default_factory=dict)
    #: Which language model was asked, and the labels about which it said something.
    opinion_by: str = ""
    opined: frozenset[str] = frozenset()

    @cached_property
    def labels(self) -> list[str]:
        """The labels that hold, the likeliest first; whether it is business or small talk is its relevance."""
        holding = [label for label in LABEL_WORDS if self.holds(label)]
        return sorted(holding, key=lambda label: -self.chance(label))

    def holds(self, label: str) -> bool:
        """Whether a label holds, as a colleague says or as is more likely than not."""
        return self.chance(label) >= HOLDS

    def chance(self, label: str) -> float:
        """How likely a label holds: certain where a colleague said so."""
        if label in self.said:
            return {YES: 1.0, NO: 0.0}.get(self.said[label].value, 0.0)
        return self.probabilities.get(label, 0.0)

    @property
    def topics(self) -> list[str]:
        """Ids of what it is about, the likeliest first: of topics that may be gone."""
        named = {about.removeprefix(TOPIC) for about in self.said if about.startswith(TOPIC)}
        holding = [one for one in {*self.guessed_topics, *named} if self.topic_chance(one) >= TOPIC_HOLDS]
        return sorted(holding, key=lambda one: (-self.topic_chance(one), one))

    def topic_chance(self, topic: str) -> float:
        """How likely it is about a topic: certain where a colleague said so."""
        if (about := TOPIC + topic) in self.said:
            return {YES: 1.0, NO: 0.0}.get(self.said[about].value, 0.0)
        return self.guessed_topics.get(topic, 0.0)

    @property
    def relevance(self) -> str:
        return self.said[RELEVANCE].value if RELEVANCE in self.said else self.guessed_relevance

    @property
    def sentiment(self) -> str:
        return self.said[SENTIMENT].value if SENTIMENT in self.said else self.guessed_sentiment

    @property
    def urgency(self) -> int:
        return int(self.said[URGENCY].value) if URGENCY in self.said else self.guessed_urgency


def heard_in(moment_ids: Iterable[UUID]) -> dict[UUID, Heard]:
    """What is in the texts of these moments, of those that have a text the reader may see: one statement."""
    wanted = list(moment_ids)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(scoped(_HEARD), {"moments": wanted})
        return {row[0]: _heard(*row) for row in cursor.fetchall()}


def _heard(moment_id: UUID, text_id: UUID, version: str | None, *columns: Any) -> Heard:
    *seen, corrections = columns
    said = {about: Said(value, UUID(seat) if seat else None) for about, value, seat in json.loads(corrections or "[]")}
    if version is None:
        return Heard(moment_id, text_id, said=said)
    tier, language, labels, sentiment, urgency, mentions, talk, reasons, relevance, filed, topics, opinion = seen
    thought = json.loads(opinion)
    chances = json.loads(labels)
    return Heard(
        moment_id,
        text_id,
        version,
        tier,
        language,
        probabilities=chances,
        guessed_sentiment=sentiment,
        guessed_urgency=urgency,
        mentions=tuple((kind, start, end) for kind, start, end in json.loads(mentions)),
        small_talk=_spans(json.loads(talk)),
        reasons={label: _spans(places) for label, places in json.loads(reasons).items()},
        guessed_relevance=relevance,
        filed_as=filed,
        guessed_topics=json.loads(topics),
        said=said,
        opinion_by=thought.get("by", ""),
        # Of what our own model is sure by now the other is not asked any more.
        opined=frozenset(one for one, chance in thought.get("labels", {}).items() if chances.get(one) == chance),
    )


def _spans(pairs: Iterable[Iterable[int]]) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in pairs)
