# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the inbox does when something comes in or is answered; it runs at once, in the act itself."""

from plein.inbox.actions import close_answered, give_form, receive, tell_answering, tell_filed
from plein.inbox.events import MessageAssigned
from plein.inbox.queries import mark_of_inbox
from plein.notifications.stream.watched import watch

__all__ = ["MessageAssigned", "close_answered", "give_form", "receive", "tell_answering", "tell_filed", "watch_inbox"]


def watch_inbox() -> None:
    """Let open pages hear of the inbox."""
    watch("inbox", mark_of_inbox)
