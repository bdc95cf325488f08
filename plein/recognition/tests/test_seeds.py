# SPDX-License-Identifier: AGPL-3.0-or-later
"""The seed sentences are enough, varied and well formed, and the model is the one that was made of them."""

from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

import plein.recognition.training as training
from plein.recognition.card import card
from plein.recognition.examples import NotUnderstood, gold_examples, seed_examples, unmarked
from plein.recognition.labels import LABELS
from plein.recognition.model import base

SEEDS = Path(training.__path__[0]) / "seeds"
CARD = Path(__file__).parents[3] / "docs" / "develop" / "model-card.md"
ENOUGH = 150


def test_there_are_enough_of_each_label_in_each_language() -> None:
    examples = seed_examples(SEEDS)
    counts = Counter((example.language, label) for example in examples for label in example.labels)
    assert {
        (language, label) for language in ("nl", "en") for label in LABELS if counts[language, label] < ENOUGH
    } == set()
    assert len(examples) >= 4_500


def test_none_is_there_twice_and_each_mention_stands_in_its_text() -> None:
    examples = seed_examples(SEEDS)
    assert [text for text, count in Counter(each.text.casefold() for each in examples).items() if count > 1] == []
    for example in examples:
        assert all(0 <= span.start < span.end <= len(example.text) for span in example.mentions)
        assert ("small_talk" in example.labels) == bool(example.small_talk)


def test_the_model_is_made_of_these_seeds() -> None:
    told = {path.name: sha256(path.read_bytes()).hexdigest() for path in SEEDS.glob("*.txt")}
    assert base().facts["seeds"] == told, "Run `plein models train`."


def test_the_card_in_the_manual_is_that_of_the_model() -> None:
    assert CARD.read_text("utf-8") == card(base().facts), "Run `plein models card > docs/develop/model-card.md`."


def test_marks_are_taken_off() -> None:
    text, mentions, talk = unmarked("<<Hoe gaat het {p:Ann}?>> Bel {d:morgen}.")
    assert text == "Hoe gaat het Ann? Bel morgen."
    assert [(each.kind, text[each.start : each.end]) for each in mentions] == [("person", "Ann"), ("date", "morgen")]
    assert [text[start:end] for start, end in talk] == ["Hoe gaat het Ann?"]


def test_a_wrong_row_is_said() -> None:
    with pytest.raises(NotUnderstood, match="Line 2"):
        gold_examples(['{"text": "a", "labels": []}', '{"text": "b", "labels": ["nonsense"]}'])
