# SPDX-License-Identifier: AGPL-3.0-or-later
"""What administrators do so that other programs tell us of contact, and are told what happens here."""

from plein.hooks.actions.clearing import clear_settled
from plein.hooks.actions.incoming import (
    HookFacts,
    Opened,
    add_hook,
    change_hook,
    close_hook,
    open_hook,
    point_at,
    remove_hook,
    renew_hook,
    set_example,
    take_again,
)
from plein.hooks.actions.outgoing import (
    OutFacts,
    Promised,
    add_out_hook,
    change_out_hook,
    remove_out_hook,
    renew_out_secret,
    rest_out_hook,
    resume_out_hook,
    tell_again,
    try_out_hook,
)

__all__ = [
    "clear_settled",
    "HookFacts",
    "Opened",
    "add_hook",
    "change_hook",
    "close_hook",
    "open_hook",
    "point_at",
    "remove_hook",
    "renew_hook",
    "set_example",
    "take_again",
    "OutFacts",
    "Promised",
    "add_out_hook",
    "change_out_hook",
    "remove_out_hook",
    "renew_out_secret",
    "rest_out_hook",
    "resume_out_hook",
    "tell_again",
    "try_out_hook",
]
