# SPDX-License-Identifier: AGPL-3.0-or-later
"""What administrators do so that other programs tell us of contact."""

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

__all__ = [
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
]
