# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from plein.moments.vocabulary import Direction
from plein.relations.models import Relation
from plein.telephone.actions import LONGEST_CALL, CallNote
from plein.trust.audience import AudienceField, offer_audiences

LONGEST_NOTE = 100_000
DIRECTIONS = [(Direction.INBOUND.value, _("They called us")), (Direction.OUTBOUND.value, _("We called them"))]


class CallForm(forms.Form):
    """A note of a call, with whoever it was."""

    text = forms.CharField(
        label=_("Note"), required=False, max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}),
        help_text=_("Ctrl and Enter saves it."),
    )  # fmt: skip
    relation = forms.ChoiceField(label=_("Who it was"), required=False, widget=forms.RadioSelect)
    direction = forms.ChoiceField(
        label=_("Who called"), choices=DIRECTIONS, initial=Direction.INBOUND.value, widget=forms.RadioSelect
    )
    minutes = forms.IntegerField(
        label=_("Minutes it took"), required=False, min_value=0, max_value=LONGEST_CALL,
        error_messages={"invalid": _("Write how many minutes it took, or leave it empty.")},
    )  # fmt: skip
    circle = AudienceField(label=_("Who sees this"), required=False)

    def __init__(self, *arguments: Any, people: Iterable[Relation] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        offer_audiences(self, "circle")
        found = [(str(one.id), one.name) for one in people]
        field = self.fields["relation"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as it is written above
        field.choices = [*found, ("", _("Somebody else"))]
        field.initial = found[0][0] if found else ""

    def note(self, number: str) -> CallNote:
        """The note as the action wants it."""
        values = dict(self.cleaned_data)
        chosen = values.pop("relation")
        return CallNote(number=number, relation_id=UUID(chosen) if chosen else None, **values)


class LineForm(forms.Form):
    """At which numbers one is called."""

    numbers = forms.CharField(
        label=_("My numbers and extensions"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One on each line, as the exchange calls them. Numbers in your own contact data count too."),
    )  # fmt: skip
    hears_rest = forms.BooleanField(
        label=_("Tell me of calls that are for nobody in particular"), required=False,
        help_text=_("Such as to the number of the company."),
    )  # fmt: skip


class ExchangeForm(forms.Form):
    """By which address the exchange calls."""

    address = forms.CharField(
        label=_("The address that calls"), required=False, max_length=500,
        help_text=_("From its manual, with {number} where the number comes. Without one, your own device calls."),
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://", "autocomplete": "off"}),
    )  # fmt: skip
