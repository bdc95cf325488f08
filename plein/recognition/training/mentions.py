# SPDX-License-Identifier: AGPL-3.0-or-later
"""Teaches the tagger: a conditional random field over the seed sentences, kept as arrays."""

import tempfile
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from plein.recognition.examples import Example, Span
from plein.recognition.labels import ORGANIZATION, PERSON, PRODUCT
from plein.recognition.mentions.tagger import Tagger, tags_of
from plein.recognition.mentions.words import Word, features_of, words_of

#: Penalties on the weights (L1 keeps few of them, L2 keeps them small), rounds, and how often a feature must occur.
PENALTIES = {"c1": 0.05, "c2": 0.05, "max_iterations": 150, "feature.minfreq": 2}

NAMED = {PERSON, ORGANIZATION, PRODUCT}
#: Of so many names the tagger is told while it learns that they are known: most that come in are not.
SHARE_KNOWN = 0.25
SEED = 7


def taught(examples: Iterable[Example]) -> Tagger:
    """A tagger that learned from these examples."""
    crf: Any = import_module("pycrfsuite")
    trainer = crf.Trainer(verbose=False)
    trainer.set_params(PENALTIES)
    draw = Random(SEED)  # noqa: S311 - a sample, no secret
    for example in examples:
        if words := words_of(example.text):
            trainer.append(features_of(words, _known(words, example.mentions, draw)), tags_of(words, example.mentions))
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model")
        trainer.train(path)
        tagger = crf.Tagger()
        tagger.open(path)
        info = tagger.info()
    return _as_arrays(info)


def _known(words: Sequence[Word], mentions: Iterable[Span], draw: Random) -> dict[int, str]:
    """As if some names were in the company's books, so that the tagger learns what that is worth."""
    named = [span for span in mentions if span.kind in NAMED and draw.random() < SHARE_KNOWN]
    return {
        at: span.kind
        for span in named
        for at, word in enumerate(words)
        if span.start <= word.start and word.end <= span.end
    }


def _as_arrays(info: Any) -> Tagger:
    tags = tuple(sorted(info.labels))
    place = {tag: at for at, tag in enumerate(tags)}
    names = sorted({feature for feature, _ in info.state_features})
    rows = {feature: at for at, feature in enumerate(names)}
    weights = np.zeros((len(names), len(tags)), np.float32)
    for (feature, tag), weight in info.state_features.items():
        weights[rows[feature], place[tag]] = weight
    steps = np.zeros((len(tags), len(tags)), np.float32)
    for (before, after), weight in info.transitions.items():
        steps[place[before], place[after]] = weight
    return Tagger(tags, rows, weights, steps)


def marks(found: Sequence[Span], right: Sequence[Span]) -> tuple[int, int, int]:
    """How many mentions were found rightly (kind and both ends), how many were found, how many there are."""
    return len(set(found) & set(right)), len(set(found)), len(set(right))
