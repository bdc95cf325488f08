# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one may ask of a picture or of a list: which ties, of when, and whom."""

from typing import cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from plein.network.kinds import KNOWING, PERIODS, TIES
from plein.network.queries import Lens, PeopleFilter, Period
from plein.network.vocabulary import Ground

#: How many are shown at most.
MOST = ((60, _("The 60 nearest")), (100, _("The 100 nearest")), (300, _("The 300 nearest")))
USUAL = 100


class LensForm(forms.Form):
    """Which ties a picture is made of."""

    tie = forms.ChoiceField(
        label=_("Ties"),
        choices=[("", _("All ties")), *((key, words) for key, (words, _g) in TIES.items())],
        required=False,
    )
    period = forms.ChoiceField(label=_("When"), choices=PERIODS, required=False)
    group = forms.UUIDField(label=_("Whom"), required=False)
    most = forms.TypedChoiceField(choices=MOST, coerce=int, empty_value="", required=False)

    def grounds(self) -> tuple[Ground, ...]:
        """What makes the ties that were chosen; nothing stands for all."""
        tie = self.cleaned_data["tie"]
        return TIES[tie][1] if tie else ()

    def period_of(self) -> Period:
        """Of when they have to be."""
        return Period(self.cleaned_data["period"] or Period.NOW)


class WholeForm(forms.Form):
    """Which ties the picture of the whole network is made of, of which group, and which page of its table."""

    tie = forms.ChoiceField(choices=[("", ""), *((key, words) for key, (words, _g) in KNOWING.items())], required=False)
    period = forms.ChoiceField(choices=PERIODS, required=False)
    group = forms.IntegerField(min_value=0, max_value=2_000_000_000, required=False)
    page = forms.IntegerField(min_value=1, max_value=10_000, required=False)

    def lens(self) -> Lens:
        """Through what one looks."""
        tie, period = self.cleaned_data["tie"], self.cleaned_data["period"]
        return Lens(KNOWING[tie][1] if tie else (), Period(period or Period.NOW))

    def offset(self, size: int) -> int:
        """Where the page that is asked for begins."""
        return (cast(int, self.cleaned_data["page"] or 1) - 1) * size


class PeopleForm(forms.Form):
    """Whom one looks for among many."""

    degree = forms.IntegerField(min_value=1, max_value=3, required=False)
    organization = forms.UUIDField(label=_("Organization"), required=False)
    works_at = forms.CharField(label=_("Organization"), max_length=300, required=False)
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    role = forms.CharField(label=_("Role"), max_length=160, required=False)
    tag = forms.CharField(label=_("Tag"), max_length=60, required=False)
    page = forms.IntegerField(min_value=1, max_value=10_000, required=False)

    def only(self, organization: UUID | None) -> PeopleFilter:
        """The people who are asked for, of whom works at this organization."""
        asked = self.cleaned_data
        return PeopleFilter(organization, asked["place"], asked["role"], asked["tag"])

    def offset(self, size: int) -> int:
        """Where the page that is asked for begins."""
        return (cast(int, self.cleaned_data["page"] or 1) - 1) * size


class ListForm(forms.Form):
    """Which list, about whom of us or about which organization."""

    list = forms.ChoiceField(
        choices=[(one, one) for one in ("unmet", "alone", "silent", "best", "between", "only", "brought")],
        required=False,
    )
    kind = forms.ChoiceField(choices=[(one, one) for one in ("person", "organization")], required=False)
    of = forms.UUIDField(required=False)
    organization = forms.UUIDField(required=False)
    group = forms.IntegerField(min_value=0, max_value=2_000_000_000, required=False)
    page = forms.IntegerField(min_value=1, max_value=10_000, required=False)

    def offset(self, size: int) -> int:
        """Where the page that is asked for begins."""
        return (cast(int, self.cleaned_data["page"] or 1) - 1) * size
