# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plein.listening.vocabulary import LONGEST_NAME, About
from plein.trust.audience import AudienceField, offer_audiences


class SearchForm(forms.Form):
    """What is listened for, and who sees it."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, error_messages={"required": _("Give it a name.")})
    about = forms.ChoiceField(
        label=_("It listens for"), choices=About.choices, error_messages={"required": _("Choose one of these.")}
    )
    words = forms.CharField(
        label=_("Words"),
        help_text=_("One on each line. Several words on a line are heard where all of them are."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write at least one word to listen for.")},
    )
    never = forms.CharField(
        label=_("Never with"),
        required=False,
        help_text=_("What holds one of these is left out."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    circle = AudienceField(label=_("Who sees this search"), required=False)

    def __init__(self, *arguments: Any, is_new: bool = True, is_about_one: bool = False, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if is_about_one:
            self.fields["words"].required = False
            self.fields["words"].label = _("Other words")
        offer_audiences(self, "circle", is_new=is_new)
