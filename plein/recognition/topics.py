# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a text is about, of the topics that a company named: by the examples of each, and silent when unsure.

A topic has a few examples, so nothing of its own can be fitted to say how sure one may be. Instead each text is
measured against each topic in the same few ways (how near its nearest examples are, and how near those of other topics
and of messages about anything; what a ridge regression over all of them says), and what those measures are worth was
learned once, over many topics made of texts that others labelled (`training/topics.py`). It ships as a few numbers.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from plein.recognition.encoders import Rows, light_rows, standard_rows
from plein.recognition.mentions.words import folded, words_of
from plein.recognition.model import LIGHT, STANDARD, Model, Seen, base
from plein.recognition.texts import said, sentences

FOLDER = Path(__file__).parent / "models" / "topics"
#: A text is told to be about a topic from this probability on.
HOLDS = 0.7
#: From here on it is worth asking.
LEAST = 0.2
#: How likely it is where a word of the topic stands in it: its owner said so.
WORD = 0.9
#: So many of the nearest examples count together, and of the messages about anything.
NEAR, AROUND = 3, 10
#: How near the examples of a topic usually are to each other.
USUAL = 0.35
RIDGE, NOTHING = 1.0, 1e-6
#: Texts of examples whose rows are kept at hand, and fitted topics.
MOST_KEPT, MOST_FITTED = 4_000, 8
#: Letters of a text, and of a sentence that says something; so many sentences are looked at one by one.
LONGEST, SHORTEST, MOST_PIECES = 2_000, 12, 12
#: So many corrections pass before what was read is read again.
STEP = 5


@dataclass(frozen=True, slots=True)
class Lesson:
    """A topic as a company teaches it: words that tell, examples, and texts of which somebody said yes or no."""

    key: str
    words: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    said: tuple[tuple[str, bool], ...] = ()

    @property
    def texts(self) -> list[tuple[str, bool]]:
        """Every text, once, and whether it is about the topic: what was said goes before what was given."""
        return list((dict.fromkeys(self.examples, True) | dict(self.said)).items())


@dataclass(frozen=True)
class Measures:
    """What one tier needs: the rows of all examples, whose they are, and what a ridge over them made."""

    rows: Rows
    around: Rows
    is_of: Rows
    weights: Rows


@dataclass(frozen=True)
class Topics:
    """The topics of a company, as texts are measured against them."""

    version: str
    keys: tuple[str, ...]
    words: tuple[tuple[tuple[str, ...], ...], ...]
    lessons: tuple[Lesson, ...]

    def chances(self, texts: Sequence[str], seen: Seen, tier: str) -> list[dict[str, float]]:
        """Of each text the topics that hold or may hold, and how likely, the likeliest first."""
        sure = self._sure(row_of(seen, tier), tier)
        places, pieces = _pieces(texts)
        if pieces:
            rows = self._sure(joined(light_rows(pieces) - base().light_mean, None), LIGHT)
            for at, row in zip(places, _dampened(rows, places), strict=True):
                sure[at] = np.maximum(sure[at], row)
        for at, text in enumerate(texts):
            inside = [folded(word.text) for word in words_of(text)]
            for topic, wanted in enumerate(self.words):
                if any(_stands_in(inside, line) for line in wanted):
                    sure[at, topic] = max(sure[at, topic], WORD)
        return [self._held(row) for row in sure]

    def _sure(self, rows: Rows, tier: str) -> Rows:
        measures = _learned(self.lessons, tier)
        return worth_of(measured(rows, measures), measures, tier)

    def _held(self, row: Rows) -> dict[str, float]:
        held = [(round(float(row[at]), 4), key) for at, key in enumerate(self.keys) if row[at] >= LEAST]
        return {key: chance for chance, key in sorted(held, reverse=True)}


def learned_topics(lessons: tuple[Lesson, ...]) -> Topics:
    """The topics that these lessons teach."""
    words = tuple(tuple(tuple(folded(w.text) for w in words_of(line)) for line in one.words) for one in lessons)
    return Topics(version_of(lessons), tuple(one.key for one in lessons), words, lessons)


