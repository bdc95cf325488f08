# SPDX-License-Identifier: AGPL-3.0-or-later
from django import forms
from django.utils.translation import gettext_lazy as _

from plein.dav.models import DeviceKey


class DeviceForm(forms.Form):
    """A device that is to have contacts and agenda."""

    name = forms.CharField(label=_("Which device"), max_length=80, help_text=_("Such as: my telephone, Thunderbird."))
    reach = forms.ChoiceField(
        label=_("Which people and organizations"),
        choices=DeviceKey.REACHES,
        initial="mine",
        widget=forms.RadioSelect,
        help_text=_("Contacts that you make on the device are yours, and always there."),
    )
    may_write = forms.BooleanField(
        label=_("Changes on the device come back into Plein"),
        required=False,
        initial=True,
        help_text=_("Otherwise the device only reads."),
    )
