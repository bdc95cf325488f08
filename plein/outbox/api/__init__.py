# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to mail that leaves: writing, sending, and what it is made of."""

from plein.outbox.api import guests, made_of, mails, posts, replies
from plein.outbox.api.door import router

__all__ = ["guests", "made_of", "mails", "posts", "replies", "router"]
