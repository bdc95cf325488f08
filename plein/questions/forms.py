# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from plein.questions.vocabulary import LONGEST_ANSWER, LONGEST_QUESTION
from plein.trust.audience import AudienceField, offer_audiences

TOO_LONG = _("Keep it to %(limit_value)d letters; it has %(show_value)d. A few lines are read sooner.")


class QuestionForm(forms.Form):
    """What somebody would like to know, and who may read it."""

    text = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": _("Who knows a good keeper?"), "maxlength": ""}),
        error_messages={"required": _("Write what you would like to know."), "max_length": TOO_LONG},
    )
    circle = AudienceField(
        label=_("Who may read it"),
        required=False,
        help_text=_("It goes to few. The answer stays for everybody who may read it."),
    )

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["text"].widget.attrs.pop("maxlength", None)
        offer_audiences(self, "circle", is_new=True)


class AnswerForm(forms.Form):
    """What a colleague answers."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write your answer."), "max_length": TOO_LONG},
    )

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["text"].widget.attrs.pop("maxlength", None)


class NoteForm(AnswerForm):
    """What somebody from outside answered, as who asked notes it."""

    person = forms.ChoiceField(
        label=_("Who answered"),
        error_messages={
            "required": _("Choose who answered."),
            "invalid_choice": _("Choose one of those whom you asked by mail."),
        },
    )
    field_order = ("person", "text")

    def __init__(self, *arguments: Any, people: Sequence[tuple[UUID, str]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["text"].label = _("What they answered")
        self.fields["person"].choices = list(people)  # type: ignore[attr-defined]


class PassForm(forms.Form):
    """Whom it is to be asked of instead, and a word along."""

    person = forms.ChoiceField(
        label=_("Who may know"),
        required=False,
        error_messages={"invalid_choice": _("Choose one of these colleagues.")},
    )
    remark = forms.CharField(label=_("A word along with it"), max_length=1000, required=False)

    def __init__(self, *arguments: Any, people: Sequence[tuple[UUID, str]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        nobody = ("", _("I would not know: ask others"))
        self.fields["person"].choices = [nobody, *people]  # type: ignore[attr-defined]
