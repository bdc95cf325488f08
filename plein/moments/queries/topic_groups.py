# SPDX-License-Identifier: AGPL-3.0-or-later
"""What might be a topic: texts without one that are alike, and how the page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection
from django.urls import reverse

from plein.core.finding.finder import scoped
from plein.core.ids import now
from plein.core.isolation import default_circle_id
from plein.moments.models import MomentText, TopicSuggestion
from plein.recognition.groups import FEWEST, words_for

#: How far back one looks, at how many texts, and how many letters of each.
BACK, MOST_TEXTS, LONGEST = timedelta(days=90), 2_000, 1_000
#: Suggestions at a time, texts kept of each, those that are shown, and those that come along as examples.
MOST, MOST_KEPT, SAMPLES, EXAMPLES, SHOWN = 5, 40, 3, 6, 240
_ALONE = """
SELECT t.moment_id, left(t.text, %(longest)s) FROM moments_recognised r
  JOIN moments_text t ON {t} AND t.id = r.text_id AND hashtext(t.text) = r.print AND t.circle_id = %(everyone)s
  JOIN moments_moment m ON {m} AND m.id = t.moment_id AND m.direction = 'inbound' AND m.occurred_at >= %(since)s
 WHERE {r} AND r.topics = '{}' AND r.relevance = 'business'
   AND NOT EXISTS (SELECT FROM moments_correction c WHERE {c} AND c.text_id = t.id AND c.about LIKE 'topic:%%'
                      AND c.value = 'yes')
 ORDER BY m.occurred_at DESC, m.id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """A text of a group, as its moment shows it."""

    id: UUID
    circle_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Possible:
    """Texts that may be a topic: how many, the words that stand out, the most typical of them."""

    id: UUID
    count: int
    words: list[str]
    samples: list[Sample]
    new_url: str


def texts_alone() -> dict[UUID, str]:
    """The latest that came in, that everyone may read and that has no topic: each text once, by its moment."""
    facts: dict[str, Any] = {
        "longest": LONGEST,
        "everyone": default_circle_id(),
        "since": now() - BACK,
        "most": MOST_TEXTS,
    }
    with connection.cursor() as cursor:
        cursor.execute(scoped(_ALONE), facts)
        once = {" ".join(text.split()): moment for moment, text in cursor.fetchall()}
    return {moment: text for text, moment in once.items()}


def refused_groups() -> list[set[str]]:
    """The moments of each group that a colleague did not want."""
    return [set(one.moments) for one in TopicSuggestion.objects.filter(is_refused=True)]


def possible_topics() -> list[Possible]:
    """What might be a topic, the largest first: two statements. A group of which too little is left is none."""
    found = list(TopicSuggestion.objects.filter(is_refused=False).order_by("found_at", "id")[:MOST])
    wanted = [moment for one in found for moment in one.moments]
    circle = default_circle_id()
    rows = MomentText.objects.filter(moment_id__in=wanted, circle_id=circle).order_by("id") if wanted else ()
    texts = {str(row.moment_id): row.text[:LONGEST] for row in rows}
    made = [_possible(one.id, [(id, texts[id]) for id in one.moments if id in texts], circle) for one in found]
    return sorted((one for one in made if one.count >= FEWEST), key=lambda one: -one.count)


def _possible(id: UUID, texts: Sequence[tuple[str, str]], circle: int) -> Possible:
    words = words_for([text for _moment, text in texts])
    samples = [Sample(UUID(moment), circle, _short(text)) for moment, text in texts[:SAMPLES]]
    examples = "\n".join(_short(text) for _moment, text in texts[:EXAMPLES])
    address = f"{reverse('moments:topic_new')}?{urlencode({'examples': examples})}"
    return Possible(id, len(texts), words, samples, address)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line[:SHOWN].rstrip() + "…" if len(line) > SHOWN else line
