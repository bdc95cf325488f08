# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the inbox does when something comes in or is answered; it runs at once, in the act itself."""

from plein.inbox.actions import close_answered, receive
from plein.inbox.events import MessageAssigned

__all__ = ["MessageAssigned", "close_answered", "receive"]
