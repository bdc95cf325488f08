# SPDX-License-Identifier: AGPL-3.0-or-later
"""The model card: what the model is, what it was taught, how good it is for each label and language, what is weak."""

from collections.abc import Iterator
from typing import Any

from plein.recognition.labels import LABELS
from plein.recognition.model import TIERS

#: Below this F1 a label is called weak.
WEAK = 0.75


def card(facts: dict[str, Any]) -> str:
    """The card of a model in Markdown, from the facts that were written with it."""
    return "\n".join(_lines(facts)) + "\n"


def _lines(facts: dict[str, Any]) -> Iterator[str]:
    figures = facts["figures"]
    languages = sorted(figures[TIERS[0]])
    yield f"# Model card: {facts['version']}"
    yield ""
    yield "Written by `plein models card`; the figures are those of the training itself."
    yield ""
    yield (
        f"**What it is.** Linear heads over n-grams, sentence encoders, and what a message looks like (marks, length, "
        f"how it came in), one for each label, a sigmoid that makes a probability of each score, and a tagger of "
        f"mentions. It was taught by {figures['messages']:,} messages that "
        f"{figures['authors']} authors wrote for Plein in {' and '.join(languages)}; no message of a customer "
        "and no text from elsewhere; lists of common names are a hint to the tagger. The encoders "
        "come with their own weights: the Universal Sentence Encoder, "
        "multilingual, version 3 (Apache-2.0) and multilingual-e5-small (MIT)."
    )
    yield ""
    yield (
        "**How it was judged.** Each author was left out in turn: every figure below is about messages of somebody "
        "whom the model had not read, mostly about trades that only they wrote of in that language. Many messages are "
        "hard on purpose: sarcasm, courtesy that is no praise, wishes that are no requests. Probabilities "
        "of one half and more count. What labels tell about each other and the two numbers of each sigmoid were "
        "learned from the other authors too, of scores by machines that had read neither those nor the one who is "
        "judged. Only which n-grams are known, how rare each is, and what is usual were counted over all texts, "
        "without their labels."
    )
    yield ""
    yield "**What it is not for.** It judges messages, never people. It does not decide; who reads corrects it."
    for tier in TIERS:
        yield from _tier(figures[tier], tier, languages)
    yield from _rest(figures)
    yield from _weak(figures, languages)


def _tier(figures: dict[str, Any], tier: str, languages: list[str]) -> Iterator[str]:
    yield ""
    yield f"## Tier {tier}"
    yield ""
    yield "| | " + " | ".join(f"{one}: precision | recall | F1" for one in languages) + " |"
    yield "|---" * (1 + 3 * len(languages)) + "|"
    for label in LABELS:
        rows = [figures[one]["labels"][label] for one in languages]
        cells = " | ".join(f"{row['precision']:.2f} | {row['recall']:.2f} | {row['f1']:.2f}" for row in rows)
        yield f"| {label} | {cells} |"
    for name in ("macro_f1", "calibration_error", "sentiment_macro_f1", "urgency_macro_f1"):
        cells = " | ".join(f"| | {figures[one][name]:.3f}" for one in languages)
        yield f"| **{name.replace('_', ' ')}** {cells} |".replace("** | |", "** | |")


def _rest(figures: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield "## Mentions and small talk"
    yield ""
    yield "| | precision | recall | F1 |"
    yield "|---|---|---|---|"
    for kind, row in [*figures["mentions"].items(), ("sentence of small talk", figures["talk_sentences"])]:
        yield f"| {kind} | {row['precision']:.2f} | {row['recall']:.2f} | {row['f1']:.2f} |"


def _weak(figures: dict[str, Any], languages: list[str]) -> Iterator[str]:
    yield ""
    yield "## What is weak"
    yield ""
    for language in languages:
        labels = figures[TIERS[-1]][language]["labels"]
        weak = sorted((row["f1"], label) for label, row in labels.items() if row["f1"] < WEAK)
        told = ", ".join(f"{label} ({f1:.2f})" for f1, label in weak) or "no label is below"
        yield f"* {language}, below {WEAK}: {told}."
    mentions = sorted((row["f1"], kind) for kind, row in figures["mentions"].items() if row["f1"] < WEAK)
    if mentions:
        yield "* Mentions: " + ", ".join(f"{kind} ({f1:.2f})" for f1, kind in mentions) + "."
    yield "* Other languages than these two were not judged; the encoders carry over, the n-grams do not."
