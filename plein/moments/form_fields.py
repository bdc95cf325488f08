# SPDX-License-Identifier: AGPL-3.0-or-later
"""The kinds of fields that the forms of this domain are made of."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from plein.trust.audience import AudienceField


def when_field(**more: Any) -> forms.DateTimeField:
    """A day with its hour."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(**{"required": False, "widget": widget, **more})


def line_field(label: Any, longest: int, **more: Any) -> forms.CharField:
    """One line of text."""
    return forms.CharField(label=label, max_length=longest, required=False, **more)


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, **more)


def hour_field(label: Any) -> forms.TimeField:
    """A time of the day."""
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


def circle_field(**more: Any) -> AudienceField:
    """Who sees something, to be filled by `offer_audiences`."""
    return AudienceField(label=gettext_lazy("Who sees this"), required=False, **more)
