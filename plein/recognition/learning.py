# SPDX-License-Identifier: AGPL-3.0-or-later
"""Learning from corrections: what a company says about its own messages, on top of the model that everybody has.

For each label a logistic regression on the model's own score and the directions of meaning, held close to leaving all
as it is: p = sigmoid(S (a z + w u + b) + O), with a penalty on (a - 1)², w² and b². Fitted by Newton's
method in the space of the corrections, of which there are far fewer than directions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import numpy.typing as npt

from plein.recognition.adjustment import Adjustment, Change
from plein.recognition.encoders import Rows, has_standard
from plein.recognition.model import LIGHT, STANDARD, Heads, Model, Seen, base
from plein.recognition.texts import said

#: Before a label has so many corrections of both kinds together, nothing is learned for it.
LEAST = 8
#: One correction in so many is not learned from: it judges whether what was learned helps.
HELD_OUT = 5
STEPS = 50
#: A step is taken whole, or as much of it as makes the loss less.
SIZES = (1.0, 0.5, 0.25, 0.1, 0.03, 0.01)
SMALLEST = 1e-6
FLATTEST = 1e-3
#: How far the directions of meaning, the score and the bias may move: the spread of a prior around no change.
SPREAD, SPREAD_OF_SLOPE, SPREAD_OF_BIAS = 4.0, 0.5, 1.0
WORST = 1e-6
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Correction:
    """A text, and for some labels whether they hold."""

    text: str
    labels: Mapping[str, bool]

    @property
    def is_held_out(self) -> bool:
        """Whether it judges; by its text, so that it never changes sides."""
        return sha256(self.text.encode("utf-8", "surrogatepass")).digest()[0] % HELD_OUT == 0


@dataclass(frozen=True)
class Learned:
    """What was learned, and how it does on the corrections that it did not see.

    `before` and `after` are mean losses (negative log likelihood, nats) over `judged` decisions; `right_before` and
    `right_after` the shares that were right.
    """

    adjustment: Adjustment
    learned_from: int
    judged: int
    before: float
    after: float
    right_before: float
    right_after: float

    @property
    def is_better(self) -> bool:
        """Whether it may be taken: it does not get worse, in loss and in what is right."""
        return self.after <= self.before + WORST and self.right_after >= self.right_before


def learn(corrections: Sequence[Correction], *, version: str, model: Model | None = None) -> Learned | None:
    """What these corrections teach, judged on every fifth of them; None when there are too few for any label."""
    model = model or base()
    kept = [one for one in corrections if not one.is_held_out]
    judges = [one for one in corrections if one.is_held_out]
    outputs = taught_outputs(kept, model)
    if not outputs:
        return None
    adjustment = fitted(kept, outputs, version=version, model=model)
    before, right_before, judged = _judged(judges, outputs, model, None)
    after, right_after, _ = _judged(judges, outputs, model, adjustment)
    return Learned(adjustment, len(kept), judged, before, after, right_before, right_after)


def taught_outputs(corrections: Sequence[Correction], model: Model) -> tuple[str, ...]:
    """The labels with enough corrections."""
    counts = {output: sum(output in one.labels for one in corrections) for output in model.outputs}
    return tuple(output for output, count in counts.items() if count >= LEAST)


def fitted(corrections: Sequence[Correction], outputs: Sequence[str], *, version: str, model: Model) -> Adjustment:
    """An adjustment that learned from all of these corrections."""
    texts = [said(one.text) for one in corrections]
    tiers = {}
    for tier in (LIGHT, STANDARD) if has_standard() else (LIGHT,):
        seen = model.see(texts, tier)
        tiers[tier] = _change(corrections, outputs, seen, model, tier)
    return Adjustment(version, model.version, tuple(outputs), tiers)


def _change(corrections: Sequence[Correction], outputs: Sequence[str], seen: Seen, model: Model, tier: str) -> Change:
    heads = model.tiers[tier]
    scores = heads.scores(seen)
    meaning = seen.light if seen.standard is None else np.hstack([seen.light, seen.standard])
    columns = [_column(corrections, output, scores, meaning, heads, model.column(output)) for output in outputs]
    slopes, biases, weights = (np.array(part, np.float32) for part in zip(*columns, strict=True))
    width = seen.light.shape[1]
    by_direction = weights.T
    return Change(slopes, biases, by_direction[:width], by_direction[width:] if tier == STANDARD else None)


def _column(
    corrections: Sequence[Correction], output: str, scores: Rows, meaning: Rows, heads: Heads, column: int
) -> tuple[float, float, Numbers]:
    rows = [at for at, one in enumerate(corrections) if output in one.labels]
    wanted = np.array([corrections[at].labels[output] for at in rows], np.float64)
    own = scores[rows, column].astype(np.float64)
    features = np.hstack(
        [
            SPREAD * meaning[rows],
            SPREAD_OF_SLOPE * own[:, None],
            np.full((len(rows), 1), SPREAD_OF_BIAS),
        ]
    ).astype(np.float64)
    steep, offset = float(heads.slope[column]), float(heads.offset[column])
    weights = _newton(steep * features, steep * own + offset, wanted)
    directions = SPREAD * weights[:-2]
    return 1.0 + SPREAD_OF_SLOPE * float(weights[-2]), SPREAD_OF_BIAS * float(weights[-1]), directions


def _newton(features: Numbers, start: Numbers, wanted: Numbers) -> Numbers:
    """Weights w that make sigmoid(start + features w) fit, with a penalty of |w|²/2; through the kernel of the rows."""
    kernel = features @ features.T
    sign = 2 * wanted - 1
    dual = np.zeros(len(wanted))

    def loss(tried: Numbers) -> float:
        change = kernel @ tried
        return float(np.logaddexp(0, -sign * (start + change)).sum() + tried @ change / 2)

    now = loss(dual)
    for _step in range(STEPS):
        change = kernel @ dual
        chance = 1 / (1 + np.exp(-np.clip(start + change, -30, 30)))
        spread = np.maximum(chance * (1 - chance), FLATTEST)
        target = change + (wanted - chance) / spread
        step = np.linalg.solve(kernel + np.diag(1 / spread), target) - dual
        taken = next((size for size in SIZES if loss(dual + size * step) < now), 0.0)
        dual = dual + taken * step
        before, now = now, loss(dual)
        if before - now < SMALLEST:
            break
    weights: Numbers = features.T @ dual
    return weights


def _judged(
    judges: Sequence[Correction], outputs: Sequence[str], model: Model, adjustment: Adjustment | None
) -> tuple[float, float, int]:
    if not judges:
        return 0.0, 0.0, 0
    tier = STANDARD if has_standard() else LIGHT
    seen = model.see([said(one.text) for one in judges], tier)
    scores = model.tiers[tier].scores(seen)
    if adjustment:
        scores = adjustment.applied(scores, seen, model, tier)
    chances = np.clip(model.tiers[tier].probabilities(scores), WORST, 1 - WORST)
    losses, right = [], []
    for at, one in enumerate(judges):
        for output in outputs:
            if output in one.labels:
                chance = float(chances[at, model.column(output)])
                said_so = chance if one.labels[output] else 1 - chance
                losses.append(-np.log(said_so))
                right.append(said_so >= 0.5)
    return (float(np.mean(losses)), float(np.mean(right)), len(losses)) if losses else (0.0, 0.0, 0)
