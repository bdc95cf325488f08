# SPDX-License-Identifier: AGPL-3.0-or-later
"""A recognition as a row for programs: the same at every door."""

from collections.abc import Mapping
from typing import Any

from plein.recognition.recognise import Recognition
from plein.recognition.topics import HOLDS


def as_row(found: Recognition, topics: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What was recognised, in plain values. Spans count code points of the text, the end exclusive.

    `topics` are the names of topics by their keys.
    """
    return {
        "labels": found.labels,
        "sentiment": found.sentiment,
        "sentiments": found.sentiments,
        "urgency": found.urgency,
        "language": found.language,
        "language_confidence": round(found.language_confidence, 4),
        "relevance": found.relevance,
        "entities": [
            {"type": one.kind, "start": one.start, "end": one.end, "text": one.text} for one in found.mentions
        ],
        "small_talk_spans": [[start, end] for start, end in found.small_talk],
        "reasons": {label: list(words) for label, words in found.reasons.items()},
        "topics": {
            name: found.topics[key] for key, name in (topics or {}).items() if found.topics.get(key, 0.0) >= HOLDS
        },
        "tier": found.tier,
        "version": found.version,
    }
