# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms of proving who one is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plein.trust.passkeys import LONGEST_ANSWER


def code_field(label: Any, help_text: Any = "") -> forms.CharField:
    """A field for a code that a telephone fills in by itself where it can."""
    attributes = {"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false", "autocapitalize": "off"}
    return forms.CharField(
        label=label,
        max_length=40,
        help_text=help_text,
        widget=forms.TextInput(attrs=attributes),
        error_messages={"required": _("Fill in the code.")},
    )


class SecondStepForm(forms.Form):
    """The second proof: a code from the app, or one on paper."""

    code = code_field(_("Code"), _("Six digits from your app, or one of your recovery codes."))


class CodeAppForm(forms.Form):
    """The first code of an app, which shows that it has the secret."""

    code = code_field(_("The six digits that the app shows now"))
    code.widget.attrs["inputmode"] = "numeric"


class PasskeyForm(forms.Form):
    """What a device answered, and what its owner calls it."""

    name = forms.CharField(
        label=_("Name"), max_length=80, required=False, help_text=_("Such as: laptop, telephone, key on my key ring.")
    )
    answer = forms.CharField(max_length=LONGEST_ANSWER, widget=forms.HiddenInput)


class PasskeyNameForm(forms.Form):
    """Another name for a passkey."""

    name = forms.CharField(label=_("Name"), max_length=80)
