# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plein.core.ids import now

MORNING = 9
#: How long one may put off with one key.
CHOICES = {
    "hours": pgettext_lazy("put off", "Three hours"),
    "tomorrow": pgettext_lazy("put off", "Tomorrow morning"),
    "week": pgettext_lazy("put off", "Monday morning"),
}


def time_of(choice: str) -> datetime:
    """The time a choice stands for, on the reader's clock."""
    moment = timezone.localtime(now())
    if choice == "hours":
        return moment + timedelta(hours=3)
    days = 1 if choice == "tomorrow" else 7 - moment.weekday()
    return (moment + timedelta(days=days)).replace(hour=MORNING, minute=0, second=0, microsecond=0)


class LaterForm(forms.Form):
    """Until when a message is put off: one of the choices, or a time of one's own."""

    choice = forms.ChoiceField(choices=[("", ""), *CHOICES.items()], required=False)
    until = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("Say until when.")},
    )

    def clean(self) -> dict[str, object]:
        values: dict[str, object] = super().clean() or self.cleaned_data
        if not values.get("choice") and not values.get("until") and "until" not in self.errors:
            self.add_error("until", _("Say until when."))
        return values

    @property
    def time(self) -> datetime:
        """The time that was chosen."""
        choice = self.cleaned_data["choice"]
        wanted: datetime = time_of(choice) if choice else self.cleaned_data["until"]
        return wanted


class AssignForm(forms.Form):
    """Whose it is; nobody's when it is empty."""

    seat = forms.UUIDField(required=False, error_messages={"invalid": _("Choose one of your colleagues.")})
