# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plein.trust.models import ApiToken, Role, User
from plein.trust.start_pages import start_pages
from plein.trust.zones import zone_choices

LONGEST_PASSWORD = 1000
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


def password_field(label: Any, *, required: bool = True, new: bool = False) -> forms.CharField:
    """A field for a password that browsers and password managers understand."""
    return forms.CharField(
        label=label,
        required=required,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password" if new else "current-password"}),
        help_text=_("At least 12 characters. A short sentence works well.") if new else "",
    )


class SignInForm(forms.Form):
    """An e-mail address and a password."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
        error_messages={"required": _("Fill in your e-mail address."), "invalid": _("Write it like name@company.nl.")},
    )
    password = password_field(_("Password"))
    password.error_messages["required"] = _("Fill in your password.")


class NewPasswordForm(forms.Form):
    """A new password, judged for the user it is for."""

    new_password = password_field(_("New password"), new=True)

    def __init__(self, *arguments: Any, user: User, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.user = user

    def clean_new_password(self) -> str:
        """Judge the password; the reason comes back in words."""
        password = str(self.cleaned_data["new_password"])
        if password:
            validate_password(password, self.user)
        return password


class PasswordForm(NewPasswordForm):
    """Change a password; whoever has one proves it."""

    current_password = password_field(_("Present password"))
    field_order = ("current_password", "new_password")

    def __init__(self, *arguments: Any, user: User, **more: Any) -> None:
        super().__init__(*arguments, user=user, **more)
        if not user.has_usable_password():
            del self.fields["current_password"]

    def clean_current_password(self) -> str:
        """Check the present password."""
        password = str(self.cleaned_data["current_password"])
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your present password."))
        return password


class WelcomeForm(NewPasswordForm):
    """What somebody tells at their first sign-in; all of it can wait."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True})
    )
    company = forms.CharField(
        label=_("Your company"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    country = forms.ChoiceField(
        label=_("Country"), choices=COUNTRIES, help_text=_("How a phone number without a country code is read.")
    )
    field_order = ("name", "company", "country", "new_password")

    def __init__(self, *arguments: Any, user: User, may_own: bool, **more: Any) -> None:
        super().__init__(*arguments, user=user, **more)
        self.fields["new_password"].required = False
        self.fields["new_password"].label = _("A password")
        if not may_own:
            del self.fields["company"], self.fields["country"]


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """How somebody is called and how Plein looks to them."""

    class Meta:
        model = User
        fields = ("name", "language", "time_zone", "start_page", "theme", "has_keys")
        widgets = {"theme": forms.RadioSelect, "language": forms.RadioSelect}
        labels = {
            "name": _("Name"),
            "language": _("Language"),
            "time_zone": _("Time zone"),
            "start_page": _("Begin with"),
            "theme": _("Light or dark"),
            "has_keys": _("Keys of one letter"),
        }
        help_texts = {
            "name": _("As colleagues see it."),
            "language": _("Of Plein itself; what people write stays as it is."),
            "time_zone": _("Your days begin by this clock, and reminders come by it."),
            "start_page": _("The page you see after signing in."),
            "has_keys": _("G then V opens Today, J and K walk through lists. Ctrl K always works."),
        }

    def __init__(self, data: Any = None, *, instance: User) -> None:
        super().__init__(data, instance=instance)
        pages: list[tuple[str, Any]] = [(page.href, page.label) for page in start_pages(instance)]
        if instance.start_page not in dict(pages):
            pages.append((instance.start_page, _("A page that is no longer there")))
        for name, choices in (("time_zone", zone_choices()), ("start_page", pages)):
            chosen = self.fields[name]
            self.fields[name] = forms.ChoiceField(
                label=chosen.label, help_text=chosen.help_text, choices=choices, required=name == "time_zone"
            )


class TokenForm(forms.Form):
    """What a token may do and how long it lives."""

    scope = forms.ChoiceField(label=_("What it may do"), choices=ApiToken.SCOPES, initial="read")
    days = forms.TypedChoiceField(
        label=_("How long it works"),
        coerce=int,
        initial=90,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year")), (0, _("until revoked"))],
    )


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

    def clean_domains(self) -> list[str]:
        """Take the domains apart and refuse what is none."""
        domains = [line.strip().lower().removeprefix("@") for line in str(self.cleaned_data["domains"]).split()]
        wrong = [domain for domain in domains if "." not in domain.strip(".") or len(domain) > 253 or "@" in domain]
        if wrong:
            raise forms.ValidationError(_("This is not a domain: %(domain)s."), params={"domain": wrong[0][:60]})
        return domains
