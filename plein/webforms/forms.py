# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.trust.audience import AudienceField, offer_audiences
from plein.webforms.actions import FormFacts
from plein.webforms.models import WebForm
from plein.webforms.queries import colleagues, fields_to_ask, purposes_to_ask
from plein.webforms.vocabulary import Need, Part, Work


def _line(label: Any, length: int = 120, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, required=False, help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


def _text(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=help_text
    )


def _need(part: Part) -> forms.ChoiceField:
    first = Need.REQUIRED if part == Part.NAME else Need.NOT
    return forms.ChoiceField(label=part.label, choices=Need.choices, initial=first)


class WebFormForm(forms.Form):
    """A form for a website, as an administrator describes it."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120,
        help_text=gettext_lazy("By which you and your colleagues know it. Visitors do not see it."),
        error_messages={"required": gettext_lazy("Give it a name by which you know it.")},
    )  # fmt: skip
    title_nl = _line(gettext_lazy("Title in Dutch"))
    title_en = _line(gettext_lazy("Title in English"))
    intro_nl = _text(gettext_lazy("Introduction in Dutch"))
    intro_en = _text(gettext_lazy("Introduction in English"))
    ask_name, ask_phone, ask_organization, ask_message = (_need(part) for part in Part)
    own = forms.MultipleChoiceField(
        label=gettext_lazy("Fields of your own that are asked"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Visitors see their names, their explanation and what there is to choose."),
    )  # fmt: skip
    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("What visitors may say yes to"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("They read what for and what they get for it, as under Purposes. No box is ticked."),
    )  # fmt: skip
    thanks_nl = _text(gettext_lazy("Thanks in Dutch"), gettext_lazy("They read it when they have confirmed."))
    thanks_en = _text(gettext_lazy("Thanks in English"))
    thanks_url = _line(
        gettext_lazy("Or a page of yours to go on to"), 1000, gettext_lazy("Such as https://www.example.com/thanks.")
    )
    origins = forms.CharField(
        label=gettext_lazy("Websites that may show it"), required=False, max_length=6000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "placeholder": "https://www.example.com"}),
        help_text=gettext_lazy("One on a line. Without any, the form is only a page of its own that you can link to."),
    )  # fmt: skip
    work = forms.ChoiceField(
        label=gettext_lazy("What it becomes"), choices=Work.choices, initial=Work.INBOX, widget=forms.RadioSelect
    )
    for_seat = forms.ChoiceField(label=gettext_lazy("For whom"), required=False)
    circle = AudienceField(label=gettext_lazy("Who sees what comes in"), required=False)

    def __init__(self, *arguments: Any, is_new: bool = True, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if is_new:
            offer_audiences(self, "circle", is_new=True)
        else:
            del self.fields["circle"]
        self._offer("own", [(one.key, one.label) for one in fields_to_ask()])
        self._offer("purposes", [(str(one.id), one.name) for one in purposes_to_ask()])
        nobody = [("", _("nobody in particular"))]
        self._offer("for_seat", [*nobody, *((str(one.id), one.user.name) for one in colleagues())])

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        if len(choices) == 0:
            del self.fields[name]
        else:
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # these are fields with choices

    def facts(self) -> FormFacts:
        """The description as the action wants it."""
        values = dict(self.cleaned_data)
        asks = {str(part): values.pop(f"ask_{part}") for part in Part}
        seat = values.pop("for_seat", "")
        return FormFacts(
            **values
            | {
                "asks": asks,
                "own": tuple(values.get("own", ())),
                "purposes": tuple(UUID(one) for one in values.get("purposes", ())),
                "origins": tuple(values["origins"].split()),
                "for_seat": UUID(seat) if seat else None,
            }
        )


def initial_of(form: WebForm) -> Mapping[str, Any]:
    """A form as its own form shows it."""
    text = form.wording
    words = ("title_nl", "title_en", "intro_nl", "intro_en", "thanks_nl", "thanks_en", "thanks_url")
    return {
        **{name: getattr(text, name) for name in words},
        **{f"ask_{part}": text.asks.get(part, Need.NOT) for part in Part},
        "name": form.name,
        "own": [one["key"] for one in text.own],
        "purposes": [str(one) for one in text.purposes],
        "origins": "\n".join(form.origins),
        "work": form.work,
        "for_seat": str(form.for_seat_id or ""),
    }
