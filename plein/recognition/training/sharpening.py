# SPDX-License-Identifier: AGPL-3.0-or-later
"""Probabilities that are honest, and of which a half is the best place to decide.

A sigmoid of the score is honest (Platt 1999), but for a rare label F1 is best when one decides below a half, at about
half of what F1 can be (Lipton 2014). So the sigmoid is moved until a half is that place, as far as it stays honest.
"""

from importlib import import_module

import numpy as np
import numpy.typing as npt

from plein.recognition.encoders import Rows
from plein.recognition.scoring import calibration_error
from plein.recognition.training.seen import UNKNOWN

#: How far off the probabilities of one output may be after they were moved.
MOST_ERROR = 0.03
SHARES = (1.0, 0.8, 0.6, 0.4, 0.2)
Scores = npt.NDArray[np.float64]


def sharpened(scores: Scores, wanted: npt.NDArray[np.int8]) -> tuple[Rows, Rows]:
    """Slope and offset for each output (columns), from scores of texts whose author was not read."""
    pairs = [
        _of_one(score[column != UNKNOWN], column[column != UNKNOWN])
        for score, column in zip(scores.T, wanted.T, strict=True)
    ]
    return np.array([slope for slope, _ in pairs], np.float32), np.array([offset for _, offset in pairs], np.float32)


def _of_one(score: Scores, wanted: npt.NDArray[np.int8]) -> tuple[float, float]:
    line = import_module("sklearn.linear_model").LogisticRegression(C=1e3).fit(score[:, None], wanted)
    slope, offset = float(line.coef_[0, 0]), float(line.intercept_[0])
    best = slope * best_threshold(score, wanted) + offset
    for share in SHARES:
        moved = offset - share * best
        if calibration_error(1 / (1 + np.exp(-(slope * score + moved))), wanted) <= MOST_ERROR:
            return slope, moved
    return slope, offset


def best_threshold(score: Scores, wanted: npt.NDArray[np.int8]) -> float:
    """Where to decide for the best F1: halfway between two scores."""
    order = np.argsort(-score)
    right = np.cumsum(wanted[order] == 1)
    f1 = 2 * right / (np.arange(1, len(score) + 1) + max(right[-1], 1))
    at = int(f1.argmax())
    below = score[order[at + 1]] if at + 1 < len(score) else score[order[at]]
    return float((score[order[at]] + below) / 2)
