# SPDX-License-Identifier: AGPL-3.0-or-later
"""How strong a tie is, from 0 to 1, and when it is cooling. The same formulas as the SQL beside this.

Time, closeness and reciprocity make a tie strong (Granovetter 1973; Gilbert and Karahalios, CHI 2009). Contact is
discounted to a landmark, so that nothing is rewritten as it ages (Cormode, Shkapenyuk, Srivastava and Xu, "Forward
decay", ICDE 2009). With x what is left of the sum at a time, in units of the sum at which strength is one half,
strength is x / (x + 1), and a tie makes a path longer by -ln(strength): costs add up where strengths multiply.
"""

from datetime import datetime, timedelta
from math import exp, log, log1p

import numpy as np
from numpy.typing import NDArray

from plein.network.vocabulary import LANDMARK, MEASURE

#: A pair is cooling when it is silent for so many times its usual gap, once it met so many times.
COOL, ENOUGH = 8, 3
#: What nothing is stronger than: a cost of nothing would never be passed.
LEAST_COST = 1e-12


def faded(at: datetime, half_life: timedelta = MEASURE.half_life) -> float:
    """What to take off the logarithm of a sum to have the logarithm of what is left of it at this time."""
    return log(2) * ((at - LANDMARK) / half_life)


def cost_of(weight: float, *, is_lasting: bool, fading: float) -> float:
    """How much a tie lengthens a path: less the logarithm of its strength."""
    if is_lasting:
        return max(-log(weight), LEAST_COST)
    behind = fading - weight
    return max(behind + log1p(exp(-behind)) if behind > 0 else log1p(exp(behind)), LEAST_COST)


def strength_of(cost: float) -> float:
    """The strength that a cost stands for."""
    return exp(-cost)


def weight_within(cost: float, *, is_lasting: bool, fading: float) -> float:
    """The least weight with which a tie costs no more than this."""
    if cost <= 0:
        return float("inf")
    if is_lasting:
        return exp(-cost)
    # Beyond this an exponent is no number any more, and no tie is that weak.
    if cost > 600:
        return float("-inf")
    return fading - log(exp(cost) - 1)


def costs_of(weights: NDArray[np.float64], is_lasting: NDArray[np.bool], *, fading: float) -> NDArray[np.float64]:
    """`cost_of` of many ties at once."""
    behind = fading - weights
    costs: NDArray[np.float64] = np.maximum(behind, 0) + np.log1p(np.exp(-np.abs(behind)))
    costs[is_lasting] = -np.log(weights[is_lasting])
    np.maximum(costs, LEAST_COST, out=costs)
    return costs


def weights_within(costs: NDArray[np.float64], *, is_lasting: bool, fading: float) -> NDArray[np.float64]:
    """`weight_within` of many costs at once."""
    if is_lasting:
        least: NDArray[np.float64] = np.exp(-costs)
    else:
        least = fading - np.log(np.expm1(np.clip(costs, 1e-300, 600)))
        least[costs > 600] = -np.inf
    least[costs <= 0] = np.inf
    return least


def is_cooling(*, moments: int, first_at: datetime, last_at: datetime, at: datetime) -> bool:
    """Whether the silence is long against this pair's own rhythm: eight times its mean gap.

    Eight: Navarro, Miritello, Canales and Moro, EPJ Data Science 2017.
    """
    if moments < ENOUGH:
        return False
    return at - last_at > COOL * (last_at - first_at) / (moments - 1)
