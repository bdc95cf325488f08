# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form in which an owner describes a language model; used by every door."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plein.opinions.actions import EndpointFacts
from plein.opinions.vocabulary import CONSENT, Unit
from plein.trust.circles import EVERYONE, audiences


class EndpointForm(forms.Form):
    """Whom to ask, about what, how often, and that one agrees."""

    address = forms.CharField(
        label=_("Address"), max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://", "autocomplete": "off"}),
        help_text=_("Where the interface begins, mostly ending with /v1. It speaks like that of OpenAI."),
        error_messages={"required": _("Write the address, beginning with https.")},
    )  # fmt: skip
    model = forms.CharField(
        label=_("Name of the model"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write the name of the model, as its server knows it.")},
    )  # fmt: skip
    key = forms.CharField(
        label=_("Key"), max_length=1000, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Kept encrypted and never shown. Leave it empty to keep the one there is, or when it needs none."),
    )  # fmt: skip
    audiences = forms.MultipleChoiceField(
        label=_("Texts of which circles may go"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose of which circles texts may go.")},
    )  # fmt: skip
    unit = forms.ChoiceField(label=_("The budget counts"), choices=Unit.choices)
    per_month = forms.IntegerField(label=_("At most in a month"), min_value=1, max_value=1_000_000_000)
    per_day = forms.IntegerField(label=_("At most in a day"), min_value=1, max_value=1_000_000_000)
    agrees = forms.BooleanField(
        label=CONSENT, error_messages={"required": _("Nothing leaves before you agree with the sentence.")}
    )

    def __init__(self, *arguments: Any, **more: Any) -> None:
        usual = {"audiences": [EVERYONE], "unit": Unit.CALLS, "per_month": 1000, "per_day": 100}
        more["initial"] = usual | (more.get("initial") or {})
        super().__init__(*arguments, **more)
        choices = [(one.key, one.label) for one in audiences()]
        self.fields["audiences"].choices = choices  # type: ignore[attr-defined]  # it is a field with choices

    def facts(self) -> EndpointFacts:
        """The description as the action wants it."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return EndpointFacts(**values | {"audiences": tuple(values["audiences"])})
