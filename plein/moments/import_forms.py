# SPDX-License-Identifier: AGPL-3.0-or-later
import re
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plein.channels.connectors.mail.connector import Settings
from plein.channels.models import Policy
from plein.moments.models import Gives
from plein.trust.audience import AudienceField, offer_audiences

_OURS = re.compile(r"(?:[^@\s]+@)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)+\Z")


class PathForm(forms.Form):
    """A store of mail that stands on the server already."""

    path = forms.CharField(
        label=_("A file or folder on the server"),
        max_length=1000,
        help_text=_("For mail that is too large to send: the full path."),
    )

    def clean_path(self) -> str:
        """The path must be there."""
        path = Path(self.cleaned_data["path"].strip())
        if not path.is_absolute():
            raise forms.ValidationError(_("Write the whole path, beginning with a slash."))
        if "\0" in str(path) or not path.exists():
            raise forms.ValidationError(_("There is nothing at this place on the server."))
        return str(path)


class WishesForm(forms.Form):
    """What a user chooses before an import starts."""

    policy = forms.ChoiceField(label=_("Who becomes a person"), choices=Policy.choices, widget=forms.RadioSelect)
    ours = forms.CharField(
        label=_("Our side"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Our own domains and addresses, one on each line."),
    )
    circle = AudienceField(label=_("Which colleagues"), required=False)
    gives = forms.ChoiceField(
        label=_("What they get of this mail"), choices=Gives.choices, widget=forms.RadioSelect, required=False
    )

    def __init__(self, *arguments: Any, is_archive: bool = False, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.is_archive = is_archive
        if is_archive:
            self.fields["ours"].label = _("What you are called in it")
            self.fields["gives"].label = _("What they get of it")
            self.fields["ours"].help_text = _("Your name, your name on the network or your number, one on each line.")
        offer_audiences(self, "circle")

    def clean_gives(self) -> str:
        """Everything, unless something else was chosen."""
        return self.cleaned_data["gives"] or str(Gives.EVERYTHING)

    def clean_ours(self) -> tuple[str, ...]:
        """Domains and addresses, as they are compared; in an archive names and numbers, as they are written."""
        if self.is_archive:
            return tuple(line.strip()[:320] for line in self.cleaned_data["ours"].splitlines() if line.strip())[:50]
        given = tuple(self.cleaned_data["ours"].replace(",", " ").replace(";", " ").split())
        try:
            ours = Settings(ours=given).ours
            if not all(_OURS.match(one) for one in ours):
                raise ValueError(ours)
            return ours
        except ValueError as error:
            raise forms.ValidationError(
                _("Write domains like example.com or addresses like henk@example.com.")
            ) from error


class ShareForm(forms.Form):
    """What colleagues get of a mailbox that was brought in, and an exception for the mail with one relation."""

    gives = forms.ChoiceField(label=_("What they get of this mail"), choices=Gives.choices, widget=forms.RadioSelect)
    circle = AudienceField(label=_("Which colleagues"))
    relation = forms.UUIDField(required=False)
    level = forms.ChoiceField(choices=[("", ""), *Gives.choices], required=False)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        offer_audiences(self, "circle")
