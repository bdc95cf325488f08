# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is filled in before something is done with many rows."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plein.lists.bulk.acts import Words
from plein.trust.audience import new_audience_field

type Choices = Callable[[], Sequence[tuple[str, str]]]


def text_form(name: str, label: Words, *, longest: int, help_text: Words = "") -> Callable[[Any], forms.Form]:
    """A form that asks for one short text."""

    def make(data: Any) -> forms.Form:
        form = forms.Form(data)
        form.fields[name] = forms.CharField(label=str(label), max_length=longest, help_text=str(help_text))
        return form

    return make


def choice_form(name: str, label: Words, choices: Choices, *, nobody: Words = "") -> Callable[[Any], forms.Form]:
    """A form that asks to choose one of several, or nobody."""

    def make(data: Any) -> forms.Form:
        form = forms.Form(data)
        offered = [*choices(), *([("", str(nobody))] if nobody else [])]
        form.fields[name] = forms.ChoiceField(
            label=str(label),
            choices=offered,
            required=not nobody,
            error_messages=dict.fromkeys(("invalid_choice", "required"), _("Choose one from the list.")),
        )
        return form

    return make


def circle_form(data: Any) -> forms.Form:
    """A form that asks who may see them."""
    form = forms.Form(data)
    new_audience_field(form, "circle", label=_("Who may see them"))
    return form
