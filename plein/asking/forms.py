# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plein.asking.actions.asking import LONGEST_TEXT
from plein.asking.vocabulary import LONGEST_DAYS, SHORTEST_DAYS, Reply


class AskForm(forms.Form):
    """What the first person on a way reads, and what it is about for whoever comes after them."""

    purpose = forms.CharField(
        label=_("What it is about"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In a sentence. Whoever comes after the first reads this too."),
    )
    text = forms.CharField(
        label=_("What they read"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("Short is best. Leave it empty and Plein writes it."),
    )


class ReplyForm(forms.Form):
    """What somebody who is asked answers."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        choices=Reply.choices,
        error_messages={
            "required": _("Choose one of these answers."),
            "invalid_choice": _("Choose one of these answers."),
        },
    )
    remark = forms.CharField(
        label=_("A word along with it"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only whoever is asked next reads it. A no needs no reason."),
    )

    def __init__(self, *arguments: Any, is_last: bool = False, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if is_last:
            left = [one for one in Reply.choices if one[0] != Reply.PASSED]
            self.fields["answer"].choices = left  # type: ignore[attr-defined]


class DaysForm(forms.Form):
    """How long requests wait."""

    days = forms.IntegerField(
        label=_("Days that a request for an introduction waits"),
        min_value=SHORTEST_DAYS,
        max_value=LONGEST_DAYS,
        help_text=_("Then it ends by itself. Requests that wait already keep their time."),
    )
