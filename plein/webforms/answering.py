# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was filled in, put in words: for whoever confirms it, and for the contact moment it becomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plein.metadata.models import Field, in_reader_language
from plein.metadata.wording import words
from plein.webforms.models import FormText, Submission
from plein.webforms.vocabulary import Part

#: What the names of own fields begin with, so that they never meet a part of ours.
OWN = "c."


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was asked, and what was answered."""

    label: str
    said: str


def lines_of(submission: Submission, own: Sequence[Field]) -> list[Line]:
    """All that was filled in, in the order of the form and the language in force; what was left empty is left out."""
    answers: Mapping[str, Any] = submission.answers
    found = [Line(pgettext("on a form", "Your e-mail address"), submission.email)]
    found += [Line(str(part.label), str(answers.get(part) or "")) for part, _is_needed in submission.text.asked()]
    known = {one.key: one for one in own}
    for one in submission.text.own:
        field = known.get(one["key"])
        if field is not None:
            label = in_reader_language(one["label_nl"], one["label_en"])
            found.append(Line(label, words(field, answers.get(OWN + field.key))))
    return [line for line in found if line.said]


def text_of(lines: Sequence[Line], yes: Sequence[str]) -> str:
    """The same as the text of a contact moment, with the purposes that were said yes to."""
    parts = [f"{one.label}:\n{one.said}" if "\n" in one.said else f"{one.label}: {one.said}" for one in lines]
    if yes:
        parts.append(_("Said yes to: %(purposes)s") % {"purposes": ", ".join(yes)})
    return "\n\n".join(parts)


def name_in(submission: Submission) -> str:
    """What whoever filled it in is called, as they wrote it."""
    return " ".join(str(submission.answers.get(Part.NAME) or "").split())


def title_of(text: FormText) -> str:
    """What the contact moment is called."""
    return _("Filled in the form “%(title)s”") % {"title": text.title}
