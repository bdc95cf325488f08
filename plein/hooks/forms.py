# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plein.channels.models import Policy
from plein.hooks.actions import HookFacts, OutFacts
from plein.hooks.payloads import LARGEST_BODY
from plein.hooks.vocabulary import Happening, Preset, Signing
from plein.trust.audience import AudienceField, offer_audiences


class HookForm(forms.Form):
    """An address for a program that tells us something."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Such as: telephone exchange, text messages, the website."),
        error_messages={"required": _("Give it a name by which you know it.")},
    )  # fmt: skip
    preset = forms.ChoiceField(label=_("Which program calls"), choices=Preset.choices, initial=Preset.TELEPHONE)
    signing = forms.ChoiceField(
        label=_("How it proves that it is the one"), choices=Signing.choices, initial=Signing.STANDARD,
        widget=forms.RadioSelect, help_text=_("Its manual says what it can. Choose the first that it knows."),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("The secret it gave you"), max_length=500, required=False, strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Leave it empty to get one from Plein, which you then write down there."),
    )  # fmt: skip
    policy = forms.ChoiceField(
        label=_("Who becomes a person"), choices=Policy.choices, initial=Policy.NOBODY, widget=forms.RadioSelect
    )
    circle = AudienceField(label=_("Who sees what comes in"), required=False)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        offer_audiences(self, "circle")

    def facts(self) -> HookFacts:
        """The description as the action wants it."""
        return HookFacts(**self.cleaned_data)


class HookChangeForm(forms.Form):
    """What of a hook can be changed without the other side."""

    name = forms.CharField(label=_("Name"), max_length=120)
    policy = forms.ChoiceField(label=_("Who becomes a person"), choices=Policy.choices, widget=forms.RadioSelect)


class ExampleForm(forms.Form):
    """A call to point at."""

    text = forms.CharField(
        label=_("An example of a call, in JSON"), max_length=LARGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("From the manual of the program. Or let it call once: what it says stands here then."),
    )  # fmt: skip


class OutHookForm(forms.Form):
    """A program that is told what happens here."""

    name = forms.CharField(
        label=_("Name"), max_length=120, error_messages={"required": _("Give it a name by which you know it.")}
    )
    url = forms.CharField(
        label=_("Its address"), max_length=1000,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://", "autocomplete": "off"}),
        error_messages={"required": _("Write the address, beginning with https.")},
    )  # fmt: skip
    happenings = forms.MultipleChoiceField(
        label=_("It is told when"), choices=Happening.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what it is told.")},
    )  # fmt: skip
    is_wide_only = forms.BooleanField(
        label=_("Only of what everyone here sees"), required=False, initial=True,
        help_text=_("Otherwise it is told all that you may see, and nothing beyond that."),
    )  # fmt: skip
    is_inside = forms.BooleanField(
        label=_("This server is in our own network"), required=False,
        help_text=_("Otherwise Plein only connects to servers on the internet."),
    )  # fmt: skip

    def facts(self) -> OutFacts:
        """The description as the action wants it."""
        values = self.cleaned_data
        return OutFacts(**values | {"happenings": tuple(values["happenings"])})
