# SPDX-License-Identifier: AGPL-3.0-or-later
"""The forms in which an administrator makes kinds of tie."""

from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.relations.actions import TieTypeFacts
from plein.relations.models import TieType
from plein.relations.queries.ties import sort_of, tie_sorts
from plein.relations.vocabulary import End, TieStrength

LONGEST = 80
INVERSE = ("inverse_nl", "inverse_en")


def _line(label: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=LONGEST, required=False, widget=widget, help_text=help_text)


class TieTypeForm(forms.Form):
    """A kind of tie: how it reads from both its ends, between whom it is, and what it is worth to the network."""

    name_nl = _line(gettext_lazy("How it reads, in Dutch"), gettext_lazy("As between two names: is mentor of."))
    name_en = _line(gettext_lazy("How it reads, in English"))
    inverse_nl = _line(
        gettext_lazy("From the other end, in Dutch"),
        gettext_lazy("Leave this empty when it reads the same both ways."),
    )
    inverse_en = _line(gettext_lazy("From the other end, in English"))
    one_kind = forms.ChoiceField(label=gettext_lazy("From"), required=False, choices=End.choices)
    other_kind = forms.ChoiceField(label=gettext_lazy("To"), required=False, choices=End.choices)
    strength = forms.ChoiceField(
        label=gettext_lazy("How strong the network takes such a tie to be"), choices=TieStrength.choices,
        widget=forms.RadioSelect, initial=TieStrength.ORDINARY,
    )  # fmt: skip
    percent = forms.IntegerField(
        label=gettext_lazy("How strong, in %"), required=False, min_value=1, max_value=99,
        help_text=gettext_lazy("Only when it is as strong as you say. Weak is 20, ordinary 40, strong 60."),
    )  # fmt: skip
    may_introduce = forms.BooleanField(
        label=gettext_lazy("We may ask for an introduction over it"), required=False, initial=True,
        help_text=gettext_lazy("Of a single tie something else can be noted."),
    )  # fmt: skip

    def __init__(self, *args: Any, type: TieType | None = None, **kwargs: Any) -> None:
        if type is not None:
            kwargs.setdefault("initial", initial_of_type(type))
        super().__init__(*args, **kwargs)
        self.type = type
        if type is not None:
            gone = ("one_kind", "other_kind", *(() if type.is_directed else INVERSE))
            for name in gone:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """As strong as somebody says: then they say it."""
        values = super().clean() or self.cleaned_data
        if values.get("strength") == TieStrength.EXACT and not values.get("percent") and "percent" not in self.errors:
            self.add_error("percent", _("Say how strong, from 1 to 99 %."))
        return values

    def facts(self) -> TieTypeFacts:
        """The kind as the actions want it."""
        values = self.cleaned_data
        if self.type is not None:
            kept = {one.name: getattr(self.type, one.name) for one in fields(TieTypeFacts)}
            return TieTypeFacts(**(kept | values))
        return TieTypeFacts(**values, is_directed=any(values[name].strip() for name in INVERSE))


def initial_of_type(type: TieType) -> dict[str, Any]:
    """A kind as its form shows it."""
    return {name: getattr(type, name) for name in TieTypeForm.base_fields}


class BecomesForm(forms.Form):
    """What the ties of a kind become when it goes."""

    into = forms.ChoiceField(label=gettext_lazy("Its ties become"))

    def __init__(self, *args: Any, type: TieType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = sort_of(type)
        choices = [(one.key, one.words) for one in tie_sorts() if present.may_become(one)]
        self.fields["into"].choices = [("", _("Choose a kind")), *choices]  # type: ignore[attr-defined]
