# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms about oneself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plein.trust.actions import PROVEN_AT_MOST
from plein.trust.forms.sign_in import NewPasswordForm, password_field
from plein.trust.models import ApiToken, User
from plein.trust.start_pages import start_pages
from plein.trust.zones import zone_choices


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

    name = forms.CharField(
        label=_("What it is for"), max_length=80, required=False, help_text=_("Such as: the website, my phone book.")
    )
    scope = forms.ChoiceField(label=_("What it may do"), choices=ApiToken.SCOPES, initial="read")
    days = forms.TypedChoiceField(
        label=_("How long it works"),
        coerce=int,
        initial=90,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year")), (0, _("until revoked"))],
    )
    is_proven = forms.BooleanField(
        label=_("Also what asks for a proof"),
        required=False,
        help_text=_("Rights, teams, the second step, erasing, files of more than 1,000 lines. For 90 days at most."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("is_proven") and not 0 < values.get("days", 0) <= PROVEN_AT_MOST.days:
            self.add_error("days", _("Choose 90 days or less: it may also do what asks for a proof."))
        return values
