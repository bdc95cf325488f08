# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms of those who manage."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plein.trust.models import Role, User, Workspace

COUNTRIES = [
    ("NL", _("Netherlands")),
    ("BE", _("Belgium")),
    ("DE", _("Germany")),
    ("LU", _("Luxembourg")),
    ("FR", _("France")),
    ("GB", _("United Kingdom")),
    ("IE", _("Ireland")),
    ("DK", _("Denmark")),
    ("SE", _("Sweden")),
    ("NO", _("Norway")),
    ("FI", _("Finland")),
    ("PL", _("Poland")),
    ("CZ", _("Czechia")),
    ("AT", _("Austria")),
    ("CH", _("Switzerland")),
    ("IT", _("Italy")),
    ("ES", _("Spain")),
    ("PT", _("Portugal")),
    ("US", _("United States")),
    ("CA", _("Canada")),
    ("AU", _("Australia")),
]


class InviteForm(forms.Form):
    """A colleague to give a seat."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=pgettext_lazy("of a seat", "Role"), choices=[], initial=Role.MEMBER)
    language = forms.ChoiceField(label=_("Language"), choices=User.LANGUAGES)

    def __init__(self, *arguments: Any, may_own: bool, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["role"].choices = role_choices(may_own)  # type: ignore[attr-defined]


class SeatForm(forms.Form):
    """What a colleague may do, and whether they may come in."""

    role = forms.ChoiceField(choices=[])
    is_active = forms.BooleanField(required=False)

    def __init__(self, *arguments: Any, may_own: bool, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["role"].choices = role_choices(may_own)  # type: ignore[attr-defined]


def role_choices(may_own: bool) -> list[tuple[str, Any]]:
    """The roles somebody may hand out: only owners make owners."""
    return [(value, label) for value, label in Role.choices if may_own or value != Role.OWNER]


class TeamForm(forms.Form):
    """A team and who is in it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    seats = forms.MultipleChoiceField(label=_("Who is in it"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *arguments: Any, colleagues: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["seats"].choices = colleagues  # type: ignore[attr-defined]


class WorkspaceForm(forms.Form):
    """What the company is called, where it is, and which mail domains are its own."""

    name = forms.CharField(label=_("Name"), max_length=120)
    country = forms.ChoiceField(
        label=_("Country"), choices=COUNTRIES, help_text=_("How a phone number without a country code is read.")
    )
    domains = forms.CharField(
        label=_("Our own domains"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("One a line, such as company.nl. Whoever writes from there is a colleague, not a relation."),
    )

    second_factor = forms.ChoiceField(
        label=_("Who has to have a second step"),
        choices=Workspace.SECOND_FACTOR,
        required=False,
        help_text=_("A code or a passkey after the password. Whoever has to and has none sets one up first."),
    )

    def clean_domains(self) -> list[str]:
        """Take the domains apart and refuse what is none."""
        return clean_domains(str(self.cleaned_data["domains"]))


def clean_domains(text: str) -> list[str]:
    """The domains in a text, one a line; raises ValidationError for what is none."""
    domains = [line.strip().lower().removeprefix("@") for line in text.split()]
    wrong = [domain for domain in domains if "." not in domain.strip(".") or len(domain) > 253 or "@" in domain]
    if wrong:
        raise forms.ValidationError(_("This is not a domain: %(domain)s."), params={"domain": wrong[0][:60]})
    return domains
