# SPDX-License-Identifier: AGPL-3.0-or-later
"""Examples as matrices: counts of n-grams, rows of both encoders, and what is wanted of each output."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from plein.recognition import ngrams
from plein.recognition.encoders import Rows, light_rows, standard_rows
from plein.recognition.examples import Example
from plein.recognition.labels import LABELS, SENTIMENTS, URGENCIES
from plein.recognition.texts import said, sentences

BATCH = 256
#: An n-gram must occur in so many examples.
LEAST = 2
OUTPUTS = (*LABELS, *(f"sentiment:{mood}" for mood in SENTIMENTS), *(f"urgency:{degree}" for degree in URGENCIES[1:]))
UNKNOWN = -1


@dataclass(frozen=True)
class Matrices:
    """Texts (rows) as a model sees them before it knows any: counts per hash, and both encoders."""

    counts: Any
    light: Rows
    standard: Rows

    def part(self, rows: npt.NDArray[np.bool_]) -> "Matrices":
        """Some of the texts."""
        return Matrices(self.counts[rows], self.light[rows], self.standard[rows])


def seen(texts: Sequence[str], *, standard: bool = True) -> Matrices:
    """The matrices of texts; without the better encoder its rows are empty."""
    starts = range(0, len(texts), BATCH)
    light = [light_rows(texts[start : start + BATCH]) for start in starts]
    better = [standard_rows(texts[start : start + BATCH]) for start in starts] if standard else []
    return Matrices(counted(texts), np.concatenate(light), _stacked(better, len(texts)))


def _stacked(parts: list[Rows], length: int) -> Rows:
    return np.concatenate(parts) if parts else np.zeros((length, 0), np.float32)


def counted(texts: Sequence[str]) -> Any:
    """A sparse matrix of dampened counts: a row per text, a column per hash."""
    places: list[int] = []
    values: list[float] = []
    ends = [0]
    for text in texts:
        counts = ngrams.counted(ngrams.tokens(text[: ngrams.LONGEST]))
        places += counts.keys()
        values += counts.values()
        ends.append(len(places))
    sparse = import_module("scipy.sparse")
    return sparse.csr_matrix(
        (np.array(values, np.float32), np.array(places, np.int64), np.array(ends)),
        shape=(len(texts), 1 << ngrams.BITS),
    )


def wanted(examples: Sequence[Example]) -> npt.NDArray[np.int8]:
    """What is right: a row per example, a column per output, 1 or 0, or -1 where nobody said."""
    return np.array([_wanted(example) for example in examples], np.int8)


def _wanted(example: Example) -> list[int]:
    row = [int(label in example.labels) for label in LABELS]
    row += [UNKNOWN if example.sentiment is None else int(example.sentiment == mood) for mood in SENTIMENTS]
    row += [UNKNOWN if example.urgency is None else int(example.urgency >= degree) for degree in URGENCIES[1:]]
    return row


def spoken(examples: Sequence[Example]) -> list[str]:
    """What is said in each example, without quotes and signatures."""
    return [said(example.text) for example in examples]


def talk_sentences(examples: Sequence[Example]) -> tuple[list[str], npt.NDArray[np.int8], list[str]]:
    """Sentences, whether each is small talk, and who wrote it: to find small talk inside a message."""
    pieces: list[str] = []
    labels: list[int] = []
    authors: list[str] = []
    for example in examples:
        for start, end in sentences(example.text):
            inside = sum(
                min(end, stop) - max(start, begin) for begin, stop in example.small_talk if begin < end > begin
            )
            pieces.append(example.text[start:end])
            labels.append(int(inside > (end - start) / 2))
            authors.append(example.author)
    return pieces, np.array(labels, np.int8), authors
