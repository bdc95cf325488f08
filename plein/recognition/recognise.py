# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is in a message: the one door of recognition. It looks, answers, and keeps nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from plein.recognition import ngrams
from plein.recognition.adjustment import Adjustment
from plein.recognition.encoders import Rows, has_standard
from plein.recognition.labels import LABELS, SENTIMENTS
from plein.recognition.language import language_of
from plein.recognition.mentions.forms import formed_mentions
from plein.recognition.model import LIGHT, STANDARD, Model, base
from plein.recognition.small_talk import small_talk_in
from plein.recognition.texts import said
from plein.recognition.topics import Topics

#: Texts that are looked at together: enough to share the work, few enough to stay small.
BATCH = 64
#: From here on a label holds; from SURE on it may act by itself, at most UNSURE it does not hold.
HOLDS, SURE, UNSURE = 0.5, 0.8, 0.2
REASONS = 4
BUSINESS, SMALL_TALK, NOT_SURE = "business", "small_talk", "unsure"
#: What a message may be and still be nobody's business; and how much of it must be small talk then.
SOCIAL = {SMALL_TALK, BUSINESS, "appointment"}
NEARLY_ALL = 0.9


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as it comes in. `language` is what the writer is known to write, if anybody knows."""

    text: str
    channel: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch that names something: code points, the end exclusive."""

    kind: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was recognised. Probabilities are calibrated, 0 ... 1; spans count code points of the text as it came in.

    `talk_share` is how much of what is said, in letters, is small talk: 0 ... 1.

    `reasons` are for each label that holds the words that spoke for it most. `topics` are those of the company that the
    text is about, where one may be sure enough to say so.
    """

    language: str
    language_confidence: float
    labels: dict[str, float]
    sentiment: str
    sentiments: dict[str, float]
    urgency: int
    urgencies: dict[int, float]
    mentions: tuple[Mention, ...]
    small_talk: tuple[tuple[int, int], ...]
    talk_share: float
    reasons: dict[str, tuple[str, ...]]
    tier: str
    version: str
    topics: dict[str, float] = field(default_factory=dict)

    @property
    def relevance(self) -> str:
        """`business`, `small_talk` or `unsure`: what Plein may do by itself. Nothing is ever thrown away.

        Most of what companies get is business, and the label leans that way: what is social from beginning to end, and
        nothing else, is small talk also when that label is not sure.
        """
        business = self.labels[BUSINESS]
        wants = any(chance >= HOLDS for label, chance in self.labels.items() if label not in SOCIAL)
        is_social = business <= UNSURE or (business < SURE and self.talk_share >= NEARLY_ALL)
        if self.labels[SMALL_TALK] >= SURE and is_social and not wants:
            return SMALL_TALK
        return BUSINESS if business >= SURE else NOT_SURE

    def holds(self) -> list[str]:
        """The labels that are more likely than not, likeliest first."""
        return sorted((one for one in self.labels if self.labels[one] >= HOLDS), key=lambda one: -self.labels[one])


def recognise(
    incoming: Sequence[Incoming],
    *,
    tier: str = STANDARD,
    model: Model | None = None,
    known: Mapping[str, str] | None = None,
    adjustment: Adjustment | None = None,
    topics: Topics | None = None,
) -> list[Recognition]:
    """What is in each message. `known` are folded names that the company knows, and of what kind each is.

    `tier` is `light` (about a millisecond) or `standard` (about fifteen, and it understands better); without the
    processor that the better encoder needs it is `light`. `topics` are those of the company that asks.
    """
    model = model or base()
    tier = tier if tier == LIGHT or has_standard() else LIGHT
    found = []
    for start in range(0, len(incoming), BATCH):
        found += _recognised(incoming[start : start + BATCH], tier, model, known or {}, adjustment, topics)
    return found


def _recognised(
    batch: Sequence[Incoming],
    tier: str,
    model: Model,
    known: Mapping[str, str],
    adjustment: Adjustment | None,
    topics: Topics | None,
) -> list[Recognition]:
    texts = [said(one.text) for one in batch]
    seen = model.see(texts, tier, [one.channel for one in batch])
    heads = model.tiers[tier]
    scores = heads.scores(seen)
    if adjustment:
        scores = adjustment.applied(scores, seen, model, tier)
    chances = heads.probabilities(scores)
    talk = small_talk_in([one.text for one in batch], [row[model.column(SMALL_TALK)] for row in chances], model)
    about = topics.chances(texts, seen, tier) if topics else [{} for _text in texts]
    version = version_with(model.version, adjustment, topics)
    found = []
    for one, text, row, spans, topical in zip(batch, texts, chances, talk, about, strict=True):
        language, confidence = language_of(text or one.text, one.language)
        sentiment, sentiments = _moods(row, model)
        urgency, urgencies = _haste(row, model)
        found.append(
            Recognition(
                language=language,
                language_confidence=confidence,
                labels={label: round(float(row[model.column(label)]), 4) for label in LABELS},
                sentiment=sentiment,
                sentiments=sentiments,
                urgency=urgency,
                urgencies=urgencies,
                mentions=_mentions(one.text, model, known),
                small_talk=spans,
                talk_share=_share(one.text, spans),
                reasons=_reasons(text, row, model, tier),
                tier=tier,
                version=version,
                topics=topical,
            )
        )
    return found


def version_with(base: str, adjustment: Adjustment | None, topics: Topics | None) -> str:
    """What reads texts, as one word: the model, what a company taught besides, and its topics."""
    taught = f"+{adjustment.version}" if adjustment else ""
    return base + taught + (f"+t{topics.version}" if topics else "")


def _moods(row: Rows, model: Model) -> tuple[str, dict[str, float]]:
    chances = np.array([row[model.column(f"sentiment:{mood}")] for mood in SENTIMENTS], np.float64) + 1e-9
    chances /= chances.sum()
    moods = {mood: round(float(chance), 4) for mood, chance in zip(SENTIMENTS, chances, strict=True)}
    return SENTIMENTS[int(chances.argmax())], moods


def _haste(row: Rows, model: Model) -> tuple[int, dict[int, float]]:
    soon, now = (float(row[model.column(f"urgency:{degree}")]) for degree in (1, 2))
    now = min(now, soon)
    degree = 2 if now >= HOLDS else 1 if soon >= HOLDS else 0
    return degree, {0: round(1 - soon, 4), 1: round(soon - now, 4), 2: round(now, 4)}


def _mentions(text: str, model: Model, known: Mapping[str, str]) -> tuple[Mention, ...]:
    formed = formed_mentions(text)
    taken = [(span.start, span.end) for span in formed]
    free = [
        span
        for span in model.tagger.mentions(text[: ngrams.LONGEST], known)
        if not any(span.start < end and start < span.end for start, end in taken)
    ]
    spans = sorted(free + formed, key=lambda span: span.start)
    return tuple(Mention(span.kind, span.start, span.end, text[span.start : span.end]) for span in spans)


def _share(text: str, spans: Sequence[tuple[int, int]]) -> float:
    letters = len("".join(said(text).split()))
    talk = sum(len("".join(text[start:end].split())) for start, end in spans)
    return min(talk / letters, 1.0) if letters else 0.0


def _reasons(text: str, row: Rows, model: Model, tier: str) -> dict[str, tuple[str, ...]]:
    holding = [label for label in LABELS if row[model.column(label)] >= HOLDS]
    if not holding:
        return {}
    words = list(dict.fromkeys(ngrams.tokens(text[: ngrams.LONGEST])))
    columns = [model.column(label) for label in holding]
    said_for = np.stack([_of_word(word, model, tier)[columns] for word in words]) if words else None
    return {} if said_for is None else {label: _strongest(words, said_for[:, at]) for at, label in enumerate(holding)}


def _of_word(word: str, model: Model, tier: str) -> Rows:
    rows = model.places[np.array(ngrams.word_features(word), np.int64)]
    rows = rows[rows >= 0]
    total: Rows = model.idf[rows] @ model.tiers[tier].grams[rows]
    return total


def _strongest(words: Sequence[str], weights: Rows) -> tuple[str, ...]:
    order = np.argsort(-weights)[:REASONS]
    return tuple(words[at] for at in order if weights[at] > 0 and words[at][:1].isalnum())
