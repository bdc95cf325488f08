# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fits heads by least squares: one inverse serves all outputs, and every author who is left out.

The weights are a mixture of the texts that were read. What a machine that had not read some of them says of these
follows from the same inverse, exactly and without fitting anew. So a second step can learn from what a first one says
of authors whom it has not read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from plein.recognition.encoders import Rows
from plein.recognition.training.fit import Fitted, Scores, Wanted
from plein.recognition.training.seen import UNKNOWN

#: What large weights cost, and how much the same number for every text counts as a feature.
PENALTY, CONSTANT = 1.0, 1.0
#: Rows of the table of all texts against all texts that are made at a time.
STRIP = 1_000
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Squares:
    """A machine that read all texts.

    `targets` are what is wanted of each: 1, -1, or 0 where nobody said; `mixture` how much each text weighs.
    """

    inverse: Rows
    targets: Scores
    mixture: Scores

    def unread(self, texts: Places) -> Scores:
        """What it would say of these texts, had it read only the others."""
        block = self.inverse[np.ix_(texts, texts)].astype(np.float64)
        said: Scores = self.targets[texts] - np.linalg.solve(block, self.mixture[texts])
        return said

    def fitted(self, features: Any) -> Fitted:
        """The weights on the features that it read."""
        mixture = self.mixture.astype(np.float32)
        return Fitted(np.asarray(features.T @ mixture, np.float32), CONSTANT * mixture.sum(0))


def squares(features: Any, wanted: Wanted) -> Squares:
    """A machine of all texts (rows). It takes four bytes for each pair of texts, twice."""
    targets = np.where(wanted == UNKNOWN, 0.0, np.where(wanted == 1, 1.0, -1.0))
    inverse = _inverse(_alike(features))
    return Squares(inverse, targets, (inverse @ targets.astype(np.float32)).astype(np.float64))


def _alike(features: Any) -> Rows:
    count = features.shape[0]
    # The directions of the encoders are there in every text, and are many times faster as what they are.
    full = np.bincount(features.indices, minlength=features.shape[1]) > count / 2
    directions, grams = np.asarray(features[:, full].toarray()), features[:, ~full].tocsr()
    table: Rows = directions @ directions.T + np.float32(CONSTANT)
    turned = grams.T.tocsr()
    for start in range(0, count, STRIP):
        table[start : start + STRIP] += (grams[start : start + STRIP] @ turned).toarray()
    table[np.diag_indices(count)] += PENALTY
    return table


def _inverse(table: Rows) -> Rows:
    lapack = import_module("scipy.linalg.lapack")
    # What is symmetric is the same turned, and turned it is in the order that is worked in, so that nothing is copied.
    factor, failed = lapack.spotrf(table.T, lower=1, overwrite_a=1, clean=0)
    found, failed_too = lapack.spotri(factor, lower=1, overwrite_c=1)
    if failed or failed_too:
        raise ArithmeticError("The texts cannot be told apart: raise PENALTY.")
    half = np.tril(found)
    half += np.tril(found, -1).T
    return np.asarray(half, np.float32)


@dataclass(frozen=True)
class LeftOut:
    """Scores of authors who were left out, each text at its place.

    `scores` are by machines that read nothing of the author of the text. `without[author]` are by machines that read
    nothing of that author either: what may be learned from when it is that author's texts one wants to judge.
    """

    scores: Scores
    without: dict[str, Scores]


def left_out_twice(machine: Squares, authors: Sequence[str]) -> LeftOut:
    """Every author left out, and every two."""
    writers = np.array(authors)
    names = sorted(set(authors))
    places = {name: np.flatnonzero(writers == name) for name in names}
    scores = np.zeros_like(machine.targets)
    for name in names:
        scores[places[name]] = machine.unread(places[name])
    without = {name: scores.copy() for name in names}
    for at, first in enumerate(names):
        for second in names[at + 1 :]:
            said = machine.unread(np.concatenate([places[first], places[second]]))
            without[second][places[first]] = said[: len(places[first])]
            without[first][places[second]] = said[len(places[first]) :]
    return LeftOut(scores, without)
