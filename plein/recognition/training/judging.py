# SPDX-License-Identifier: AGPL-3.0-or-later
"""The figures on the model card: of messages whose author was not read."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from plein.recognition.examples import Example
from plein.recognition.labels import LABELS, SENTIMENTS, TAUGHT, URGENCIES
from plein.recognition.recognise import HOLDS
from plein.recognition.scoring import Score, calibration_error, of_decisions, score_of
from plein.recognition.training.mentions import taught
from plein.recognition.training.seen import OUTPUTS

#: The tagger is slow to teach: it is judged with the authors in so many parts.
PARTS = 3
Scores = npt.NDArray[np.float64]
Right = npt.NDArray[np.int8]


def card_figures(
    examples: Sequence[Example],
    right: Right,
    chances: Mapping[str, Scores],
    talk_scores: Scores,
    talks: Right,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Everything that the model card tells.

    `chances` are for each tier those of texts of whose author nothing was learned.
    """
    languages = np.array([example.language for example in examples])
    made: dict[str, Any] = {"messages": len(examples), "authors": len({one.author for one in examples})}
    for tier, found in chances.items():
        made[tier] = {
            language: _of_language(found[languages == language], right[languages == language])
            for language in sorted(set(languages))
        }
        say(f"{tier}: macro-F1 " + ", ".join(f"{one} {made[tier][one]['macro_f1']:.3f}" for one in made[tier]))
    say("The tagger is judged on authors that it has not read.")
    made["mentions"] = _mentions(examples)
    made["talk_sentences"] = of_decisions((talk_scores[:, 0] > 0).astype(float), talks).facts()
    return made


def _of_language(chances: Scores, right: Right) -> dict[str, Any]:
    labels = {label: of_decisions(chances[:, at], right[:, at]) for at, label in enumerate(LABELS)}
    errors = [calibration_error(chances[:, at], right[:, at]) for at in range(len(LABELS))]
    moods = [OUTPUTS.index(f"sentiment:{mood}") for mood in SENTIMENTS]
    degrees = [OUTPUTS.index(f"urgency:{degree}") for degree in URGENCIES[1:]]
    return {
        "macro_f1": round(float(np.mean([score.f1 for score in labels.values()])), 4),
        "calibration_error": round(float(np.mean(errors)), 4),
        "labels": {label: score.facts() for label, score in labels.items()},
        "sentiment_macro_f1": round(_macro(chances[:, moods].argmax(1), right[:, moods].argmax(1)), 4),
        "urgency_macro_f1": round(
            _macro((chances[:, degrees] >= HOLDS).cumprod(1).sum(1), (right[:, degrees] == 1).sum(1)), 4
        ),
    }


def _macro(said: npt.NDArray[np.integer], right: npt.NDArray[np.integer]) -> float:
    scores = [
        Score(int(((said == one) & (right == one)).sum()), int((said == one).sum()), int((right == one).sum()))
        for one in sorted(set(right.tolist()))
    ]
    return float(np.mean([score.f1 for score in scores]))


def _mentions(examples: Sequence[Example]) -> dict[str, Any]:
    authors = sorted({example.author for example in examples})
    said: list[set[Any]] = []
    wanted: list[set[Any]] = []
    for part in range(PARTS):
        judged = {author for at, author in enumerate(authors) if at % PARTS == part}
        tagger = taught(example for example in examples if example.author not in judged)
        for example in examples:
            if example.author in judged:
                said.append(set(tagger.mentions(example.text)))
                wanted.append(set(example.mentions))
    return {
        kind: score_of(
            [{one for one in spans if one.kind == kind} for spans in said],
            [{one for one in spans if one.kind == kind} for spans in wanted],
        ).facts()
        for kind in TAUGHT
    }
