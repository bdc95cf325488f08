# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form of a way to sign in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plein.core.outside import Unreachable
from plein.trust.forms.company import clean_domains
from plein.trust.models import SignInProvider
from plein.trust.providers import Refused, discover


class ProviderForm(forms.Form):
    """A provider, what it knows us by, and whom it lets in; the provider is asked before anything is kept."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name on the button"), max_length=60, help_text=_("Such as Keycloak, or your company.")
    )
    issuer = forms.URLField(
        label=_("Issuer"),
        max_length=500,
        assume_scheme="https",
        help_text=_("The address the provider is known by, such as https://id.company.nl/realms/company."),
        error_messages={"invalid": _("Write it like https://id.company.nl.")},
    )
    client_id = forms.CharField(label=_("Client id"), max_length=255, strip=True)
    secret = forms.CharField(
        label=_("Client secret"),
        max_length=1000,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("It goes into the secret box and is never shown."),
    )
    domains = forms.CharField(
        label=_("A seat by itself for"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_(
            "Domains, one a line, such as company.nl. Who comes with an address there that the provider has checked "
            "gets a seat. Leave it empty to invite everybody yourself."
        ),
    )
    seat_role = forms.ChoiceField(label=_("In the role of"), choices=SignInProvider.SEAT_ROLES)
    is_inside = forms.BooleanField(label=_("It stands in our own network"), required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def clean_domains(self) -> list[str]:
        """Take the domains apart and refuse what is none."""
        return clean_domains(str(self.cleaned_data["domains"]))

    def clean(self) -> dict[str, Any]:
        """Ask the provider; what it calls itself is what its tokens will say."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        issuer = cleaned.get("issuer")
        if issuer and cleaned.get("is_active"):
            try:
                cleaned["issuer"] = discover(issuer, may_be_inside=bool(cleaned.get("is_inside"))).issuer
            except Unreachable as trouble:
                self.add_error("issuer", str(trouble))
            except Refused:
                self.add_error("issuer", _("There is something there, but it is no OpenID provider of that name."))
        return cleaned
