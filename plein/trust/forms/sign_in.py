# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms of getting in."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from plein.trust.forms.company import COUNTRIES
from plein.trust.models import User
from plein.trust.passkeys import LONGEST_ANSWER

LONGEST_PASSWORD = 1000


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


class ResetForm(forms.Form):
    """The address to send a link to."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
        error_messages={"required": _("Fill in your e-mail address."), "invalid": _("Write it like name@company.nl.")},
    )


class JoinForm(NewPasswordForm):
    """What somebody chooses who was invited: a name, a language, and a password or a passkey."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True})
    )
    language = forms.ChoiceField(label=_("Language"), choices=User.LANGUAGES)
    answer = forms.CharField(required=False, max_length=LONGEST_ANSWER, widget=forms.HiddenInput)
    field_order = ("name", "language", "new_password", "answer")

    def __init__(self, *arguments: Any, user: User, **more: Any) -> None:
        super().__init__(*arguments, user=user, **more)
        self.fields["new_password"].required = False
        self.fields["new_password"].label = _("A password")

    def clean(self) -> dict[str, Any]:
        """One of both is needed, or nobody could come back."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("answer") and not cleaned.get("new_password") and "new_password" not in self.errors:
            self.add_error("new_password", _("Choose a password, or begin with a passkey."))
        return cleaned


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
