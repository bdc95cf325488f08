# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who works here, what they let themselves in with, and what they prove it by."""

from plein.trust.models.factors import CodeApp, ExternalIdentity, Passkey, RecoveryCode, SignInProvider
from plein.trust.models.keys import ApiToken, Attempt, OneTimeLink, RateCount, Secret, StoredSession
from plein.trust.models.looks import Look
from plein.trust.models.people import (
    Circle,
    CircleSeat,
    Role,
    Seat,
    Team,
    TeamMember,
    User,
    Workspace,
)

__all__ = [
    "ApiToken",
    "Attempt",
    "Circle",
    "CircleSeat",
    "CodeApp",
    "ExternalIdentity",
    "Look",
    "OneTimeLink",
    "Passkey",
    "RateCount",
    "RecoveryCode",
    "Role",
    "Seat",
    "Secret",
    "SignInProvider",
    "StoredSession",
    "Team",
    "TeamMember",
    "User",
    "Workspace",
]
