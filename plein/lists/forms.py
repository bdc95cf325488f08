# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from plein.lists.fields import ListField
from plein.lists.operators import ME, TEAM, FieldType
from plein.trust.audience import AudienceField, offer_audiences

NEEDED = gettext_lazy("This cannot be left empty.")
LARGEST_DIGITS = 18


def _choices(field: ListField, *, is_required: bool) -> list[tuple[str, str]]:
    known = [(one.key, one.words) for one in field.choices() if one.key not in (ME, TEAM)] if field.choices else []
    return known if is_required else [("", "—"), *known]


def control_of(field: ListField) -> forms.Field:
    """The form field of a cell, by the type of its values."""
    edit = field.edit
    assert edit is not None
    common: dict[str, Any] = {"label": str(field.label), "required": edit.is_required}
    match field.type:
        case FieldType.DATE:
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
        case FieldType.NUMBER | FieldType.MONEY:
            return forms.DecimalField(max_digits=LARGEST_DIGITS, localize=True, **common)
        case FieldType.CHOICE | FieldType.SEAT:
            return forms.ChoiceField(choices=_choices(field, is_required=edit.is_required), **common)
        case FieldType.CHOICES | FieldType.TAG:
            return forms.MultipleChoiceField(choices=_choices(field, is_required=True), **common)
        case FieldType.YES_NO:
            return forms.BooleanField(label=str(field.label), required=False)
        case FieldType.LINK:
            return forms.URLField(max_length=edit.longest, assume_scheme="https", **common)
        case _:
            return forms.CharField(max_length=edit.longest, strip=True, **common)


class CellForm(forms.Form):
    """One cell of a list while it is changed."""

    def __init__(
        self, *args: Any, field: ListField, record: Any, control: forms.Field | None = None, **kwargs: Any
    ) -> None:
        assert field.edit is not None
        kwargs.setdefault("initial", {"value": field.edit.initial(record)})
        super().__init__(*args, **kwargs)
        self.fields["value"] = control or control_of(field)
        self.fields["value"].error_messages["required"] = NEEDED

    def value(self) -> Any:
        """The value as the action wants it: nothing chosen is None for a choice of somebody."""
        value = self.cleaned_data["value"]
        return value


class ViewForm(forms.Form):
    """The name of a view, and who may use it."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        error_messages={"required": gettext_lazy("Give the view a name, such as “Quiet in Zwolle”.")},
    )
    audience = AudienceField(label=gettext_lazy("Who sees this"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_audiences(self, "audience", mine_first=True)