@lru_cache(maxsize=MOST_FITTED)
def _learned(lessons: tuple[Lesson, ...], tier: str) -> Measures:
    """What one tier needs for these lessons; what was learned lately is at hand."""
    model, (texts, signs) = base(), signs_of(lessons)
    return fitted(_kept_rows(texts, tier, model), _around(tier), signs)


def version_of(lessons: Sequence[Lesson]) -> str:
    """What changes when what texts are about may have: a few corrections make no other version."""
    told = [[one.key, one.words, one.examples, len(one.said) // STEP] for one in lessons]
    return sha256(json.dumps(sorted(told), ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def signs_of(lessons: Sequence[Lesson]) -> tuple[list[str], Rows]:
    """All texts, each once, and of each (rows) and each topic (columns): 1 where it is about it, -1 where somebody said
    that it is not, 0 where nobody said.
    """
    told = [{said(text): holds for text, holds in one.texts} for one in lessons]
    texts = list(dict.fromkeys(text for one in told for text in one))
    of = {True: 1.0, False: -1.0, None: 0.0}
    signs = np.array([[of[one.get(text)] for one in told] for text in texts], np.float32)
    return texts, signs.reshape(len(texts), len(lessons))


def fitted(rows: Rows, around: Rows, signs: Rows) -> Measures:
    """A ridge for each topic: its own examples against all others and the messages about anything, in balance."""
    everything = np.vstack([rows, around])
    targets = np.vstack([np.where(signs > 0, 1.0, -1.0), -np.ones((len(around), signs.shape[1]))])
    kernel = (everything @ everything.T).astype(np.float64)
    # What somebody said is not about one topic may be about another one: of that it says nothing.
    unknown = np.concatenate([~(signs > 0).any(axis=1), np.zeros(len(around), bool)])
    weights = np.zeros((len(everything), signs.shape[1]))
    for topic in range(signs.shape[1]):
        wanted = targets[:, topic]
        of = max(int((wanted > 0).sum()), 1)
        others = max(len(wanted) - of, 1)
        balance = np.where(wanted > 0, len(wanted) / (2.0 * of), len(wanted) / (2.0 * others))
        balance[unknown & (np.concatenate([signs[:, topic], np.ones(len(around))]) == 0)] = NOTHING
        weights[:, topic] = np.linalg.solve(kernel + np.diag(RIDGE / balance), wanted)
    return Measures(rows, around, signs, (everything.T @ weights).astype(np.float32))


def measured(rows: Rows, measures: Measures) -> Rows:
    """For each text and each topic how near it is, in several ways: an array of texts, topics and ways."""
    near = rows @ measures.rows.T
    calm = np.sort(rows @ measures.around.T, axis=1)[:, -AROUND:].mean(axis=1)
    ridge = rows @ measures.weights
    found = np.zeros((len(rows), measures.is_of.shape[1], len(WAYS)), np.float32)
    best = np.stack([_best(near, measures.is_of[:, topic] > 0) for topic in range(measures.is_of.shape[1])], axis=1)
    for topic in range(measures.is_of.shape[1]):
        own = measures.is_of[:, topic] > 0
        others = np.delete(best, topic, axis=1)
        rival = others.max(axis=1) if others.shape[1] else np.full(len(rows), -1.0, np.float32)
        refused = _best(near, measures.is_of[:, topic] < 0)
        many = np.log1p(own.sum())
        found[:, topic] = np.stack(
            [
                best[:, topic],
                np.sort(near[:, own], axis=1)[:, -NEAR:].mean(axis=1) if own.any() else best[:, topic],
                ridge[:, topic],
                ridge[:, topic] * many,
                best[:, topic] - np.maximum(rival, calm),
                best[:, topic] - calm,
                np.maximum(refused - best[:, topic], 0.0),
                np.full(len(rows), many, np.float32),
                best[:, topic] - _tightness(measures.rows[own]),
            ],
            axis=1,
        )
    return found


#: The ways in which a text is measured against a topic, in the order of the numbers that ship.
WAYS = (
    "nearest",
    "near",
    "ridge",
    "ridge by examples",
    "before others",
    "before anything",
    "nearer a no",
    "examples",
    "beside its own",
)


def _tightness(rows: Rows) -> float:
    """How near the examples of a topic are to each other, each to its nearest: a text is judged by that."""
    if len(rows) < 2:
        return USUAL
    near = rows @ rows.T
    np.fill_diagonal(near, -1.0)
    return float(near.max(axis=1).mean())


def _best(near: Rows, chosen: Any) -> Rows:
    """How near the nearest of some examples is; where there are none, as far as can be."""
    return near[:, chosen].max(axis=1) if chosen.any() else np.full(len(near), -1.0, np.float32)


def worth_of(found: Rows, measures: Measures, tier: str) -> Rows:
    """What the measures are worth, as probabilities; a topic without an example has only its words."""
    weights, bias = _worth()[tier]
    chances = 1.0 / (1.0 + np.exp(-np.clip(found @ weights + bias, -30, 30)))
    sure: Rows = np.asarray(chances, np.float32)
    sure[:, ~(measures.is_of > 0).any(axis=0)] = 0.0
    return sure


def row_of(seen: Seen, tier: str) -> Rows:
    """What texts mean, as rows of length 1: the product of two is how near they are."""
    return joined(seen.light, seen.standard if tier == STANDARD else None)


def joined(light: Rows, standard: Rows | None) -> Rows:
    """The rows of both encoders as one, each of them weighing the same."""
    given = [light] if standard is None else [light, standard]
    parts = [part / np.maximum(np.linalg.norm(part, axis=1, keepdims=True), 1e-6) for part in given]
    return np.asarray(np.hstack(parts) / len(parts) ** 0.5, np.float32)


def _pieces(texts: Sequence[str]) -> tuple[list[int], list[str]]:
    """The sentences of texts with several, and which text each is of: what a letter is about may be one of them."""
    places, pieces = [], []
    for at, text in enumerate(texts):
        found = [text[start:end] for start, end in sentences(text[:LONGEST]) if end - start >= SHORTEST]
        if len(found) > 1:
            places += [at] * len(found[:MOST_PIECES])
            pieces += found[:MOST_PIECES]
    return places, pieces


def _dampened(chances: Rows, places: Sequence[int]) -> Rows:
    """Chances of sentences, less the more sentences a text has: with each there is one more chance to be wrong."""
    many = np.array([places.count(at) for at in places], np.float32)[:, None]
    odds = chances / np.maximum(1 - chances, 1e-6) / many
    return np.asarray(odds / (1 + odds), np.float32)


def _stands_in(inside: Sequence[str], line: tuple[str, ...]) -> bool:
    """Whether the words of a line stand in a text, next to each other."""
    long = len(line)
    return bool(line) and any(tuple(inside[at : at + long]) == line for at in range(len(inside) - long + 1))


@lru_cache(maxsize=MOST_KEPT)
def _kept_row(text: str, tier: str) -> bytes:
    return (light_rows if tier == LIGHT else standard_rows)([text]).tobytes()


def _kept_rows(texts: Sequence[str], tier: str, model: Model) -> Rows:
    light = _unpacked([_kept_row(text, LIGHT) for text in texts], len(model.light_mean)) - model.light_mean
    if tier == LIGHT:
        return joined(light, None)
    rows = _unpacked([_kept_row(text, STANDARD) for text in texts], len(model.standard_mean))
    return joined(light, rows - model.standard_mean)


def _unpacked(rows: Sequence[bytes], width: int) -> Rows:
    return np.frombuffer(b"".join(rows), np.float32).reshape(len(rows), width)


@cache
def _shipped() -> tuple[Rows, Rows]:
    arrays = np.load(FOLDER / "around.npz", allow_pickle=False)
    return arrays["light"].astype(np.float32), arrays["standard"].astype(np.float32)


@cache
def _around(tier: str) -> Rows:
    model, (light, standard) = base(), _shipped()
    return joined(light - model.light_mean, standard - model.standard_mean if tier == STANDARD else None)


@cache
def _worth() -> dict[str, tuple[Rows, float]]:
    facts = json.loads((FOLDER / "worth.json").read_text("utf-8"))
    return {tier: (np.array(one["weights"], np.float32), float(one["bias"])) for tier, one in facts["tiers"].items()}
