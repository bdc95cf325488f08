# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms about purposes and consent, used by every door."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.consent.actions import PurposeFacts
from plein.consent.days import moment_on
from plein.consent.lines import ROLES, UNMATCHED, Wishes, guess_columns
from plein.consent.models import Purpose
from plein.consent.vocabulary import DECISIONS, Basis, How, State, Steps
from plein.relations.contact import Contact, ContactError, normalise
from plein.relations.vocabulary import ContactKind

LONGEST_KEEP = 1200
MOST_ADDRESSES = 1000


def _line(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=80, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def _text(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=help_text
    )


def _months(label: Any, help_text: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=LONGEST_KEEP, help_text=help_text)


class PurposeForm(forms.Form):
    """Something the company uses data for, as people read it."""

    name_nl = _line(gettext_lazy("Name in Dutch"))
    name_en = _line(gettext_lazy("Name in English"))
    what_nl = _text(gettext_lazy("What for, in Dutch"))
    what_en = _text(gettext_lazy("What for, in English"))
    benefit_nl = _text(gettext_lazy("What you get for it, in Dutch"))
    benefit_en = _text(gettext_lazy("What you get for it, in English"))
    basis = forms.ChoiceField(
        label=gettext_lazy("Why we may"), choices=Basis.choices, widget=forms.RadioSelect, initial=Basis.CONSENT
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("By which means"), choices=ContactKind.choices, widget=forms.CheckboxSelectMultiple,
        required=False,
    )  # fmt: skip
    holds_months = _months(
        gettext_lazy("A yes counts for so many months"),
        gettext_lazy("Empty: as long as we keep what it was for, or until they withdraw it."),
    )
    keep_months = _months(
        gettext_lazy("Kept for so many months after that"),
        gettext_lazy("People read it on their page, and the rule for people we lost touch with goes by the longest."),
    )

    def facts(self) -> PurposeFacts:
        """The purpose as the action wants it."""
        values = self.cleaned_data
        return PurposeFacts(**{**values, "kinds": tuple(values["kinds"])})


def initial_of(purpose: Purpose) -> dict[str, Any]:
    """A purpose as its form shows it."""
    words = ("name_nl", "name_en", "what_nl", "what_en", "benefit_nl", "benefit_en")
    rules = ("basis", "kinds", "holds_months", "keep_months")
    return {name: getattr(purpose.wording, name) for name in words} | {name: getattr(purpose, name) for name in rules}


class DecisionForm(forms.Form):
    """What somebody decided. The buttons say what, so that two clicks are enough."""

    state = forms.ChoiceField(
        label=gettext_lazy("What they said"), choices=[(one.value, one.label) for one in DECISIONS]
    )
    point = forms.ChoiceField(label=gettext_lazy("About"), required=False)
    how = forms.ChoiceField(
        label=gettext_lazy("How we know"), choices=[pair for pair in How.choices if pair[0] != How.IMPORT],
        required=False,
    )  # fmt: skip
    decided_on = forms.DateField(
        label=gettext_lazy("When"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(
        label=gettext_lazy("What was said or written"), required=False, max_length=1000,
        help_text=gettext_lazy("So that a colleague, or a judge, can see later that it was so."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    moment = forms.ChoiceField(label=gettext_lazy("The contact moment that shows it"), required=False)

    def __init__(
        self,
        *args: Any,
        points: Sequence[tuple[str, str]] = (),
        moments: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if points:
            self.fields["point"].choices = [("", _("all of their addresses")), *points]  # type: ignore[attr-defined]
        else:
            del self.fields["point"]
        if moments:
            self.fields["moment"].choices = [("", "—"), *moments]  # type: ignore[attr-defined]
        else:
            del self.fields["moment"]

    def clean_decided_on(self) -> Any:
        """Today unless it says otherwise."""
        day = self.cleaned_data["decided_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError(_("That day is still to come. Note it when it has been said."))
        return day

    @property
    def decided_at(self) -> datetime:
        return moment_on(self.cleaned_data.get("decided_on"))


class RestrictionForm(forms.Form):
    """Why somebody's data are not used."""

    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Colleagues read it: “says his address is wrong, asked us on 3 March”."),
        error_messages={"required": gettext_lazy("Say why, so that colleagues understand.")},
    )  # fmt: skip


class StepsForm(forms.Form):
    """Whether people may be asked for introductions."""

    steps = forms.ChoiceField(
        label=gettext_lazy("Being asked to introduce us to somebody"), choices=Steps.choices, widget=forms.RadioSelect
    )


class NeverForm(forms.Form):
    """Addresses and numbers that are never used again."""

    addresses = forms.CharField(
        label=gettext_lazy("Addresses and numbers, one a line"), max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Write an address or a number first.")},
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=300,
        help_text=gettext_lazy("Without a name: the list outlives what we know of people."),
        error_messages={"required": gettext_lazy("Say why: “asked us by letter”.")},
    )  # fmt: skip

    def clean_addresses(self) -> list[Contact]:
        """Every line in its normal form; the first that is none is named."""
        lines = [line.strip() for line in str(self.cleaned_data["addresses"]).splitlines() if line.strip()]
        if len(lines) > MOST_ADDRESSES:
            raise forms.ValidationError(_("Take %(most)s at a time at most.") % {"most": MOST_ADDRESSES})
        return contacts_of(lines)


def contacts_of(lines: Sequence[str]) -> list[Contact]:
    """Addresses and numbers in their normal form; raises ValidationError for the first that is none."""
    found = []
    for line in lines:
        try:
            found.append(normalise(line))
        except ContactError as trouble:
            raise forms.ValidationError(f"{line[:60]}: {trouble}") from trouble
    return found


class ListForm(forms.Form):
    """A list that somebody brings in."""

    file = forms.FileField(
        label=gettext_lazy("The list, as CSV or XLSX"), allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file first.")},
    )  # fmt: skip


class WishesForm(forms.Form):
    """How a list is read: which column holds what, and what counts where there is no column."""

    purpose = forms.ChoiceField(label=gettext_lazy("For what, where the list does not say"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("Yes or no, where the list does not say"),
        choices=[(one.value, one.label) for one in DECISIONS], required=False,
    )  # fmt: skip
    for_all = forms.BooleanField(
        label=gettext_lazy("It counts for all addresses of a person, not only the one in the list"), required=False
    )
    unmatched = forms.ChoiceField(
        label=gettext_lazy("Lines about nobody we know"), choices=UNMATCHED, widget=forms.RadioSelect, required=False
    )

    def __init__(
        self, data: Any = None, *, head: Sequence[str], purposes: Sequence[Purpose], may_never: bool = True
    ) -> None:
        guessed = guess_columns(head)
        first = next((one for one in purposes if one.basis == Basis.CONSENT), None)
        initial = {"purpose": str(first.id) if first else "", "unmatched": "wait"}
        super().__init__(data, initial=initial | {f"column_{role}": str(place) for role, place in guessed.items()})
        columns = [("", "—"), *((str(place), word or f"{place + 1}") for place, word in enumerate(head))]
        for role, label in ROLES.items():
            self.fields[f"column_{role}"] = forms.ChoiceField(label=label, choices=columns, required=False)
        known = [("", "—"), *((str(one.id), one.name) for one in purposes)]
        self.fields["purpose"].choices = known  # type: ignore[attr-defined]
        if not may_never:
            left = [pair for pair in UNMATCHED if pair[0] != "never"]
            self.fields["unmatched"].choices = left  # type: ignore[attr-defined]

    @property
    def columns(self) -> list[Any]:
        """The fields that say which column holds what."""
        return [self[f"column_{role}"] for role in ROLES]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(values.get(f"column_{role}") for role in ("email", "phone", "id")):
            self.add_error("column_email", _("Say which column tells who it is: an address, a number or an id."))
        if not values.get("purpose") and not values.get("column_purpose"):
            self.add_error("purpose", _("Say for what."))
        return values

    def wishes(self, country: str) -> Wishes:
        """How the list is to be read."""
        values = self.cleaned_data
        columns = {role: int(values[f"column_{role}"]) for role in ROLES if values.get(f"column_{role}")}
        return Wishes(
            columns=columns,
            purpose=UUID(values["purpose"]) if values.get("purpose") else None,
            state=values.get("state") or State.GIVEN,
            for_all=bool(values.get("for_all")),
            unmatched=values.get("unmatched") or "wait",
            country=country,
        )


class RetentionForm(forms.Form):
    """How long a kind of data is kept."""

    months = forms.IntegerField(label=gettext_lazy("Kept for so many months"), min_value=1, max_value=LONGEST_KEEP)
    is_on = forms.BooleanField(label=gettext_lazy("Ask me about what is older"), required=False)
