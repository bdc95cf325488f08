# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people fill in about who they are and who works here."""

from plein.trust.forms.company import InviteForm, SeatForm, TeamForm, WorkspaceForm, role_choices
from plein.trust.forms.personal import PasswordForm, ProfileForm, TokenForm
from plein.trust.forms.placing import DefaultAudienceForm, PlaceForm
from plein.trust.forms.proofs import CodeAppForm, PasskeyForm, PasskeyNameForm, SecondStepForm
from plein.trust.forms.providers import ProviderForm
from plein.trust.forms.sign_in import JoinForm, NewPasswordForm, ResetForm, SignInForm, WelcomeForm

__all__ = [
    "ProviderForm",
    "JoinForm",
    "ResetForm",
    "CodeAppForm",
    "PasskeyForm",
    "PasskeyNameForm",
    "SecondStepForm",
    "InviteForm",
    "NewPasswordForm",
    "PasswordForm",
    "DefaultAudienceForm",
    "PlaceForm",
    "ProfileForm",
    "SeatForm",
    "SignInForm",
    "TeamForm",
    "TokenForm",
    "WelcomeForm",
    "WorkspaceForm",
    "role_choices",
]
