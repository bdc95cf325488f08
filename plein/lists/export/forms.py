# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plein.lists.export.streaming import Look, usual_separator

FORMATS = (
    ("csv", _("CSV, for any program")),
    ("xlsx", _("A spreadsheet, for Excel")),
    ("ods", _("A spreadsheet, for LibreOffice")),
    ("json", _("JSON, for programs")),
)
SEPARATORS = ((";", _("semicolon")), (",", _("comma")), ("\t", _("tab")))


class ExportForm(forms.Form):
    """What kind of file somebody wants."""

    format = forms.ChoiceField(label=_("Kind of file"), choices=FORMATS, widget=forms.RadioSelect, initial="csv")
    separator = forms.ChoiceField(label=_("Between the cells of a CSV"), choices=SEPARATORS, required=False)
    with_bom = forms.BooleanField(
        label=_("Begin with the sign by which Excel knows UTF-8"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("separator", usual_separator())

    def look(self) -> Look:
        """The file that was chosen."""
        chosen = self.cleaned_data
        return Look(chosen["format"], chosen["separator"], chosen["with_bom"])
