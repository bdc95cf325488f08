# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form that gives the word: whoever erases types the name of whom it is about."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST_NAME = 300


def folded(text: str) -> str:
    """A name as it is compared: spaces and capitals do not count."""
    return " ".join(text.split()).casefold()


class EraseForm(forms.Form):
    """Their name, typed, and whether nothing may ever go to their addresses again."""

    name = forms.CharField(
        label=gettext_lazy("Type their name, to be sure"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )
    never_contact = forms.BooleanField(
        label=gettext_lazy("Nothing may ever go to their addresses again"),
        required=False,
        help_text=gettext_lazy("We keep a keyed hash of each, from which nobody can read the address."),
    )

    def __init__(self, *arguments: Any, wanted: str, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.wanted = wanted

    def clean_name(self) -> str:
        typed: str = self.cleaned_data["name"]
        if folded(typed) != folded(self.wanted):
            raise forms.ValidationError(_("This is not their name. It is written as: %(name)s") % {"name": self.wanted})
        return typed
