# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.notifications.models import Preference
from plein.notifications.push import checked_endpoint
from plein.notifications.queries.preferences import wants
from plein.notifications.vocabulary import Channel, Kind, Rhythm

HOURS = [(hour, f"{hour}.00") for hour in range(24)]


def _clock(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


class PreferenceForm(forms.Form):
    """By what means, and when, somebody wants to be told."""

    rhythm = forms.ChoiceField(label=gettext_lazy("The mail comes"), choices=Rhythm.choices)
    mail_hour = forms.TypedChoiceField(label=gettext_lazy("At what hour"), choices=HOURS, coerce=int)
    has_quiet_hours = forms.BooleanField(
        label=gettext_lazy("Keep quiet at night"),
        required=False,
        help_text=gettext_lazy("No sound and no mail in these hours; afterwards you hear what is still unread."),
    )
    quiet_from = _clock(gettext_lazy("From"))
    quiet_until = _clock(gettext_lazy("Until"))
    is_paused = forms.BooleanField(
        label=gettext_lazy("Pause everything"),
        required=False,
        help_text=gettext_lazy("Nothing comes by mail or on your devices. In Plein it is kept for you."),
    )

    def __init__(self, data: Any = None, *, preference: Preference) -> None:
        names = ("rhythm", "mail_hour", "has_quiet_hours", "quiet_from", "quiet_until", "is_paused")
        super().__init__(data, initial={name: getattr(preference, name) for name in names}, auto_id="tell-%s")
        self.preference = preference

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("has_quiet_hours"):
            for name in ("quiet_from", "quiet_until"):
                if values.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Say at what hour, for example 19:00."))
            if values.get("quiet_from") and values.get("quiet_from") == values.get("quiet_until"):
                self.add_error("quiet_until", _("Quiet hours end at another hour than they begin."))
        for name in ("quiet_from", "quiet_until"):
            values[name] = values.get(name) or getattr(self.preference, name)
        return values

    def grid(self) -> dict[str, dict[str, bool]]:
        """The ticks as they were sent, or as they are kept."""
        if not self.is_bound:
            return {kind: {channel: wants(self.preference, kind, channel) for channel in Channel} for kind in Kind}
        return {kind: {channel: f"{kind}-{channel}" in self.data for channel in Channel} for kind in Kind}

    def rows(self) -> list[dict[str, Any]]:
        """The grid as the page draws it."""
        grid = self.grid()
        return [
            {
                "words": kind.label,
                "ticks": [
                    {"name": f"{kind}-{channel}", "is_on": grid[kind][channel], "words": channel.label}
                    for channel in Channel
                ],
            }
            for kind in Kind
        ]


class DeviceForm(forms.Form):
    """What a browser says of itself when it may be woken."""

    endpoint = forms.CharField(max_length=2000)
    p256dh = forms.RegexField(r"^[A-Za-z0-9_-]{80,100}={0,2}$")
    auth = forms.RegexField(r"^[A-Za-z0-9_-]{16,40}={0,2}$")

    def clean_endpoint(self) -> str:
        """Take only an address that Plein would send to."""
        try:
            return checked_endpoint(str(self.cleaned_data["endpoint"]))
        except ValueError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
