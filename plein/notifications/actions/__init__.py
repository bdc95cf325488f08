# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done with notifications: tell somebody, read, follow, choose by what means."""

from plein.notifications.actions.choosing import add_device, choose, forget_device
from plein.notifications.actions.reading import mark_read, mark_unread
from plein.notifications.actions.telling import News, tell

__all__ = ["News", "add_device", "choose", "forget_device", "mark_read", "mark_unread", "tell"]
