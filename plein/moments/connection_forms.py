# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.channels.actions import HearingWishes
from plein.channels.connecting import connector_of
from plein.channels.live import hears_entries
from plein.channels.models import Connection, Policy
from plein.moments.models import Gives
from plein.trust.audience import AudienceField, offer_audiences


class HearingForm(forms.Form):
    """What the owner of a connection chooses before anything is fetched."""

    folders = forms.MultipleChoiceField(
        label=gettext_lazy("What to listen to"), widget=forms.CheckboxSelectMultiple, required=False
    )
    additions = forms.MultipleChoiceField(
        label=gettext_lazy("What I add goes there too"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy(
            "People, organizations, appointments and to-dos that you add to Plein yourself from now on, and that "
            "exactly those may see whom you choose below. They go to the first book and the first calendar of these."
        ),
    )
    since = forms.DateField(
        label=gettext_lazy("From when on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Empty: everything that the account still has."),
        error_messages={"invalid": gettext_lazy("Write a day as 2026-05-01.")},
    )
    policy = forms.ChoiceField(
        label=gettext_lazy("Which unknown senders become people"),
        choices=Policy.choices,
        widget=forms.RadioSelect,
        initial=Policy.ANSWERED,
        help_text=gettext_lazy("The others wait, and you decide later."),
    )
    circle = AudienceField(
        label=gettext_lazy("Who may see it"),
        required=False,
        help_text=gettext_lazy("Private, unless you share it with colleagues."),
    )
    gives = forms.ChoiceField(
        label=gettext_lazy("What those colleagues get of it"),
        choices=[one for one in Gives.choices if one[0] != Gives.NOTHING],
        widget=forms.RadioSelect,
        initial=Gives.EVERYTHING,
    )

    def __init__(self, connection: Connection, data: Any = None) -> None:
        super().__init__(data, initial={"circle": "me"})
        offer_audiences(self, "circle")
        if hears_entries(connector_of(connection.connector)):
            del self.fields["policy"], self.fields["gives"]
        counts: dict[str, int] = connection.preview.get("counts", {})
        if "additions" not in connection.settings:
            del self.fields["additions"]
        if "folders" not in connection.settings:
            del self.fields["folders"]
            return
        words = _("%(folder)s (%(count)s)")
        self._there = sorted(counts, key=lambda name: (name.upper() != "INBOX", name))
        folders = self.fields["folders"]
        assert isinstance(folders, forms.MultipleChoiceField)
        folders.choices = [(name, words % {"folder": name, "count": counts[name]}) for name in self._there]
        folders.initial = list(counts)
        additions = self.fields.get("additions")
        if isinstance(additions, forms.MultipleChoiceField):
            additions.choices = [(name, name) for name in self._there]

    def clean_folders(self) -> tuple[str, ...]:
        """At least one; what is new at the server is heard too when all were chosen."""
        chosen = tuple(self.cleaned_data["folders"])
        if not chosen:
            raise forms.ValidationError(_("Choose at least one."))
        return () if set(chosen) == set(self._there) else chosen

    def clean_circle(self) -> str:
        """Only the owner, unless somebody else was chosen."""
        return self.cleaned_data["circle"] or "me"

    @property
    def given(self) -> str:
        """What colleagues get of it; an appointment or a contact is shared whole or not at all."""
        return str(self.cleaned_data.get("gives", Gives.EVERYTHING))

    def wishes(self) -> HearingWishes:
        """The choices as the action wants them."""
        values = self.cleaned_data
        since = values["since"] and timezone.make_aware(datetime.combine(values["since"], time.min))
        return HearingWishes(
            values.get("policy", Policy.NOBODY),
            values["circle"],
            since or None,
            values.get("folders", ()),
            tuple(values.get("additions", ())),
        )
