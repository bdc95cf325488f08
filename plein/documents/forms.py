# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form in which one brings invoices and bank statements in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from plein.moments.vocabulary import Direction
from plein.trust.audience import AudienceField, offer_audiences

#: So many files of one form are read while somebody waits; the command takes any number.
MOST_FILES = 20
WAYS = (
    ("", gettext_lazy("Find out: we are known by name, by mail and by earlier invoices")),
    (Direction.OUTBOUND.value, gettext_lazy("We sent these invoices")),
    (Direction.INBOUND.value, gettext_lazy("We received these invoices")),
)


class DocumentsForm(forms.Form):
    """Whether we sent them or received them, and who may see them."""

    way = forms.ChoiceField(
        label=gettext_lazy("Sent or received"), choices=WAYS, required=False, widget=forms.RadioSelect
    )
    circle = AudienceField(label=gettext_lazy("Who may see them"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_audiences(self, "circle", is_new=True)
