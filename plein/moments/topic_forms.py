# SPDX-License-Identifier: AGPL-3.0-or-later
from django import forms
from django.utils.translation import gettext_lazy as _

from plein.moments.models.topics import LONGEST_NAME


class TopicForm(forms.Form):
    """What a topic is called, and what it is known by."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Give it a name, such as “Delivery”.")},
    )
    examples = forms.CharField(
        label=_("Examples"),
        required=False,
        help_text=_("Texts about it, one on each line, as people write them. Three to ten different ones are best."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    words = forms.CharField(
        label=_("Words that tell"),
        required=False,
        help_text=_("One on each line. A text with one of these is about it, whatever else it says."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
