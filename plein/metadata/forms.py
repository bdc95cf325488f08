# SPDX-License-Identifier: AGPL-3.0-or-later
"""Controls for fields that a company added itself, for every form in which they stand."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from plein.metadata.models import Field
from plein.metadata.queries import Cells
from plein.metadata.queries.cells import NOTHING
from plein.metadata.reading import LONGEST_TEXT, read
from plein.metadata.refusals import Unreadable, WrongValues
from plein.metadata.vocabulary import FieldType

#: What the names of these controls begin with, so that they never meet a detail of our own.
PREFIX = "c."


class ValueField(forms.Field):
    """One control: it takes any raw text and gives the value as it is kept."""

    def __init__(self, one: Field, **more: Any) -> None:
        self.one = one
        super().__init__(label=one.label, help_text=one.help, required=one.is_required, widget=_widget(one), **more)

    def clean(self, raw: Any) -> Any:
        try:
            value = read(self.one, raw)
        except Unreadable as trouble:
            raise forms.ValidationError(str(trouble)) from trouble
        if value is None and self.one.is_required:
            raise forms.ValidationError(_("“%(field)s” must be filled in."), params={"field": self.one.label})
        return value


def _widget(one: Field) -> forms.Widget:
    attrs: dict[str, Any] = {"autocomplete": "off"}
    match one.type:
        case FieldType.TEXT if one.settings.get("lines"):
            return forms.Textarea(attrs={"rows": 3, "maxlength": one.settings.get("longest") or LONGEST_TEXT})
        case FieldType.NUMBER | FieldType.MONEY:
            return forms.TextInput(attrs={**attrs, "inputmode": "decimal"})
        case FieldType.DATE:
            return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        case FieldType.CHOICE:
            return forms.Select(choices=[("", "—"), *one.choice_words(with_retired=False).items()])
        case FieldType.CHOICES:
            return forms.CheckboxSelectMultiple(choices=list(one.choice_words(with_retired=False).items()))
        case FieldType.YES_NO:
            return forms.Select(choices=[("", "—"), ("yes", _("yes")), ("no", _("no"))])
        case FieldType.LINK:
            return forms.TextInput(attrs={**attrs, "inputmode": "url", "autocapitalize": "off"})
        case FieldType.RELATION:
            return RelationInput()
    return forms.TextInput(attrs=attrs)


def form_field(one: Field) -> ValueField:
    """The control of a field."""
    return ValueField(one)


def name_of(one: Field) -> str:
    """What a control is called in a form and in what is sent."""
    return f"{PREFIX}{one.key}"


class RelationInput(forms.TextInput):
    """A field for a name that offers names while somebody types; the page of the relation is fine too."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off", "maxlength": 300})

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        names = f"names-{(attrs or {}).get('id', name)}".replace(".", "-")
        looking = {
            "list": names,
            "hx-get": f"{reverse('relations:suggest')}?kind=person&kind=organization&options=1",
            "hx-trigger": "input changed delay:200ms",
            "hx-target": f"#{names}",
            "hx-swap": "innerHTML",
        }
        control = super().render(name, value, {**(attrs or {}), **looking}, renderer)
        return format_html('{}<datalist id="{}"></datalist>', control, names)


class CustomFieldsForm(forms.Form):
    """The controls of fields that a company added itself; it stands beside the form of our own details.

    `custom` are the fields, `cells` what stands in them. `custom_values()` gives what was written, by key, as
    `actions.set_values` takes it, and `refuse` puts what that refused beside its control.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, custom: Sequence[Field] = (), cells: Cells = NOTHING, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.custom, self.cells = list(custom), cells
        for one in self.custom:
            self.fields[name_of(one)] = form_field(one)
            self.initial[name_of(one)] = cells.written(one)

    @property
    def custom_fields(self) -> list[forms.BoundField]:
        return [self[name_of(one)] for one in self.custom]

    def refuse(self, wrong: WrongValues) -> None:
        """Say beside each control what cannot be kept."""
        for one in self.custom:
            if one.key in wrong.errors:
                self.add_error(name_of(one), wrong.errors[one.key])

    def custom_values(self) -> dict[str, Any]:
        return {one.key: self.cleaned_data.get(name_of(one)) for one in self.custom}
