# SPDX-License-Identifier: AGPL-3.0-or-later
"""What colleagues taught, what came of it, and what Plein would like to ask."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from plein.core.audit import Shown, audit_look
from plein.core.finding.finder import scoped
from plein.core.isolation import default_circle_id
from plein.moments.models import Correction, Learned, MomentText
from plein.moments.queries.recognised import TOPIC
from plein.moments.recognised_words import LABEL_WORDS, RELEVANCE, SENTIMENT, URGENCY, YES
from plein.moments.vocabulary import Mood, Relevance
from plein.recognition.adjustment import Adjustment, unpacked
from plein.recognition.learning import Correction as Lesson

#: After so many corrections there is something to learn.
ENOUGH = 25
#: More lessons than this are not learned from at once: the latest.
MOST_LESSONS = 5_000
#: Letters of a text that a lesson is made of, as many as recognition looks at.
LONGEST = 20_000
#: Texts among which Plein chooses what to ask, the latest, and how many it asks about.
LOOKED_AT, ASKED = 1_000, 20
#: What it costs the company when this is seen wrong; of everything else 1.
COST = {"churn_threat": 3.0, "complaint": 2.0, "payment_dispute": 2.0, "buying_intent": 2.0}
#: One question in so many is about any text: only so one sees what it is sure of and wrong about.
AT_RANDOM = 10
_UNSURE = """
SELECT r.moment_id, m.circle_id, r.labels, r.print, left(t.text, 600), m.occurred_at, s.title
  FROM (SELECT r.* FROM moments_recognised r WHERE {r} ORDER BY r.id DESC LIMIT %(looked_at)s) r
  JOIN moments_moment m ON {m} AND m.id = r.moment_id AND m.direction <> 'outbound'
  JOIN moments_text t ON {t} AND t.id = r.text_id AND hashtext(t.text) = r.print
  LEFT JOIN LATERAL (SELECT s.title FROM moments_subject s WHERE {s} AND s.moment_id = m.id ORDER BY s.id LIMIT 1) s
    ON true
 WHERE r.relevance <> 'filed' AND NOT EXISTS (SELECT FROM moments_correction c WHERE {c} AND c.text_id = t.id)
"""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A text, and the kind of which Plein is least sure whether it is that."""

    moment_id: UUID
    label: str
    chance: float
    title: str
    text: str
    occurred_at: object
    is_at_random: bool


def learned_versions() -> list[Learned]:
    """What was learned so far, the latest first, without the arrays."""
    return list(Learned.objects.defer("arrays").order_by("-number", "-id")[:50])


def adjustment_in_use() -> Adjustment | None:
    """What texts are read with besides the model that everybody has."""
    found = Learned.objects.filter(is_in_use=True).order_by("-number", "-id").first()
    return unpacked(bytes(found.arrays)) if found is not None else None


def lessons() -> list[Lesson]:
    """What colleagues said, as recognition learns from it: of texts only that everybody here may read, or what is
    hidden from somebody would show in how their texts are read.
    """
    everyone = default_circle_id()
    said = _of_labels(everyone).order_by("-said_at", "-id")[:MOST_LESSONS]
    by_text: dict[UUID, dict[str, bool]] = {}
    for one in reversed(said):
        by_text.setdefault(one.text_id, {}).update(outputs_of(one.about, one.value))
    texts = MomentText.objects.filter(id__in=list(by_text), circle_id=everyone).order_by("id")
    return [Lesson(text[:LONGEST], by_text[id]) for id, text in texts.values_list("id", "text") if text.strip()]


def said_since(made: Learned | None) -> int:
    """How many corrections everybody may see came since something was learned last."""
    found = _of_labels(default_circle_id())
    return (found.filter(said_at__gt=made.made_at) if made else found).count()


def _of_labels(circle: int) -> QuerySet[Correction]:
    """What topics are taught is learned with them, not here."""
    found: QuerySet[Correction] = Correction.objects.filter(circle_id=circle).exclude(about__startswith=TOPIC)
    return found


def outputs_of(about: str, value: str) -> dict[str, bool]:
    """What a correction says of the outputs of a model."""
    if about in LABEL_WORDS:
        return {about: value == YES}
    if about == RELEVANCE:
        is_business = value == Relevance.BUSINESS
        return {"business": True} if is_business else {"business": False, "small_talk": True}
    if about == SENTIMENT:
        return {f"sentiment:{mood}": value == mood for mood in Mood.values}
    if about == URGENCY:
        return {f"urgency:{degree}": int(value) >= degree for degree in (1, 2)}
    return {}


def doubts() -> list[Doubt]:
    """What Plein is most unsure about, weighed by what it costs to be wrong, and one in ten at random."""
    with connection.cursor() as cursor:
        cursor.execute(scoped(_UNSURE), {"looked_at": LOOKED_AT})
        rows = cursor.fetchall()
    weighed = sorted(_weighed(rows), key=lambda one: (-one[0], one[1]))
    any_text = [one for one in weighed if one[1] % AT_RANDOM == 0][: ASKED // AT_RANDOM]
    chosen = [one for one in weighed if one not in any_text][: ASKED - len(any_text)]
    found = [(one, False) for one in chosen] + [(one, True) for one in any_text]
    audit_look("moment", [Shown(one[3][0], one[3][1]) for one, _random in found])
    return [
        Doubt(row[0], label, chance, row[6] or "", row[4], row[5], is_random)
        for (_weight, _print, (label, chance), row), is_random in found
    ]


def _weighed(rows: Sequence[tuple]) -> Iterator[tuple[float, int, tuple[str, float], tuple]]:  # type: ignore[type-arg]
    for row in rows:
        labels = json.loads(row[2])
        chances = {label: labels.get(label, 0.0) for label in LABEL_WORDS}
        label = max(chances, key=lambda one: (COST.get(one, 1.0) * entropy(chances[one]), one))
        yield COST.get(label, 1.0) * entropy(chances[label]), row[3], (label, chances[label]), row


def entropy(chance: float) -> float:
    """How unsure a probability is, in bits."""
    if not 0 < chance < 1:
        return 0.0
    return -(chance * log2(chance) + (1 - chance) * log2(1 - chance))
