# SPDX-License-Identifier: AGPL-3.0-or-later
"""Choosing how strength is measured."""

from plein.core.operations import operation
from plein.network.models import Measuring
from plein.network.queries.measuring import forget_half_life
from plein.network.vocabulary import Measure
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def set_measure(*, actor: Entrance, measure: Measure) -> None:
    """Measure strength so from now on; the database derives all ties anew, in the same transaction."""
    permit(actor, "manage")
    values = {
        "half_life": measure.half_life.days,
        "reciprocity": measure.reciprocity,
        "even": measure.even,
        "crowd": measure.crowd,
        "weights": {str(kind): worth for kind, worth in measure.weights.items()},
        "floors": {str(ground.value): floor for ground, floor in measure.floors.items()},
    }
    with operation("set_measure"):
        if not Measuring.objects.update(**values):
            Measuring.objects.create(**values)
    forget_half_life()


def measure_as_plein(*, actor: Entrance) -> None:
    """Measure strength as Plein does, whatever that will be."""
    permit(actor, "manage")
    with operation("set_measure"):
        Measuring.objects.all().delete()
    forget_half_life()
