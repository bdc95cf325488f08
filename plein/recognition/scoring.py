# SPDX-License-Identifier: AGPL-3.0-or-later
"""How good recognition is: precision, recall and F1 by label and language, and whether probabilities are honest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from plein.recognition.examples import Example, Span
from plein.recognition.labels import LABELS, SENTIMENTS, TAUGHT
from plein.recognition.recognise import HOLDS, Recognition

BINS = 10
#: Two stretches of small talk are the same when their overlap is at least so much of both together.
SAME_STRETCH = 0.5


@dataclass(frozen=True)
class Score:
    """Counts of one thing: found rightly, found, and there."""

    right: int
    found: int
    there: int

    @property
    def precision(self) -> float:
        """How much of what was found is right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """How much of what is there was found."""
        return self.right / self.there if self.there else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / (self.found + self.there) if self.found + self.there else 0.0

    def facts(self) -> dict[str, float | int]:
        """For a program."""
        return {
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
            "there": self.there,
        }


def of_decisions(chances: npt.NDArray[np.floating], wanted: npt.NDArray[np.integer]) -> Score:
    """The score of yes or no, of probabilities and what is right."""
    said = chances >= HOLDS
    return Score(int((said & (wanted == 1)).sum()), int(said.sum()), int((wanted == 1).sum()))


def calibration_error(chances: npt.NDArray[np.floating], wanted: npt.NDArray[np.integer]) -> float:
    """Expected calibration error: how far probabilities are from how often they are right, in ten bins."""
    bins = np.minimum((chances * BINS).astype(int), BINS - 1)
    total = 0.0
    for one in range(BINS):
        inside = bins == one
        if inside.any():
            total += inside.mean() * abs(float(chances[inside].mean()) - float((wanted[inside] == 1).mean()))
    return float(total)


def figures(examples: Sequence[Example], found: Sequence[Recognition]) -> dict[str, object]:
    """Everything about a set of gold rows: by language the labels, and sentiment, urgency, mentions, small talk."""
    languages = sorted({example.language for example in examples if example.language})
    groups = {"all": list(range(len(examples)))}
    for language in languages:
        groups[language] = [at for at, example in enumerate(examples) if example.language == language]
    by_language = {
        name: _labels([examples[at] for at in rows], [found[at] for at in rows]) for name, rows in groups.items()
    }
    return {
        "messages": len(examples),
        "labels": by_language,
        "calibration_error": round(_calibration(examples, found), 4),
        "sentiment": _moods(examples, found),
        "urgency": _share(
            (
                one.urgency == other.urgency
                for one, other in zip(examples, found, strict=True)
                if one.urgency is not None
            )
        ),
        "language": _share(
            (one.language == other.language for one, other in zip(examples, found, strict=True) if one.language)
        ),
        "mentions": _mentions(examples, found),
        "small_talk_spans": _stretches(examples, found).facts(),
    }


def _labels(examples: Sequence[Example], found: Sequence[Recognition]) -> dict[str, object]:
    scores = {}
    for label in LABELS:
        chances = np.array([one.labels[label] for one in found], np.float64)
        wanted = np.array([label in one.labels for one in examples], np.int8)
        scores[label] = of_decisions(chances, wanted)
    there = [score.f1 for score in scores.values() if score.there]
    macro = round(float(np.mean(there)), 4) if there else 0.0
    return {"macro_f1": macro, **{label: score.facts() for label, score in scores.items()}}


def _calibration(examples: Sequence[Example], found: Sequence[Recognition]) -> float:
    errors = []
    for label in LABELS:
        chances = np.array([one.labels[label] for one in found], np.float64)
        errors.append(calibration_error(chances, np.array([label in one.labels for one in examples], np.int8)))
    return float(np.mean(errors)) if examples else 0.0


def _moods(examples: Sequence[Example], found: Sequence[Recognition]) -> dict[str, object]:
    pairs = [(one.sentiment, other.sentiment) for one, other in zip(examples, found, strict=True) if one.sentiment]
    scores = {
        mood: Score(
            sum(right == said == mood for right, said in pairs),
            sum(said == mood for _, said in pairs),
            sum(right == mood for right, _ in pairs),
        )
        for mood in SENTIMENTS
    }
    macro = float(np.mean([score.f1 for score in scores.values() if score.there] or [0.0]))
    return {"macro_f1": round(macro, 4), **{mood: score.facts() for mood, score in scores.items()}}


def _mentions(examples: Sequence[Example], found: Sequence[Recognition]) -> dict[str, object]:
    told = [at for at, example in enumerate(examples) if example.mentions]
    scores = {}
    for kind in TAUGHT:
        right = [{span for span in examples[at].mentions if span.kind == kind} for at in told]
        said = [{Span(one.kind, one.start, one.end) for one in found[at].mentions if one.kind == kind} for at in told]
        scores[kind] = score_of(said, right)
    return {kind: score.facts() for kind, score in scores.items()}


def score_of(said: Iterable[set[Span]], right: Iterable[set[Span]]) -> Score:
    """The score of exact mentions."""
    pairs = list(zip(said, right, strict=True))
    return Score(
        sum(len(one & other) for one, other in pairs),
        sum(len(one) for one, _ in pairs),
        sum(len(one) for _, one in pairs),
    )


def _stretches(examples: Sequence[Example], found: Sequence[Recognition]) -> Score:
    right = sum(_same(example.small_talk, one.small_talk) for example, one in zip(examples, found, strict=True))
    return Score(right, sum(len(one.small_talk) for one in found), sum(len(one.small_talk) for one in examples))


def _same(right: Iterable[tuple[int, int]], said: Iterable[tuple[int, int]]) -> int:
    spans = list(said)
    return sum(any(_overlap(one, other) >= SAME_STRETCH for other in spans) for one in right)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    both = min(one[1], other[1]) - max(one[0], other[0])
    return max(both, 0) / (max(one[1], other[1]) - min(one[0], other[0]))


def _share(answers: Iterable[bool]) -> float:
    given = list(answers)
    return round(sum(given) / len(given), 4) if given else 0.0
