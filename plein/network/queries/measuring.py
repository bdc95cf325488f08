# SPDX-License-Identifier: AGPL-3.0-or-later
"""How strength is measured here, and what another measure would make of the ties one has."""

from contextvars import ContextVar
from dataclasses import replace
from datetime import timedelta

from plein.core.isolation import Context, current
from plein.network.models import Measuring
from plein.network.vocabulary import MEASURE, Ground, Measure

#: The half-life as it was found in a context, which is a request: asked once, whatever a page asks the network.
_found: ContextVar[tuple[Context, timedelta] | None] = ContextVar("plein_half_life", default=None)


def half_life() -> timedelta:
    """After how long half of a contact is left in this company; one query, once a request."""
    found = _found.get()
    if found is not None and found[0] is current():
        return found[1]
    return remember_half_life(Measuring.objects.values_list("half_life", flat=True).first())


def remember_half_life(days: int | None) -> timedelta:
    """It was found along with something else."""
    answer = MEASURE.half_life if days is None else timedelta(days=days)
    _found.set((current(), answer))
    return answer


def forget_half_life() -> None:
    """It is another one from now on."""
    _found.set(None)


def measure() -> Measure:
    """How this company measures; one query."""
    found = Measuring.objects.first()
    if found is None:
        return MEASURE
    return replace(
        MEASURE,
        half_life=timedelta(days=found.half_life),
        reciprocity=found.reciprocity,
        even=found.even,
        crowd=found.crowd,
        weights=MEASURE.weights | found.weights,
        floors=MEASURE.floors | {Ground(int(key)): floor for key, floor in found.floors.items()},
    )


def is_own_measure() -> bool:
    """Whether this company measures otherwise than Plein."""
    return Measuring.objects.exists()
