# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plein.trust.audience import AudienceField, offer_audiences
from plein.trust.placed import Placed, first_choices


class DefaultAudienceForm(forms.Form):
    """For whom somebody adds things when they say nothing about it."""

    default_audience = AudienceField(
        label=_("What I add is for"),
        help_text=_(
            "People, organizations, contact moments, to-dos, appointments and mail, unless you choose otherwise."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_audiences(self, "default_audience")


class PlaceForm(forms.Form):
    """Who is to see a record, and what beside it moves too; `mark` is how it stood when somebody looked."""

    audience = AudienceField(
        label=_("Who may see it from now on"), error_messages={"required": _("Choose who may see it.")}
    )
    also = forms.MultipleChoiceField(label=_("In the same act"), required=False, widget=forms.CheckboxSelectMultiple)
    mark = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: Placed, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_audiences(self, "audience", first=first_choices(kind, _("Whoever sees what it belongs to")))
        if kind.also:
            choices = [(one.key, one.words) for one in kind.also]
            self.fields["also"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["also"]
