# SPDX-License-Identifier: AGPL-3.0-or-later
"""The component page: every piece of the design system in every state it has."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from plein.web.avatars import TONES
from plein.web.charts import Tile
from plein.web.kinds import LOOKS

GROUND = ("sand", "sheet", "sheet-2", "card", "sweep", "line", "line-2", "edge", "ink", "ink-2", "ink-3")
SIGNS = ("board", "tile", "green", "stone", "red", "red-tint")
SWATCHES = (*GROUND, *SIGNS, *(f"{tone}-t" for tone in TONES))
WRONG = {"wrong-name": "Zorggroep Vechtdal", "wrong-amount": "84.000,50,-", "wrong-expected": "2026-12-18"}
LANGUAGES = {"nl", "en"}
THEMES = {"light", "dark"}


class SampleForm(forms.Form):
    """A form that shows every control."""

    name = forms.CharField(label=gettext_lazy("Name"), help_text=gettext_lazy("As they say it themselves."))
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": gettext_lazy("Write an amount like 84000 or 84.000,50")},
    )
    expected = forms.DateField(
        label=gettext_lazy("Expected"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[("nl", "Nederlands"), ("en", "English")], required=False
    )
    letter = forms.BooleanField(label=gettext_lazy("Send a letter too"), required=False)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        widget=forms.RadioSelect,
        choices=[("decides", gettext_lazy("Decides")), ("advises", gettext_lazy("Advises"))],
    )
    note = forms.CharField(label=gettext_lazy("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Show the component page; ?lang= and ?theme= turn it to another language or light."""
    language = request.GET.get("lang", "")
    if language not in LANGUAGES:
        return render(request, "web/style.html", sample_context(request))
    with translation.override(language):
        return render(request, "web/style.html", sample_context(request))


def sample_context(request: HttpRequest) -> dict[str, Any]:
    """Invent what the samples show."""
    now = timezone.localtime().replace(minute=30)
    theme = request.GET.get("theme", "")
    return {
        "chosen_theme": theme if theme in THEMES else "",
        "swatches": SWATCHES,
        "tones": TONES,
        "tiles": sample_day(),
        "long_day": [Tile(f"Call {hour}", "Call somebody", "#", f"{hour}.00") for hour in range(8, 21)],
        "empty_form": SampleForm(),
        "wrong_form": SampleForm(WRONG, prefix="wrong"),
        "weeks": [3, 4, 2, 5, 3, 4, 6, 3, 4, 2, 1, 0, 0, 0, 0, 0],
        "times": {
            "now": now,
            "yesterday": now - timedelta(days=1),
            "soon": now + timedelta(minutes=50),
            "month": now - timedelta(days=40),
            "year": now - timedelta(days=620),
        },
        "kinds": [
            ("note", _("Note"), "notes"),
            ("call", _("Call"), "phone"),
            ("email", _("E-mail"), "mail"),
            ("todo", _("Action"), "checkbox"),
        ],
        "all_kinds": list(LOOKS),
        "sort": "-quiet",
        "rows": sample_rows(),
        "views": [(_("Everyone"), "#a", False), (_("People"), "#p", True), (_("Organizations"), "#o", False)],
    }


def sample_day() -> list[Tile]:
    """Invent a working day that shows each state of a tile."""
    return [
        Tile("Pieter", _("Mail to Pieter about Tuinstra"), "#1", "8.45", "done"),
        Tile("De Linde", _("Called housing corporation De Linde"), "#2", "9.30", "done"),
        Tile("Tuinstra", _("Check the Tuinstra quotation"), "#3", "", "now", free=True),
        Tile("Vechtdal", _("Ask for an introduction at Vechtdal"), "#4", "", "later", free=True),
        Tile("Van Dijk", _("Visit Van Dijk Installatietechniek"), "#5", "11.30"),
        Tile("Hardenberg", _("Demo for the town of Hardenberg"), "#6", "13.30", free=True),
        Tile("Fatima", _("Go through the breakdown with Fatima"), "#7", "", free=True),
        Tile("Sales", _("Sales meeting"), "#8", "15.00"),
    ]


def sample_rows() -> list[dict[str, Any]]:
    """Invent a few rows of a list."""
    names = [("Hotel De Zon", "Ommen", 2, 253), ("Zorgboerderij De Vecht", "Dalfsen", 2, 168)]
    names += [("Installatie Reitsma", "Meppel", 1, 121), ("Projectbureau Bolt", "Hoogeveen", 3, 96)]
    keys = ("name", "place", "strength", "days")
    return [dict(zip(keys, row, strict=True)) | {"chosen": place == 1} for place, row in enumerate(names)]
