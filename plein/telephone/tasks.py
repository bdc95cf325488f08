# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happens when an exchange tells that a call comes in: in the same transaction, for a call does not wait."""

from plein.notifications.stream.watched import watch
from plein.telephone.actions import receive_call
from plein.telephone.queries import mark_of_rings

__all__ = ["receive_call", "watch_rings"]


def watch_rings() -> None:
    """Let open pages hear of calls."""
    watch("ring", mark_of_rings)
