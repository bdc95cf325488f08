# SPDX-License-Identifier: AGPL-3.0-or-later
"""A form as a visitor fills it in."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from plein.consent.models import Purpose
from plein.metadata.forms import form_field
from plein.relations.actions.contact_points import home_country
from plein.relations.contact import ContactError, email, phone
from plein.webforms.actions import Filled
from plein.webforms.answering import OWN
from plein.webforms.queries import Sheet
from plein.webforms.vocabulary import LONGEST, Part

#: What a control is given so that the browser can fill it in.
KNOWN_TO_BROWSERS: dict[Part, dict[str, str | int]] = {
    Part.NAME: {"autocomplete": "name"},
    Part.PHONE: {"autocomplete": "tel", "inputmode": "tel"},
    Part.ORGANIZATION: {"autocomplete": "organization"},
    Part.MESSAGE: {"autocomplete": "off", "rows": 5},
}
#: The field that nobody sees. Machines fill in everything.
TRAP = "website"


class FillingForm(forms.Form):
    """What a form asks, made of its words; `is_trapped` says that a machine filled it in."""

    use_required_attribute = False

    email = forms.CharField(
        label=pgettext_lazy("on a form", "Your e-mail address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"required": gettext_lazy("Write your e-mail address: we send you a link to confirm.")},
    )

    def __init__(self, *arguments: Any, sheet: Sheet, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.sheet = sheet
        asked = dict(sheet.text.asked())
        if Part.NAME in asked:
            # People expect to begin with their name.
            self.fields = {Part.NAME: _control(Part.NAME, is_needed=asked.pop(Part.NAME)), **self.fields}
        for part, is_needed in asked.items():
            self.fields[part] = _control(part, is_needed=is_needed)
        for one in sheet.own:
            self.fields[OWN + one.key] = form_field(one)
        for purpose in sheet.purposes:
            self.fields[_name_of(purpose)] = forms.BooleanField(label=purpose.name, required=False)

    @property
    def questions(self) -> list[forms.BoundField]:
        """What is asked, but for the purposes."""
        return [self[name] for name in self.fields if not name.startswith("yes.")]

    @property
    def choices(self) -> list[tuple[forms.BoundField, Purpose]]:
        """The purposes with their boxes."""
        return [(self[_name_of(one)], one) for one in self.sheet.purposes]

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get(TRAP))

    def clean_email(self) -> str:
        """The address in its normal form."""
        try:
            return email(self.cleaned_data["email"]).value
        except ContactError as trouble:
            raise forms.ValidationError(str(trouble)) from trouble

    def clean_phone(self) -> str:
        """A number that can be called."""
        text = str(self.cleaned_data.get(Part.PHONE) or "").strip()
        if not text:
            return ""
        try:
            return phone(text, country=home_country()).display
        except ContactError as trouble:
            raise forms.ValidationError(str(trouble)) from trouble

    def filled(self, language: str) -> Filled:
        """What was filled in, as the action wants it: with the words of each purpose that were shown."""
        values = self.cleaned_data
        own = [OWN + one.key for one in self.sheet.own]
        answers = {name: values.get(name) for name in (*Part.values, *own) if values.get(name) not in (None, "", [])}
        yes: dict[UUID, UUID] = {one.id: one.wording.id for one in self.sheet.purposes if values.get(_name_of(one))}
        return Filled(values["email"], answers, yes, language)


def _name_of(purpose: Purpose) -> str:
    return f"yes.{purpose.id}"


def _control(part: Part, *, is_needed: bool) -> forms.CharField:
    widget = forms.Textarea if part == Part.MESSAGE else forms.TextInput
    words = {
        Part.NAME: _("Write your name."),
        Part.PHONE: _("Write a telephone number at which we can reach you."),
        Part.ORGANIZATION: _("Write for which organization you ask."),
        Part.MESSAGE: _("Write what you want to say."),
    }
    return forms.CharField(
        label=part.label,
        max_length=LONGEST[part],
        required=is_needed,
        widget=widget(attrs=dict(KNOWN_TO_BROWSERS[part])),
        error_messages={"required": words[part]},
    )
