# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is known of texts, and the machine that finds small talk among sentences: a linear support vector machine.

Heads of whole messages are fitted in `squares.py`: of sentences there are too many for a table of all against all.

Probabilities and figures come from messages whose author the machine has not read: every author is left out in turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from plein.recognition.encoders import Rows
from plein.recognition.model import STANDARD, TIERS
from plein.recognition.training.seen import LEAST, UNKNOWN, Matrices

#: How far each machine may bend to its examples, and what the encoders' directions count beside the n-grams.
BEND = 0.5
WORTH_LIGHT, WORTH_STANDARD = 1.0, 3.0
Wanted = npt.NDArray[np.int8]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """Which n-grams are known (their hashes), how telling each is, and the middle of both encoders."""

    hashes: npt.NDArray[np.int64]
    idf: Rows
    light_mean: Rows
    standard_mean: Rows

    def features(self, matrices: Matrices, tier: str) -> Any:
        """One sparse matrix for a tier: n-grams (tf-idf, of length 1), then the directions of the encoders."""
        sparse = import_module("scipy.sparse")
        grams = matrices.counts[:, self.hashes].multiply(self.idf).tocsr()
        lengths = _lengths(grams)
        grams = sparse.diags(1.0 / np.where(lengths > 0, lengths, 1.0)) @ grams
        blocks = [grams, sparse.csr_matrix(WORTH_LIGHT * (matrices.light - self.light_mean))]
        if tier == STANDARD:
            blocks.append(sparse.csr_matrix(WORTH_STANDARD * (matrices.standard - self.standard_mean)))
        return sparse.hstack(blocks).tocsr().astype(np.float32)


def _lengths(grams: Any) -> Rows:
    return np.sqrt(np.asarray(grams.multiply(grams).sum(1))).ravel()


def scale_of(matrices: Matrices) -> Scale:
    """What is known after these texts were read."""
    frequency = np.bincount(matrices.counts.indices, minlength=matrices.counts.shape[1])
    hashes = np.flatnonzero(frequency >= LEAST)
    idf = np.log((1 + matrices.counts.shape[0]) / (1 + frequency[hashes])) + 1
    return Scale(hashes, idf.astype(np.float32), matrices.light.mean(0), matrices.standard.mean(0))


@dataclass(frozen=True)
class Fitted:
    """Weights (a row per feature, a column per output) and biases of one tier."""

    weights: Rows
    bias: Rows

    def scores(self, features: Any) -> Scores:
        """The scores of texts: above 0 is more likely than not."""
        made: Scores = np.asarray(features @ self.weights + self.bias, np.float64)
        return made


def fit(features: Any, wanted: Wanted) -> Fitted:
    """A machine for each column of what is wanted."""
    svm = import_module("sklearn.svm")
    columns = []
    for column in wanted.T:
        told = column != UNKNOWN
        machine = svm.LinearSVC(C=BEND).fit(features[told], column[told])
        columns.append((machine.coef_[0], machine.intercept_[0]))
    return Fitted(
        np.array([weights for weights, _ in columns], np.float32).T, np.array([bias for _, bias in columns], np.float32)
    )


def left_out(
    matrices: Matrices, wanted: Wanted, authors: Sequence[str], tiers: Sequence[str] = TIERS
) -> dict[str, Scores]:
    """For each tier the scores of every text by machines that read nothing of its author."""
    writers = np.array(authors)
    scores = {tier: np.zeros(wanted.shape, np.float64) for tier in tiers}
    for writer in sorted(set(authors)):
        own = writers == writer
        others = matrices.part(~own)
        scale = scale_of(others)
        for tier in tiers:
            fitted = fit(scale.features(others, tier), wanted[~own])
            scores[tier][own] = fitted.scores(scale.features(matrices.part(own), tier))
    return scores
