# SPDX-License-Identifier: AGPL-3.0-or-later
"""The forms in which an administrator makes fields and groups."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.metadata.models import Field, FieldGroup
from plein.metadata.reading import LONGEST_TEXT, MOST_DECIMALS
from plein.metadata.slots import offered
from plein.metadata.vocabulary import CURRENCIES, RELATION_KINDS, FieldKind, FieldType
from plein.trust.audience import AudienceField, offer_audiences

MOST_NEW = 4


def _line(label: Any, most: int = 80, help_text: Any = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=most, required=False, widget=widget, help_text=help_text)


class GroupForm(forms.Form):
    """What a group is called and who sees it."""

    name_nl = _line(gettext_lazy("Name in Dutch"))
    name_en = _line(gettext_lazy("Name in English"))
    audience = AudienceField(
        label=gettext_lazy("Who sees this group"),
        help_text=gettext_lazy("Whoever is not among them finds no trace of these fields and what is filled in there."),
    )

    def __init__(self, *args: Any, keep: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_audiences(self, "audience", first=[("keep", keep)] if keep else [])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("name_nl") and not values.get("name_en"):
            self.add_error("name_nl", _("Give it a name, in Dutch, in English or in both."))
        return values


class FieldForm(forms.Form):
    """What a field is called, where it stands and what it takes; the type is settled before."""

    label_nl = _line(gettext_lazy("Name in Dutch"))
    label_en = _line(gettext_lazy("Name in English"))
    help_nl = _line(gettext_lazy("Explanation in Dutch"), 200)
    help_en = _line(gettext_lazy("Explanation in English"), 200)
    group = forms.ChoiceField(label=gettext_lazy("Group"))
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("A detail of"), choices=FieldKind.choices, widget=forms.CheckboxSelectMultiple
    )
    tags = forms.MultipleChoiceField(
        label=gettext_lazy("Only for relations with one of these tags"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    views = forms.MultipleChoiceField(
        label=gettext_lazy("Only in these saved views"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_required = forms.BooleanField(label=gettext_lazy("Must be filled in"), required=False)
    lines = forms.BooleanField(label=gettext_lazy("Several lines"), required=False)
    longest = forms.IntegerField(
        label=gettext_lazy("Longest text"), required=False, min_value=1, max_value=LONGEST_TEXT,
        help_text=gettext_lazy("In characters."),
    )  # fmt: skip
    decimals = forms.IntegerField(label=gettext_lazy("Decimals"), required=False, min_value=0, max_value=MOST_DECIMALS)
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"), required=False, choices=[(one, one) for one in CURRENCIES],
        help_text=gettext_lazy("When none is written. Another one can be written with the amount."),
    )  # fmt: skip
    min = forms.FloatField(label=gettext_lazy("At least"), required=False)
    max = forms.FloatField(label=gettext_lazy("At most"), required=False)

    SETTINGS = {
        FieldType.TEXT: ("lines", "longest"),
        FieldType.NUMBER: ("decimals", "min", "max"),
        FieldType.MONEY: ("currency", "min", "max"),
    }

    def __init__(self, *args: Any, type: str, groups: Sequence[FieldGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type = FieldType(type)
        own = self.SETTINGS.get(self.type, ())
        for names in self.SETTINGS.values():
            for name in names:
                if name not in own and name in self.fields:
                    del self.fields[name]
        self.fields["group"].choices = [(str(one.id), one.name) for one in groups]  # type: ignore[attr-defined]
        for name in ("tags", "views"):
            choices = offered(name)
            if choices:
                self.fields[name].choices = choices  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("label_nl") and not values.get("label_en"):
            self.add_error("label_nl", _("Give it a name, in Dutch, in English or in both."))
        least, most = values.get("min"), values.get("max")
        if least is not None and most is not None and least > most:
            self.add_error("max", _("This is less than “At least”. Turn them round."))
        if values.get("tags") and not set(values.get("kinds", ())) <= RELATION_KINDS:
            self.add_error("tags", _("Only people and organizations are shown by their tags. Choose no moments."))
        return values

    def details(self) -> dict[str, Any]:
        """The details as the actions take them, without the choices."""
        values = self.cleaned_data
        settings = {
            name: values[name] for name in self.SETTINGS.get(self.type, ()) if values.get(name) not in (None, "", False)
        }
        own = ("label_nl", "label_en", "help_nl", "help_en", "kinds", "is_required")
        lists = {name: [UUID(one) for one in values[name]] for name in ("tags", "views") if name in values}
        return {name: values[name] for name in own} | {"settings": settings} | lists


def initial_of(field: Field) -> dict[str, Any]:
    """A field as its form shows it."""
    lists = {name: [str(one) for one in getattr(field, name)] for name in ("tags", "views")}
    plain = ("label_nl", "label_en", "help_nl", "help_en", "kinds", "is_required")
    limits: dict[str, Any] = field.settings
    return {name: getattr(field, name) for name in plain} | limits | lists | {"group": str(field.group_id)}


def choice_rows(choices: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The choices in use as rows of a form, with some empty ones to add more."""
    empty = {"key": "", "nl": "", "en": ""}
    return [dict(one) for one in choices if not one.get("retired")] + [dict(empty) for _one in range(MOST_NEW)]


def choices_sent(sent: Any) -> list[dict[str, str]]:
    """The choices that a form sent: three lists of equal length, in order."""
    keys, dutch, english = (sent.getlist(f"choice_{name}") for name in ("key", "nl", "en"))
    return [{"key": key, "nl": nl, "en": en} for key, nl, en in zip(keys, dutch, english, strict=False)]
