# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form in which a company says when somebody is taken for somebody it knows; used by every door."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.identity.queries import PLEIN, Thresholds

LEAST, MOST = -10.0, 60.0


def _bits(label: Any, help_text: Any) -> forms.FloatField:
    return forms.FloatField(
        label=label, min_value=LEAST, max_value=MOST, help_text=help_text,
        widget=forms.NumberInput(attrs={"step": 0.5, "inputmode": "decimal"}),
    )  # fmt: skip


class ThresholdsForm(forms.Form):
    """Four numbers of bits."""

    automatic = _bits(
        gettext_lazy("Linked without asking, from"),
        gettext_lazy("In bits: each one more is twice as sure. Lower finds more, and is wrong more often."),
    )
    strong = _bits(
        gettext_lazy("With the same address, number or postcode, from"),
        gettext_lazy("Few people share these, so less is needed beside them."),
    )
    ahead = _bits(
        gettext_lazy("And ahead of whoever comes next by"),
        gettext_lazy("Of two who are nearly as likely neither is linked without asking."),
    )
    review = _bits(
        gettext_lazy("Somebody is asked, from"),
        gettext_lazy("Below this it is a suggestion at most."),
    )

    def __init__(self, *args: Any, chosen: Thresholds = PLEIN, **kwargs: Any) -> None:
        kwargs["initial"] = asdict(chosen)
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """What is linked without asking needs more than what is asked."""
        values = super().clean() or self.cleaned_data
        if not self.errors and values["review"] > min(values["automatic"], values["strong"]):
            raise forms.ValidationError(_("Nobody would be asked any more: ask from fewer bits than you link from."))
        return values

    def thresholds(self) -> Thresholds:
        """What was filled in."""
        return Thresholds(**self.cleaned_data)
