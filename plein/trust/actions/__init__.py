# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that changes who works here and how they get in."""

from plein.trust.actions.colleagues import change_seat, change_team, invite, link_for, make_team
from plein.trust.actions.links import (
    LIFETIMES,
    LINK_LIFETIME,
    digest_of,
    good_link,
    make_one_time_link,
    take_one_time_link,
    want_reset,
    was_made_within,
)
from plein.trust.actions.personal import change_password, change_profile, join, reset_password, welcome_user
from plein.trust.actions.proofs import (
    TooManyPasskeys,
    add_code_app,
    add_passkey,
    disconnect,
    has_second_factor,
    remove_code_app,
    remove_passkey,
    remove_second_factor,
    rename_passkey,
    renew_recovery_codes,
)
from plein.trust.actions.tokens import TOKEN_PREFIX, find_token, make_token, revoke_token
from plein.trust.actions.undoing import permit_undo, turn_back, undo_operation
from plein.trust.actions.workspaces import (
    change_workspace,
    ensure_first_workspace,
    give_seat,
    make_user,
    make_workspace,
    works_elsewhere,
    workspace_of,
)

__all__ = [
    "add_code_app",
    "add_passkey",
    "disconnect",
    "has_second_factor",
    "remove_code_app",
    "remove_passkey",
    "remove_second_factor",
    "rename_passkey",
    "renew_recovery_codes",
    "TooManyPasskeys",
    "LINK_LIFETIME",
    "TOKEN_PREFIX",
    "change_password",
    "change_profile",
    "change_seat",
    "change_team",
    "change_workspace",
    "digest_of",
    "ensure_first_workspace",
    "find_token",
    "give_seat",
    "invite",
    "link_for",
    "good_link",
    "LIFETIMES",
    "want_reset",
    "was_made_within",
    "join",
    "reset_password",
    "make_one_time_link",
    "make_team",
    "make_token",
    "make_user",
    "make_workspace",
    "revoke_token",
    "take_one_time_link",
    "permit_undo",
    "turn_back",
    "undo_operation",
    "welcome_user",
    "works_elsewhere",
    "workspace_of",
]
