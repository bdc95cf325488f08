# SPDX-License-Identifier: AGPL-3.0-or-later
"""What colleagues do with messages that came in, and how messages get there."""

from plein.inbox.actions.handling import (
    assign_message,
    close_message,
    keep_message,
    note_message,
    reopen_message,
    snooze_message,
)
from plein.inbox.actions.offered import do_offered, not_them
from plein.inbox.actions.receiving import close_answered, give_form, receive, tell_answering, tell_filed

__all__ = [
    "assign_message",
    "close_answered",
    "close_message",
    "do_offered",
    "give_form",
    "keep_message",
    "not_them",
    "note_message",
    "receive",
    "reopen_message",
    "snooze_message",
    "tell_answering",
    "tell_filed",
]
