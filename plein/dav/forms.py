# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plein.dav.models import DeviceKey
from plein.trust.audience import AudienceField, offer_audiences


class CalendarForm(forms.Form):
    """A calendar file, and who may see what is new in it."""

    file = forms.FileField(
        label=_("Calendar file"), widget=forms.FileInput(attrs={"accept": ".ics,.ical,.ifb,text/calendar"})
    )
    circle = AudienceField(label=_("Who may see what is new"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_audiences(self, "circle", is_new=True)


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
