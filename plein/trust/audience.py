# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one way to choose who sees something: circles in a list, and colleagues to tick for those one names oneself.

It works without a script: style shows the colleagues once "named people" is chosen. What a form sends as two fields,
and a program as one key, is one value here: a key that `circle_for` understands.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from plein.trust.circles import LONGEST_KEY, PEOPLE, Audience, Offer, UnknownCircle, offered, seats_named

#: Who sees something, as a program says it.
Circle = Annotated[
    str,
    Field(
        max_length=LONGEST_KEY,
        description="`everyone`, `me`, `team:` and the id of a team of one's own, or `people:` and the ids of seats, "
        "with commas between; one is always among them oneself.",
    ),
]
#: What the list says when colleagues are to be ticked, and the field in which they come.
NAMED = PEOPLE.removesuffix(":")
TICKED = "-people"


def audience_sent(data: Mapping[str, Any], name: str) -> Any:
    """The key that a form sent: of a circle, or of the colleagues that were ticked."""
    chosen = data.get(name)
    if chosen != NAMED:
        return chosen
    ticked = data.getlist(name + TICKED) if hasattr(data, "getlist") else data.get(name + TICKED, [])
    return PEOPLE + ",".join(sorted({str(one) for one in ticked}))


class AudienceWidget(forms.Select):
    """A list of circles, with the colleagues one may name under it."""

    colleagues: Sequence[Audience] = ()

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        del files
        return audience_sent(data, name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        del files
        return name not in data

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        text = str(value or "")
        is_named = text.startswith(PEOPLE)
        listed = super().render(name, NAMED if is_named else value, attrs, renderer)
        if not self.colleagues:
            return listed
        ticked = set(text.removeprefix(PEOPLE).split(",")) if is_named else set()
        lines = format_html_join(
            "",
            '<label class="choice"><input class="tick" type="checkbox" name="{}" value="{}" {}><span>{}</span></label>',
            ((name + TICKED, one.key, "checked" if one.key in ticked else "", one.label) for one in self.colleagues),
        )
        template = '<div class="audience">{}<fieldset class="audience-people"><legend>{}</legend>{}</fieldset></div>'
        return format_html(template, listed, _("Besides you"), lines)


class AudienceField(forms.ChoiceField):
    """Who sees something. What there is to choose from is filled in by `offer_audiences`."""

    widget = AudienceWidget
    #: How long a key can be that a program sends.
    longest = LONGEST_KEY
    #: What it holds when nothing was chosen.
    fallback = ""
    default_error_messages = {
        "invalid_choice": gettext_lazy("Choose one of the circles you are in, or colleagues who work here."),
        "nobody": gettext_lazy("Tick at least one colleague, or choose “Only me”."),
    }

    def clean(self, value: Any) -> Any:
        return super().clean(value or self.fallback)

    def valid_value(self, value: Any) -> bool:
        text = str(value)
        if not text.startswith(PEOPLE):
            return text != NAMED and super().valid_value(text)
        if text == PEOPLE:
            raise forms.ValidationError(self.error_messages["nobody"], code="nobody")
        try:
            seats_named(text)
        except UnknownCircle:
            return False
        return True


def offer_audiences(
    form: forms.Form,
    name: str,
    *,
    first: Iterable[tuple[str, Any]] = (),
    mine_first: bool = False,
    is_new: bool = False,
    offer: Offer | None = None,
) -> None:
    """Fill a field with what the reader may choose from: one query, unless that was asked already.

    `first` are choices that only this form has; for something new, what its maker always chooses is chosen.
    """
    field = form.fields[name]
    assert isinstance(field, AudienceField), "only a field for an audience is offered one"
    offer = offer or offered()
    known = [(one.key, one.label) for one in offer.audiences]
    if mine_first:
        known.sort(key=lambda pair: pair[0] != "me")
    named = [(NAMED, _("Named people"))] if offer.colleagues else []
    field.choices = [*first, *known, *named]
    field.widget.colleagues = offer.colleagues
    if is_new:
        field.initial = field.fallback = offer.default


def new_audience_field(form: forms.Form, name: str, *, first: Iterable[tuple[str, Any]] = (), **more: Any) -> None:
    """Add a field for an audience to a form that is already made."""
    form.fields[name] = AudienceField(**more)
    offer_audiences(form, name, first=first)
