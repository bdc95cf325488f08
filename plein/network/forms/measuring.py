# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form in which a company says how it measures strength; used by every door."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.moments.vocabulary import MomentKind
from plein.network.vocabulary import MEASURE, SHORTEST_HALF_LIFE, Measure
from plein.network.wording import ground_name

LONGEST_HALF_LIFE, HEAVIEST, LARGEST_CROWD = 3650, 100.0, 1000
#: As fields are called: `weight_call`, `floor_family`.
WEIGHT, FLOOR = "weight_", "floor_"


def _number(label: Any, least: float, most: float, step: float, help_text: Any = "") -> forms.FloatField:
    return forms.FloatField(
        label=label, min_value=least, max_value=most, help_text=help_text,
        widget=forms.NumberInput(attrs={"step": step, "inputmode": "decimal"}),
    )  # fmt: skip


class MeasureForm(forms.Form):
    """Half-life, weights and floors."""

    half_life = forms.IntegerField(
        label=gettext_lazy("Half-life of a contact, in days"),
        min_value=SHORTEST_HALF_LIFE, max_value=LONGEST_HALF_LIFE,
        help_text=gettext_lazy("After so many days half is left. 180 suits most; who meets once a year takes more."),
    )  # fmt: skip
    even = _number(
        gettext_lazy("Weight for half strength"), 0.01, HEAVIEST, 0.01,
        gettext_lazy("A smaller number makes every contact count more."),
    )  # fmt: skip
    reciprocity = forms.IntegerField(label=gettext_lazy("One-way contact keeps, in %"), min_value=0, max_value=100)
    crowd = forms.IntegerField(
        label=gettext_lazy("Largest group that gets acquainted"), min_value=1,
        max_value=LARGEST_CROWD,
    )  # fmt: skip

    def __init__(self, *args: Any, measure: Measure = MEASURE, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "half_life": measure.half_life.days,
            "even": measure.even,
            "reciprocity": round(100 * measure.reciprocity),
            "crowd": measure.crowd,
            **{WEIGHT + kind: worth for kind, worth in measure.weights.items()},
            **{FLOOR + ground.name.lower(): round(100 * floor) for ground, floor in measure.floors.items()},
        }
        super().__init__(*args, **kwargs)
        for kind in MEASURE.weights:
            self.fields[WEIGHT + kind] = _number(MomentKind(kind).label.capitalize(), 0, HEAVIEST, 0.01)
        for ground in MEASURE.floors:
            self.fields[FLOOR + ground.name.lower()] = forms.IntegerField(
                label=ground_name(ground), min_value=1, max_value=99
            )

    @property
    def weight_fields(self) -> list[forms.BoundField]:
        """What a contact of each kind weighs."""
        return [field for field in self if field.name.startswith(WEIGHT)]

    @property
    def floor_fields(self) -> list[forms.BoundField]:
        """What each declared or shared tie is worth."""
        return [field for field in self if field.name.startswith(FLOOR)]

    def clean(self) -> dict[str, Any]:
        """Something has to weigh something."""
        values = super().clean() or self.cleaned_data
        weights = [value for name, value in values.items() if name.startswith(WEIGHT)]
        if len(weights) == len(MEASURE.weights) and not any(weights):
            raise forms.ValidationError(_("Let at least one kind of contact weigh something."))
        return values

    def measure(self) -> Measure:
        """What was filled in."""
        values = self.cleaned_data
        return Measure(
            half_life=timedelta(days=values["half_life"]),
            reciprocity=values["reciprocity"] / 100,
            even=values["even"],
            crowd=values["crowd"],
            weights={kind: values[WEIGHT + kind] for kind in MEASURE.weights},
            floors={ground: values[FLOOR + ground.name.lower()] / 100 for ground in MEASURE.floors},
        )
