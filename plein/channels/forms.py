# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plein.channels.actions import ServerFacts
from plein.channels.models import Security


class MailServerForm(forms.Form):
    """The server through which our letters go out."""

    host = forms.CharField(
        label=_("Server"), max_length=253, widget=forms.TextInput(attrs={"placeholder": "mail.example.com"}),
        error_messages={"required": _("Write the name of your mail server.")},
    )  # fmt: skip
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=587)
    security = forms.ChoiceField(label=_("Protection"), choices=Security.choices)
    user_name = forms.CharField(
        label=_("User name"), max_length=320, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    password = forms.CharField(
        label=_("Password"), max_length=1000, required=False, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Kept encrypted and never shown. Leave it empty to keep the one there is."),
    )  # fmt: skip
    sender = forms.CharField(
        label=_("Address of the company's own letters"), max_length=254,
        help_text=_("Sign-in links and digests come from this address."),
    )  # fmt: skip
    sender_name = forms.CharField(label=_("Their sender's name"), max_length=120, required=False)
    is_inside = forms.BooleanField(
        label=_("This server is in our own network"), required=False,
        help_text=_("Otherwise Plein only connects to servers on the internet."),
    )  # fmt: skip

    def facts(self) -> ServerFacts:
        """The description as the action wants it."""
        values: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if name != "password"}
        return ServerFacts(**values)
