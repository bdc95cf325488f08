# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plein.mypage.vocabulary import Standing


class OwnPagesForm(forms.Form):
    """How the company offers people their own page."""

    is_open = forms.BooleanField(
        label=_("People may open their own page"),
        required=False,
        help_text=_("There they see what we have about them and why, and decide what we may use it for."),
    )
    in_footer = forms.BooleanField(
        label=_("Put a link to it under every mail to one person"),
        required=False,
        help_text=_("Only when the address is theirs alone. In any mail you can also write {{my_page}}."),
    )
    names_readers = forms.BooleanField(
        label=_("Name the colleagues who can see what we have"),
        required=False,
        help_text=_("Otherwise it says “everyone who works here”, a team, or a few chosen colleagues."),
    )

    def choices(self) -> dict[str, bool]:
        """What was chosen, by the names of the action."""
        return {name: bool(self.cleaned_data[name]) for name in ("is_open", "in_footer", "names_readers")}


class AnswerForm(forms.Form):
    """What somebody is answered, or why it takes longer."""

    state = forms.ChoiceField(
        label=_("What came of it"),
        choices=[(Standing.DONE.value, _("It was done")), (Standing.REFUSED.value, _("It cannot be done"))],
    )
    answer = forms.CharField(
        label=pgettext_lazy("what one writes", "Answer"),
        max_length=2000,
        error_messages={"required": _("Write what they are to read: what you did, or why not.")},
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("They read it on their page, and in a letter where they have an address of their own."),
    )

    def __init__(self, *arguments: Any, can_erase: bool = False, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if can_erase:
            # Only a no is said in words: a yes is erasing them.
            self.fields["state"] = forms.ChoiceField(
                choices=[(Standing.REFUSED.value, "")], widget=forms.HiddenInput, initial=Standing.REFUSED.value
            )
            self.fields["answer"].label = _("Why not")


class LaterForm(forms.Form):
    """Why it takes longer."""

    reason = forms.CharField(
        label=_("Why it takes longer"),
        max_length=500,
        error_messages={"required": _("Write why it takes longer; the law wants them to know.")},
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Once, by two months. They read it on their page."),
    )
