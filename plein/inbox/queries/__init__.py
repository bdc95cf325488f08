# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lists of the inbox as one reader has them, and how much is in them."""

from plein.inbox.queries.lists import Line, MessagePage, after, message_of, messages, sender_of
from plein.inbox.queries.live import answering, mark_of_inbox
from plein.inbox.queries.numbers import Numbers, numbers_of
from plein.inbox.queries.writers import heard, writer_of

__all__ = [
    "answering",
    "mark_of_inbox",
    "Line",
    "MessagePage",
    "Numbers",
    "after",
    "message_of",
    "heard",
    "messages",
    "numbers_of",
    "sender_of",
    "writer_of",
]
