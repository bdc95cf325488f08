# SPDX-License-Identifier: AGPL-3.0-or-later
"""The second step: each output also hears what was said of all others, and what the message looks like.

Who complains is seldom full of praise, and what ends in a question mark in a chat is seldom an invoice. A logistic
regression on the scores of the first step and the form. Both steps are linear, so that together they are one head.
"""

from dataclasses import dataclass
from importlib import import_module

import numpy as np
import numpy.typing as npt

from plein.recognition.encoders import Rows
from plein.recognition.training.fit import Fitted, Scores, Wanted
from plein.recognition.training.seen import UNKNOWN
from plein.recognition.training.sharpening import sharpened
from plein.recognition.training.squares import LeftOut

#: How far each output may bend to what is said of the others.
BEND = 0.05
#: The odds are divided by this, so that scores are as large as those that learning from corrections was measured with.
STEEP = 3.5
#: What all texts have alike says nothing.
LEAST_SPREAD = 1e-6


@dataclass(frozen=True)
class Mix:
    """How much each output (columns) hears of the scores of each, and of each trait of the form (rows)."""

    weights: Scores
    form: Scores
    bias: Scores

    def scores(self, scores: Scores, form: Rows) -> Scores:
        """The scores of the second step."""
        mixed: Scores = scores @ self.weights + form @ self.form + self.bias
        return mixed

    def after(self, fitted: Fitted) -> Fitted:
        """Both steps as one, but for the form."""
        weights, bias = fitted.weights.astype(np.float64), fitted.bias.astype(np.float64)
        both = weights @ self.weights, bias @ self.weights + self.bias
        return Fitted(both[0].astype(np.float32), both[1].astype(np.float32))


def mixed(scores: Scores, form: Rows, wanted: Wanted) -> Mix:
    """Learned from scores of texts whose authors were not read."""
    linear = import_module("sklearn.linear_model")
    heard = np.hstack([scores, form])
    middle, spread = heard.mean(0), np.maximum(heard.std(0), LEAST_SPREAD)
    even = (heard - middle) / spread
    columns = []
    for column in wanted.T:
        told = column != UNKNOWN
        line = linear.LogisticRegression(C=BEND, max_iter=300).fit(even[told], column[told])
        columns.append((line.coef_[0] / spread, line.intercept_[0] - (line.coef_[0] / spread) @ middle))
    weights = np.array([column for column, _ in columns]).T / STEEP
    known = scores.shape[1]
    return Mix(weights[:known], weights[known:], np.array([bias for _, bias in columns]) / STEEP)


@dataclass(frozen=True)
class Concluded:
    """The second step as learned from all authors, its sigmoids, and the probabilities by which it is judged.

    Of a text the probabilities come from a second step and sigmoids that learned nothing of its author, not even from
    what a first step said that had read that author.
    """

    mix: Mix
    slope: Rows
    offset: Rows
    chances: Scores


def concluded(left: LeftOut, form: Rows, wanted: Wanted, writers: npt.NDArray[np.str_]) -> Concluded:
    """The second step of a tier."""
    scores, chances = np.zeros_like(left.scores), np.zeros_like(left.scores)
    for writer, known in left.without.items():
        own = writers == writer
        mix = mixed(known[~own], form[~own], wanted[~own])
        slope, offset = sharpened(mix.scores(known[~own], form[~own]), wanted[~own])
        scores[own] = mix.scores(known[own], form[own])
        chances[own] = 1 / (1 + np.exp(-(slope * scores[own] + offset)))
    return Concluded(mixed(left.scores, form, wanted), *sharpened(scores, wanted), chances)
